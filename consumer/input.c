/* control.c - the user's side of app.h: keys, clicks, and what they do. */
#include "app.h"
#include "commands.h"
#include "panes.h"
#include "place.h"

static void toggle_pause(struct app *app)
{
	/* Who looks back and goes on wants to see what comes. */
	if (exhibition_looks_back(&app->exhibition)) {
		exhibition_follow(&app->exhibition);
		if (!app->is_paused)
			return;
	}
	app->is_paused = !app->is_paused;
	exhibition_follow(&app->exhibition);
	log_event(app->log, app->is_paused ? "paused" : "resumed");
}

/* Waiting for the one image that was asked for can be given up: by Space, which goes on, or Esc. */
static void take_next(struct app *app)
{
	if (app->is_paused || exhibition_looks_back(&app->exhibition))
		exhibition_take_next(&app->exhibition);
}

static void toggle_mirror(struct app *app)
{
	app->is_mirror = !app->is_mirror;
	exhibition_follow(&app->exhibition);
}

/* S: the copy of the image that is shown; if it is still being made, as soon as it is there. */
static void save(struct app *app, uint64_t number)
{
	struct history_entry entry;

	app->to_save = 0;
	if (number == 0) {
		app_tell(app, NOTICE_NEWS, NULL, "There is no image to save yet.");
	} else if (history_get(app->history, HISTORY_THIS, number, &entry)) {
		if (!saver_save(app->saver, &entry))
			app_tell(app, NOTICE_WARNING, entry.image.name,
				"not saved: too many images are being saved");
		picture_unref(entry.picture);
	} else if (receiver_has(app->receiver, number)) {
		app->to_save = number;
	} else if (app->exhibition.playing.is_on && number != app->exhibition.shown.number) {
		save(app, app->exhibition.shown.number); /* the frame after it was quicker */
	} else {
		app_tell(app, NOTICE_WARNING, app->exhibition.shown.image.name,
			"not saved: it is larger than --memory, so no copy was kept");
	}
}

void control_save_later(struct app *app)
{
	if (app->to_save != 0)
		save(app, app->to_save);
}

/* Esc: one step back. */
static void step_back(struct app *app)
{
	if (lab_escape(app->lab)) {
		return;
	} else if (app->shows_information) {
		app->shows_information = false;
	} else if (exhibition_looks_back(&app->exhibition) || app->exhibition.is_stepping) {
		exhibition_follow(&app->exhibition);
	} else if (notices_dismiss(app->notices)) {
		window_touch(app->window);
	} else if (lab_close(app->lab)) {
		return;
	} else if (window_is_full_screen(app->window)) {
		window_set_full_screen(app->window, false);
	} else {
		app->quits = true;
	}
}

static void zoom_to_actual_size(struct app *app)
{
	SDL_Rect rect = window_panes(app->window, 0).picture;

	view_zoom(app->view, 1, rect.x + rect.w / 2, rect.y + rect.h / 2);
}

static void change_role(struct app *app)
{
	char path[PATH_MAX];

	app->changes_role = place_program(path, role_program(ROLE_PRODUCER));
	app->quits = app->changes_role;
	if (!app->changes_role)
		app_tell(app, NOTICE_ERROR, path,
			"is neither beside this program nor in PATH: install it");
}

static void touch_if(struct app *app, bool has_changed)
{
	if (has_changed)
		window_touch(app->window);
}

/* What moves a text, or makes it larger. False: there is none, or the command is another. */
static bool obey_in_text(struct app *app, int command)
{
	struct page *page = &app->reading.page;

	if (!page_is_open(page))
		return false;
	switch (command) {
	case COMMAND_LINE_UP: touch_if(app, page_scroll(page, app->draw, -1)); break;
	case COMMAND_LINE_DOWN: touch_if(app, page_scroll(page, app->draw, 1)); break;
	case COMMAND_PAGE_UP: touch_if(app, page_turn(page, app->draw, -1)); break;
	case COMMAND_PAGE_DOWN: touch_if(app, page_turn(page, app->draw, 1)); break;
	case COMMAND_TEXT_START: touch_if(app, page_to_start(page)); break;
	case COMMAND_TEXT_END: touch_if(app, page_to_end(page, app->draw)); break;
	case COMMAND_ZOOM_IN: touch_if(app, page_zoom(page, app->draw, 1)); break;
	case COMMAND_ZOOM_OUT: touch_if(app, page_zoom(page, app->draw, -1)); break;
	case COMMAND_FIT:
	case COMMAND_ACTUAL_SIZE: touch_if(app, page_zoom(page, app->draw, 0)); break;
	default: return false;
	}
	return true;
}

static bool scroll_text(struct app *app, const SDL_Event *event)
{
	const int lines = 3; /* as most programs scroll */

	if (event->type != SDL_MOUSEWHEEL || !page_is_open(&app->reading.page))
		return false;
	touch_if(app, page_scroll(&app->reading.page, app->draw, -lines * event->wheel.y));
	return true;
}

static void obey(struct app *app, int command)
{
	struct exhibition *exhibition = &app->exhibition;

	if (obey_in_text(app, command))
		return;
	switch (command) {
	case COMMAND_PAUSE: toggle_pause(app); break;
	case COMMAND_TAKE_NEXT: take_next(app); break;
	case COMMAND_SAVE: save(app, exhibition->shown.number); break;
	case COMMAND_MIRROR: toggle_mirror(app); break;
	case COMMAND_OLDER: exhibition_older(exhibition); break;
	case COMMAND_NEWER: exhibition_newer(exhibition, app->is_paused, app_waiting(app)); break;
	case COMMAND_OLDEST: exhibition_oldest(exhibition); break;
	case COMMAND_NEWEST: exhibition_follow(exhibition); break;
	case COMMAND_FULL_SCREEN:
		window_set_full_screen(app->window, !window_is_full_screen(app->window));
		break;
	case COMMAND_ZOOM_IN: view_zoom_in(app->view); break;
	case COMMAND_ZOOM_OUT: view_zoom_out(app->view); break;
	case COMMAND_FIT: view_fit(app->view); break;
	case COMMAND_ACTUAL_SIZE: zoom_to_actual_size(app); break;
	case COMMAND_INFORMATION: app->shows_information = !app->shows_information; break;
	case COMMAND_HELP:
		app->help = (struct help){.open = true};
		window_touch(app->window);
		break;
	case COMMAND_CHANGE_ROLE: change_role(app); break;
	case COMMAND_BACK: step_back(app); break;
	case COMMAND_QUIT: app->quits = true; break;
	default: lab_obey(app->lab, command); break;
	}
}

static bool click(struct app *app, const SDL_Event *event)
{
	int command;

	if (event->type != SDL_MOUSEBUTTONDOWN || event->button.button != SDL_BUTTON_LEFT)
		return false;
	if (notices_click(app->notices, event->button.x, event->button.y)) {
		window_touch(app->window);
		return true;
	}
	if (panes_inside(app->next_button, event->button.x, event->button.y)) {
		obey(app, COMMAND_TAKE_NEXT);
		return true;
	}
	if (window_is_full_screen(app->window))
		return false;
	command = statusbar_command(&app->bar, event->button.x, event->button.y);
	if (command != KEYS_NONE)
		obey(app, command);
	return command != KEYS_NONE;
}

void control_event(struct app *app, const SDL_Event *event)
{
	if (event->type == SDL_QUIT) {
		app->quits = true;
	} else if (help_event(&app->help, event)) {
		window_touch(app->window);
	} else if (!lab_event(app->lab, event) && !click(app, event) && !scroll_text(app, event) &&
		   !view_event(app->view, event)) {
		obey(app, keys_command(&commands, event));
	}
}

/* input.c - the user's side of consumer.h: keys, clicks, and what they do. */
#include "appearance.h"
#include "consumer.h"
#include "consumer_commands.h"
#include "executable.h"
#include "panes.h"
#include "translate.h"

#include <stdio.h>

static void toggle_pause(struct consumer *app)
{
	/* A user who looks back and resumes wants to see new images. */
	if (viewer_looks_back(&app->viewer)) {
		viewer_follow(&app->viewer);
		if (!app->is_paused)
			return;
	}
	app->is_paused = !app->is_paused;
	viewer_follow(&app->viewer);
	log_event(app->log, app->is_paused ? "paused" : "resumed");
}

/* Waiting for one requested image can be cancelled: by Space, which resumes, or Esc. */
static void take_next(struct consumer *app)
{
	if (app->is_paused || viewer_looks_back(&app->viewer))
		viewer_take_next(&app->viewer);
}

static void toggle_mirror(struct consumer *app)
{
	app->is_mirror = !app->is_mirror;
	viewer_follow(&app->viewer);
}

static void toggle_probe(struct consumer *app)
{
	app->probe.is_on = !app->probe.is_on;
	view_set_grid(app->view, app->probe.is_on);
	window_touch(app->window);
}

/* ---- recording ------------------------------------------------------------------------------- */

#define RECORDING_FPS      30
#define RECORDING_FPS_FAST 60 /* of streams that are faster than the usual rate */

/* Ctrl+R: starts or ends a recording of the channel's images. */
static void toggle_recording(struct consumer *app)
{
	struct recording *recording = &app->recording;
	const double fps =
		app->viewer.stream.fps > RECORDING_FPS + 1 ? RECORDING_FPS_FAST : RECORDING_FPS;
	char reason[TEXT_REASON_MAX];

	if (recording->state == RECORDING_ON) {
		recording_stop(recording);
	} else if (recording->state != RECORDING_ENDING) {
		if (recording_start(recording, app->program->key.text, app->arguments->save_to, fps,
			    reason))
			log_event(app->log, "recording", LOG_STR("path", recording->path));
		else
			consumer_tell(app, NOTICE_ERROR, _("not recorded"), reason);
	}
	window_touch(app->window);
}

static void tell_recording(struct consumer *app, enum recording_state state)
{
	const struct recording *recording = &app->recording;

	if (state == RECORDING_DONE) {
		log_event(app->log, "recorded", LOG_STR("path", recording->path));
		consumer_tell(app, NOTICE_NEWS, recording->path, _("recorded"));
	} else if (state == RECORDING_FAILED) {
		consumer_tell(app, NOTICE_ERROR, recording->path,
			_("was not recorded completely: ffmpeg ended with an error; the log has its "
			  "messages"));
	}
}

void input_look_at_recording(struct consumer *app)
{
	if (app->recording.state != RECORDING_OFF)
		tell_recording(app, recording_look(&app->recording));
}

void input_end_recording(struct consumer *app)
{
	if (app->recording.state != RECORDING_OFF)
		tell_recording(app, recording_finish(&app->recording));
}

/* Esc: goes back one step. It never quits, because the user cannot see how many steps are left. */
static void step_back(struct consumer *app)
{
	if (debugger_escape(app->debugger)) {
		return;
	} else if (app->shows_information) {
		app->shows_information = false;
	} else if (viewer_looks_back(&app->viewer) || app->viewer.is_stepping) {
		viewer_follow(&app->viewer);
	} else if (app->probe.is_on) {
		toggle_probe(app);
	} else if (notices_dismiss(app->notices)) {
		window_touch(app->window);
	} else if (debugger_close(app->debugger)) {
		return;
	} else if (window_is_full_screen(app->window)) {
		window_set_full_screen(app->window, false);
	}
}

static void turn(struct consumer *app, enum turn turn)
{
	if (!viewer_turn(&app->viewer, turn))
		consumer_tell(app, NOTICE_WARNING, app->viewer.shown.image.name,
			_("not turned: it is larger than --memory, so no copy was kept"));
}

static void change_role(struct consumer *app)
{
	char path[PATH_MAX];

	app->changes_role = executable_find(path, role_program(ROLE_PRODUCER));
	app->quits = app->changes_role;
	if (!app->changes_role)
		consumer_tell(app, NOTICE_ERROR, path,
			_("is neither beside this program nor in PATH: install it"));
}

/* ---- the context menu ------------------------------------------------------------------------ */

static void open_menu(struct consumer *app, int x, int y)
{
	struct menu *menu = &app->menu;

	menu_open(menu, x, y);
	if (app->viewer.shown.number != 0) {
		menu_add(menu, _("Save"), COMMAND_SAVE);
		menu_add(menu, _("Save as …"), COMMAND_SAVE_AS);
		menu_add(menu, _("Copy"), COMMAND_COPY);
		if (app->viewer.shown.content.kind == CONTENT_PIXELS) {
			menu_add(menu, _("Turn left"), COMMAND_TURN_LEFT);
			menu_add(menu, _("Turn right"), COMMAND_TURN_RIGHT);
		}
		menu_add_line(menu);
		menu_add(menu, _("Look back"), COMMAND_OLDER);
		menu_add(menu, _("Newest image"), COMMAND_NEWEST);
	}
	menu_add(menu, app->is_paused ? _("Go on") : _("Pause"), COMMAND_PAUSE);
	if (app->is_paused)
		menu_add(menu, _("Take the next image"), COMMAND_TAKE_NEXT);
	menu_add(menu, app->is_mirror ? _("Take images") : _("Take none: mirror"), COMMAND_MIRROR);
	menu_add(menu, app->recording.state == RECORDING_ON ? _("End the recording") : _("Record"),
		COMMAND_RECORD);
	menu_add_line(menu);
	menu_add(menu, _("Full screen"), COMMAND_FULL_SCREEN);
	menu_add(menu, _("Information"), COMMAND_INFORMATION);
	menu_add(menu, _("X-ray"), DEBUGGER_XRAY);
	menu_add(menu, _("Help"), COMMAND_HELP);
	menu_add(menu, _("Quit"), COMMAND_QUIT);
	window_touch(app->window);
}

/* By the keyboard: in the upper left part of the window. */
static void open_menu_by_key(struct consumer *app)
{
	SDL_Rect rect = window_rect(app->window);

	open_menu(app, rect.w / 3, rect.h / 4);
}

/* ---- commands -------------------------------------------------------------------------------- */

static void touch_if(struct consumer *app, bool has_changed)
{
	if (has_changed)
		window_touch(app->window);
}

/*
 * Handles commands that scroll or zoom a text. False: there is no text, or it is another command.
 */
static bool obey_in_text(struct consumer *app, int command)
{
	struct page *page = &app->shown_text.page;

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
	case COMMAND_NEXT_MODE:
	case COMMAND_ACTUAL_SIZE: touch_if(app, page_zoom(page, app->draw, 0)); break;
	default: return false;
	}
	return true;
}

static bool scroll_text(struct consumer *app, const SDL_Event *event)
{
	const int lines = 3; /* as in most programs */

	if (event->type != SDL_MOUSEWHEEL || !page_is_open(&app->shown_text.page))
		return false;
	touch_if(app, page_scroll(&app->shown_text.page, app->draw, -lines * event->wheel.y));
	return true;
}

static void obey(struct consumer *app, int command)
{
	struct viewer *viewer = &app->viewer;

	if (obey_in_text(app, command))
		return;
	switch (command) {
	case COMMAND_PAUSE: toggle_pause(app); break;
	case COMMAND_TAKE_NEXT: take_next(app); break;
	case COMMAND_RECORD: toggle_recording(app); break;
	case COMMAND_SAVE: save_commands_begin(app, SAVER_SAVE); break;
	case COMMAND_SAVE_AS: save_commands_begin(app, SAVER_SAVE_AS); break;
	case COMMAND_COPY: save_commands_begin(app, SAVER_COPY); break;
	case COMMAND_OPEN: dropped_nothing(app); break;
	case COMMAND_MIRROR: toggle_mirror(app); break;
	case COMMAND_OLDER: viewer_older(viewer); break;
	case COMMAND_NEWER:
		viewer_newer(viewer, app->is_paused,
			viewer_waiting(viewer, &app->look, app->is_mirror));
		break;
	case COMMAND_OLDEST: viewer_oldest(viewer); break;
	case COMMAND_NEWEST: viewer_follow(viewer); break;
	case COMMAND_FULL_SCREEN:
		window_set_full_screen(app->window, !window_is_full_screen(app->window));
		break;
	case COMMAND_ZOOM_IN: view_zoom_in(app->view); break;
	case COMMAND_ZOOM_OUT: view_zoom_out(app->view); break;
	case COMMAND_PAN_LEFT: view_look_aside(app->view, -1, 0); break;
	case COMMAND_PAN_RIGHT: view_look_aside(app->view, 1, 0); break;
	case COMMAND_PAN_UP: view_look_aside(app->view, 0, -1); break;
	case COMMAND_PAN_DOWN: view_look_aside(app->view, 0, 1); break;
	case COMMAND_FIT: view_set_mode(app->view, VIEW_FIT); break;
	case COMMAND_ACTUAL_SIZE: view_set_mode(app->view, VIEW_ACTUAL); break;
	case COMMAND_NEXT_MODE: view_next_mode(app->view); break;
	case COMMAND_TURN_LEFT: turn(app, TURN_LEFT); break;
	case COMMAND_TURN_RIGHT: turn(app, TURN_RIGHT); break;
	case COMMAND_MIRROR_PICTURE: turn(app, TURN_MIRROR); break;
	case COMMAND_FLIP: turn(app, TURN_FLIP); break;
	case COMMAND_PROBE: toggle_probe(app); break;
	case COMMAND_INFORMATION: app->shows_information = !app->shows_information; break;
	case COMMAND_HELP:
		app->help = (struct help){.open = true};
		window_touch(app->window);
		break;
	case COMMAND_CHANGE_ROLE: change_role(app); break;
	case COMMAND_MENU: open_menu_by_key(app); break;
	case COMMAND_BACK: step_back(app); break;
	case COMMAND_QUIT: app->quits = true; break;
	default:
		if (!appearance_command(app->window, command))
			debugger_command(app->debugger, command);
		break;
	}
}

static bool answer_menu(struct consumer *app, const SDL_Event *event)
{
	int command = KEYS_NONE;
	enum menu_answer answer = menu_event(&app->menu, event, &command);

	if (answer == MENU_CHOSEN)
		obey(app, command);
	touch_if(app, answer != MENU_NOTHING);
	return answer != MENU_NOTHING;
}

/*
 * The button or hint that is clicked; with a double click on the picture, full screen, unless a
 * script gets the clicks.
 */
static int command_under(struct consumer *app, const SDL_MouseButtonEvent *button)
{
	bool is_full = window_is_full_screen(app->window);
	const SDL_Rect picture = debugger_panes(app->debugger, is_full ? 0 : PANES_BAR).picture;

	if (panes_inside(app->next_button, button->x, button->y))
		return COMMAND_TAKE_NEXT;
	if (panes_inside(picture, button->x, button->y))
		return button->clicks == 2 && !app->arguments->logs_input ? COMMAND_FULL_SCREEN
									  : KEYS_NONE;
	return is_full ? KEYS_NONE : statusbar_command(&app->bar, button->x, button->y);
}

static bool click(struct consumer *app, const SDL_Event *event)
{
	const SDL_MouseButtonEvent *button = &event->button;
	int command = KEYS_NONE;

	if (event->type != SDL_MOUSEBUTTONDOWN)
		return false;
	switch (button->button) {
	case SDL_BUTTON_LEFT:
		if (notices_click(app->notices, button->x, button->y)) {
			window_touch(app->window);
			return true;
		}
		command = command_under(app, button);
		break;
	case SDL_BUTTON_RIGHT: open_menu(app, button->x, button->y); return true;
	case SDL_BUTTON_X1: command = COMMAND_OLDER; break;
	case SDL_BUTTON_X2: command = COMMAND_NEWER; break;
	default: break;
	}
	if (command != KEYS_NONE)
		obey(app, command);
	return command != KEYS_NONE;
}

static void log_click(const struct consumer *app, const SDL_MouseButtonEvent *button)
{
	static const char *const names[] = {"", "left", "middle", "right"};
	const SDL_Rect area = window_panes(app->window, 0).picture;
	uint32_t column, row;
	char number[8];

	if (!panes_inside(area, button->x, button->y) ||
		!view_pixel_at(app->view, button->x, button->y, &column, &row))
		return;
	snprintf(number, sizeof(number), "%d", button->button);
	log_event(app->log, "click", LOG_U64("x", column), LOG_U64("y", row),
		LOG_STR("button", button->button <= 3 ? names[button->button] : number));
}

/* --log-input: logs what the user does, regardless of its effect here. */
static void log_input(const struct consumer *app, const SDL_Event *event)
{
	if (event->type == SDL_KEYDOWN && event->key.repeat == 0)
		log_event(app->log, "key", LOG_STR("name", SDL_GetKeyName(event->key.keysym.sym)));
	else if (event->type == SDL_MOUSEBUTTONDOWN)
		log_click(app, &event->button);
}

void input_event(struct consumer *app, const SDL_Event *event)
{
	probe_event(&app->probe, app->view, event); /* the status texts follow */
	if (app->arguments->logs_input)
		log_input(app, event);
	if (event->type == SDL_QUIT) {
		app->quits = true;
	} else if (dropped_event(app, event) || answer_menu(app, event)) {
		return;
	} else if (help_event(&app->help, event) ||
		   (app->shows_information && information_event(&app->information, event))) {
		window_touch(app->window);
	} else if (!debugger_event(app->debugger, event) && !click(app, event) &&
		   !scroll_text(app, event) && !view_event(app->view, event)) {
		obey(app, keys_command(&consumer_commands, event));
	}
}

/* actions.c - what keys and the mouse do. */
#include "producer.h"

#include "appearance.h"
#include "executable.h"
#include "monotonic.h"
#include "producer_commands.h"
#include "translate.h"
#include "turned.h"

/* ---- the chosen image ---------------------------------------------------------------------- */

void actions_choose(struct producer *app, int64_t place)
{
	monitor_choose(app, false);
	tray_select_all(app->tray, false);
	tray_choose(app->tray, place > 0 ? (size_t)place : 0);
	window_touch(app->window);
}

static void choose_relative(struct producer *app, int64_t by)
{
	if (tray_count(app->tray) > 0)
		actions_choose(app, (int64_t)tray_chosen_place(app->tray) + by);
}

/* Publishes the frame of the animation that is shown. */
static void publish_frame(struct producer *app)
{
	const struct tray_item *item = tray_chosen(app->tray);
	struct picture *frame = player_frame(app);

	if (item != NULL && frame != NULL)
		outgoing_publish_frame(app, item, frame);
	else if (item != NULL && !monitor_is_shown(app))
		outgoing_publish(app, item);
	picture_unref(frame);
}

static void publish_selection(struct producer *app,
	void (*publish)(struct producer *app, const struct tray_item *item))
{
	for (size_t i = 0; i < tray_count(app->tray); i++)
		if (tray_at(app->tray, i)->is_selected)
			publish(app, tray_at(app->tray, i));
}

/* Publishes the image that is shown, or pauses or resumes the stream. */
static void publish_chosen(struct producer *app)
{
	const struct tray_item *item = tray_chosen(app->tray);

	if (monitor_can_pause(app))
		monitor_pause(app);
	else if (item == NULL || monitor_is_shown(app))
		return;
	else if (tray_selected(app->tray) > 0)
		publish_selection(app, outgoing_publish);
	else if (player_sends(app, item))
		player_pause(app);
	else if (app->arguments->still && player_can_play(item))
		publish_frame(app);
	else
		outgoing_publish(app, item);
}

static void publish_bytes_of_chosen(struct producer *app)
{
	const struct tray_item *item = tray_chosen(app->tray);

	if (item == NULL || monitor_is_shown(app))
		return;
	if (tray_selected(app->tray) > 0)
		publish_selection(app, outgoing_publish_bytes);
	else
		outgoing_publish_bytes(app, item);
}

static void remove_item(struct producer *app, const struct tray_item *item)
{
	uint64_t id = item->id;

	changes_add_removal(&app->changes, app->tray, item);
	loader_cancel(app->loader, id);
	outgoing_forget(app, id);
	tray_remove(app->tray, id);
}

/* Removes the selected items, or the chosen one if none is; one Ctrl+Z puts them all back. */
static void remove_chosen(struct producer *app)
{
	const struct tray_item *chosen = tray_chosen(app->tray);

	if (chosen == NULL || monitor_is_shown(app) || !changes_begin(&app->changes))
		return;
	if (tray_selected(app->tray) == 0)
		remove_item(app, chosen);
	for (size_t i = tray_count(app->tray); i-- > 0;)
		if (tray_at(app->tray, i)->is_selected)
			remove_item(app, tray_at(app->tray, i));
	window_touch(app->window);
}

static void select_everything(struct producer *app)
{
	monitor_choose(app, false);
	tray_select_all(app->tray, true);
	window_touch(app->window);
}

/* By the keyboard: in the upper left part of the window. */
static void open_menu(struct producer *app)
{
	SDL_Rect rect = window_rect(app->window);

	mouse_menu(app, rect.w / 3, rect.h / 4);
}

static struct tray_item *undo_one(struct producer *app, const struct tray_change *change)
{
	struct tray_item *item;

	if (change->is_move) {
		item = tray_find_path(app->tray, change->path);
		if (item != NULL)
			tray_move(app->tray, item->id, change->place);
		return item;
	}
	item = intake_put_back(app, change->path, change->place);
	if (item != NULL) {
		item->by_hand |= change->by_hand;
		item->orientation = change->orientation;
	}
	return item;
}

/* Undoes the last removal or move, and chooses the last item of it. */
static void undo(struct producer *app)
{
	struct tray_change *change = changes_pop(&app->changes);

	if (change != NULL)
		monitor_choose(app, false);
	while (change != NULL) {
		const struct tray_item *item = undo_one(app, change);

		if (item != NULL)
			tray_choose(app->tray, item->place);
		change = changes_free_one(change);
	}
	window_touch(app->window);
}

/* In full screen, as with a presenter's remote: another image, and it is published. */
static void turn_page(struct producer *app, int direction)
{
	size_t before = tray_chosen_place(app->tray);

	if (!window_is_full_screen(app->window)) {
		choose_relative(app, direction * (int64_t)tray_view_page(app->tray_view));
		return;
	}
	choose_relative(app, direction);
	if (tray_chosen_place(app->tray) != before)
		publish_chosen(app);
}

/* ---- the view ------------------------------------------------------------------------------ */

static void toggle_probe(struct producer *app)
{
	app->probe.is_on = !app->probe.is_on;
	view_set_grid(app->view, app->probe.is_on);
	window_touch(app->window);
}

/* Turns what is chosen. A file has no picture; a stream is sent as it is. */
static void turn_chosen(struct producer *app, enum turn turn)
{
	struct tray_item *item = tray_chosen(app->tray);

	if (item == NULL || tray_is_file(item))
		return;
	if (monitor_is_shown(app) || player_can_play(item))
		notices_add(app->notices, monotonic_ns(), NOTICE_NEWS, NULL,
			_("not turned: a stream is sent as it is"));
	else
		item->orientation = turned_by(item->orientation, turn);
	window_touch(app->window);
}

static void toggle_full_screen(struct producer *app)
{
	window_set_full_screen(app->window, !window_is_full_screen(app->window));
}

static void toggle(struct producer *app, bool *flag)
{
	*flag = !*flag;
	window_touch(app->window);
}

/* Esc goes back one step. It never quits, because the user cannot see how many steps are left. */
static void step_back(struct producer *app)
{
	if (debugger_escape(app->debugger))
		return;
	if (mouse_cancel(app))
		; /* nothing was moved */
	else if (tray_selected(app->tray) > 0)
		tray_select_all(app->tray, false);
	else if (app->has_information)
		app->has_information = false;
	else if (app->probe.is_on)
		toggle_probe(app);
	else if (slides_end(app) || outgoing_give_up(app) || notices_dismiss(app->notices))
		; /* that was one step */
	else if (debugger_close(app->debugger))
		;
	else if (window_is_full_screen(app->window))
		toggle_full_screen(app);
	window_touch(app->window);
}

static void quit(struct producer *app)
{
	app->is_quitting =
		leaving_quit(&app->leaving, outbox_count(&app->outbox), tray_by_hand(app->tray));
	window_touch(app->window);
}

/*
 * The window closes once the publisher has nothing in hand and nothing is being added to the tray.
 */
static void change_role(struct producer *app)
{
	char path[PATH_MAX];

	if (executable_find(path, role_program(ROLE_CONSUMER))) {
		app->is_changing_role = true;
		debugger_release(app->debugger); /* it may have stopped the publisher */
		publisher_give_up(app->publisher);
		return;
	}
	log_error(app->log, path, _("is neither beside this program nor in PATH"));
	notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, path,
		_("is neither beside this program nor in PATH: install it"));
	window_touch(app->window);
}

/* ---- commands ------------------------------------------------------------------------------ */

void actions_run(struct producer *app, int command)
{
	switch (command) {
	case COMMAND_PUBLISH: publish_chosen(app); break;
	case COMMAND_PUBLISH_ALL: outgoing_publish_all(app); break;
	case COMMAND_PUBLISH_BYTES: publish_bytes_of_chosen(app); break;
	case COMMAND_PUBLISH_FRAME: publish_frame(app); break;
	case COMMAND_PLAY: player_pause(app); break;
	case COMMAND_STEP_FRAME: player_step(app); break;
	case COMMAND_SLIDESHOW: slides_toggle(app); break;
	case COMMAND_PREVIOUS: choose_relative(app, -1); break;
	case COMMAND_NEXT: choose_relative(app, 1); break;
	case COMMAND_FIRST: actions_choose(app, 0); break;
	case COMMAND_LAST: actions_choose(app, INT64_MAX); break;
	case COMMAND_PAGE_BACK: turn_page(app, -1); break;
	case COMMAND_PAGE_ON: turn_page(app, 1); break;
	case COMMAND_REMOVE: remove_chosen(app); break;
	case COMMAND_UNDO: undo(app); break;
	case COMMAND_LAST_TRAY: sources_last_tray(app); break;
	case COMMAND_LIVE: monitor_choose(app, !monitor_is_shown(app)); break;
	case COMMAND_OPEN: sources_choose(app); break;
	case COMMAND_PASTE: sources_paste(app); break;
	case COMMAND_GALLERY: sources_gallery(app); break;
	case COMMAND_SELECT_ALL: select_everything(app); break;
	case COMMAND_MENU: open_menu(app); break;
	case COMMAND_FULL_SCREEN: toggle_full_screen(app); break;
	case COMMAND_ZOOM_IN: view_zoom_in(app->view); break;
	case COMMAND_ZOOM_OUT: view_zoom_out(app->view); break;
	case COMMAND_PAN_LEFT: view_look_aside(app->view, -1, 0); break;
	case COMMAND_PAN_RIGHT: view_look_aside(app->view, 1, 0); break;
	case COMMAND_PAN_UP: view_look_aside(app->view, 0, -1); break;
	case COMMAND_PAN_DOWN: view_look_aside(app->view, 0, 1); break;
	case COMMAND_FIT: view_set_mode(app->view, VIEW_FIT); break;
	case COMMAND_ACTUAL_SIZE: view_set_mode(app->view, VIEW_ACTUAL); break;
	case COMMAND_NEXT_MODE: view_next_mode(app->view); break;
	case COMMAND_PROBE: toggle_probe(app); break;
	case COMMAND_TURN_LEFT: turn_chosen(app, TURN_LEFT); break;
	case COMMAND_TURN_RIGHT: turn_chosen(app, TURN_RIGHT); break;
	case COMMAND_MIRROR_PICTURE: turn_chosen(app, TURN_MIRROR); break;
	case COMMAND_FLIP: turn_chosen(app, TURN_FLIP); break;
	case COMMAND_INFORMATION: toggle(app, &app->has_information); break;
	case COMMAND_CHANGE_ROLE: change_role(app); break;
	case COMMAND_HELP: toggle(app, &app->help.open); break;
	case COMMAND_QUIT: quit(app); break;
	case COMMAND_BACK: step_back(app); break;
	default:
		if (!appearance_command(app->window, command))
			debugger_command(app->debugger, command);
	}
}

/* ---- events -------------------------------------------------------------------------------- */

/* True: the event was for the question whether to quit. */
static bool answer_question(struct producer *app, const SDL_Event *event)
{
	enum leaving_answer answer = leaving_event(&app->leaving, event, window_draw(app->window),
		window_rect(app->window));

	if (answer == LEAVING_QUITS)
		app->is_quitting = true;
	if (answer != LEAVING_NOTHING)
		window_touch(app->window);
	return answer != LEAVING_NOTHING;
}

static bool answer_menu(struct producer *app, const SDL_Event *event)
{
	int command = KEYS_NONE;
	enum menu_answer answer = menu_event(&app->menu, event, &command);

	if (answer == MENU_CHOSEN)
		actions_run(app, command);
	if (answer != MENU_NOTHING)
		window_touch(app->window);
	return answer != MENU_NOTHING;
}

/*
 * Tab moves the focus along the status bar. While a hint has it, Space and Enter run that hint, and
 * Esc only takes the focus away.
 */
static void run_or_focus(struct producer *app, int command, const SDL_Event *event)
{
	int focused = statusbar_focused(&app->statusbar);

	if (command == COMMAND_FOCUS) {
		statusbar_move_focus(&app->statusbar, (event->key.keysym.mod & KMOD_SHIFT) == 0);
	} else {
		app->statusbar.focus = 0;
		if (focused != KEYS_NONE && command == COMMAND_PUBLISH)
			actions_run(app, focused);
		else if (focused == KEYS_NONE || command != COMMAND_BACK)
			actions_run(app, command);
	}
	window_touch(app->window);
}

void actions_event(struct producer *app, const SDL_Event *event)
{
	int command;

	/* SDL_GetModState() is ahead: it knows keys whose events still wait behind this one. */
	if (event->type == SDL_KEYDOWN || event->type == SDL_KEYUP)
		app->mouse.held = event->key.keysym.mod;
	if (event->type == SDL_QUIT) {
		quit(app);
		return;
	}
	if (sources_event(app, event) || answer_question(app, event) || answer_menu(app, event))
		return;
	if (help_event(&app->help, event) ||
		(app->has_information && information_event(&app->information, event))) {
		window_touch(app->window);
		return;
	}
	if (debugger_event(app->debugger, event))
		return;
	if (sources_gallery_event(app, event))
		return;
	command = keys_command(&producer_commands, event);
	if (command != KEYS_NONE) {
		run_or_focus(app, command, event);
		return;
	}
	if (!mouse_event(app, event))
		view_event(app->view, event);
}

/*
 * mouse.c - the mouse in the producer's window: clicks on the tray and the status bar, the
 * selection, moving an image along the row, the scroll bar, the tooltip, and the context menu.
 */
#include <stdlib.h>

#include "monotonic.h"
#include "producer.h"
#include "producer_commands.h"
#include "translate.h"

#define TIP_NS INT64_C(600000000) /* how long the mouse must rest before the tooltip appears */

enum { DRAG_PIXELS = 8 }; /* a shorter move is a click */

/* ---- the tray ------------------------------------------------------------------------------ */

/* Selects from the item that was last clicked without Shift to this one. */
static void select_range(struct producer *app, size_t place)
{
	size_t from = tray_place(app->tray, app->mouse.anchor);

	if (from == TRAY_NONE)
		from = tray_chosen_place(app->tray);
	tray_select_all(app->tray, false);
	tray_select_range(app->tray, from, place);
	tray_choose(app->tray, place);
}

/* The first click with Ctrl adds to the item that was chosen until now. */
static void select_one_more(struct producer *app, size_t place)
{
	struct tray_item *item = tray_at(app->tray, place);

	if (tray_selected(app->tray) == 0)
		tray_chosen(app->tray)->is_selected = true;
	item->is_selected = !item->is_selected;
	tray_choose(app->tray, place);
	app->mouse.anchor = item->id;
}

static void click_item(struct producer *app, size_t place, const SDL_MouseButtonEvent *button)
{
	monitor_choose(app, false);
	if (app->mouse.held & KMOD_SHIFT) {
		select_range(app, place);
	} else if (app->mouse.held & KMOD_CTRL) {
		select_one_more(app, place);
	} else {
		actions_choose(app, (int64_t)place);
		app->mouse.anchor = tray_at(app->tray, place)->id;
		app->mouse.pressed = app->mouse.anchor;
		app->mouse.from = (SDL_Point){button->x, button->y};
		if (button->clicks == 2)
			actions_run(app, COMMAND_PUBLISH);
	}
	window_touch(app->window);
}

static bool click_tray(struct producer *app, const SDL_MouseButtonEvent *button)
{
	size_t place = tray_view_hit(app->tray_view, button->x, button->y);
	int edge = tray_view_edge(app->tray_view, button->x, button->y);

	if (tray_view_hits_bar(app->tray_view, button->x, button->y)) {
		app->mouse.scrolls = true;
		tray_view_scroll_to(app->tray_view, button->x);
		window_touch(app->window);
		return true;
	}
	if (edge != 0) {
		tray_view_scroll(app->tray_view, edge * (double)tray_view_page(app->tray_view));
		window_touch(app->window);
		return true;
	}
	if (place == TRAY_NONE)
		return false;
	if (place == TRAY_VIEW_DROP_PLACE)
		sources_choose(app);
	else
		click_item(app, place, button);
	return true;
}

static void drag(struct producer *app, const SDL_MouseMotionEvent *motion)
{
	struct mouse *mouse = &app->mouse;

	if (!mouse->drags && abs(motion->x - mouse->from.x) < DRAG_PIXELS)
		return;
	mouse->drags = true;
	mouse->target = tray_view_gap(app->tray_view, motion->x);
	window_touch(app->window);
}

bool mouse_cancel(struct producer *app)
{
	bool drags = app->mouse.drags;

	app->mouse.pressed = 0;
	app->mouse.drags = false;
	app->mouse.scrolls = false;
	return drags;
}

static void let_go(struct producer *app)
{
	struct mouse *mouse = &app->mouse;
	size_t place = tray_place(app->tray, mouse->pressed);

	if (mouse->drags && place != TRAY_NONE) {
		if (changes_begin(&app->changes))
			changes_add_move(&app->changes, app->tray, tray_at(app->tray, place));
		tray_move(app->tray, mouse->pressed,
			mouse->target > place ? mouse->target - 1 : mouse->target);
		window_touch(app->window);
	}
	mouse_cancel(app);
}

/* ---- the tooltip --------------------------------------------------------------------------- */

static void follow_mouse(struct producer *app, size_t place)
{
	struct mouse *mouse = &app->mouse;
	const struct tray_item *item = tray_at(app->tray, place);
	uint64_t id = item != NULL ? item->id : 0;

	if (id == mouse->hovered)
		return;
	if (mouse->has_tip)
		window_touch(app->window);
	mouse->hovered = id;
	mouse->has_tip = false;
	mouse->tip_due = id != 0 ? monotonic_ns() + TIP_NS : 0;
}

void mouse_work(struct producer *app, int64_t now)
{
	struct mouse *mouse = &app->mouse;

	if (mouse->tip_due == 0 || now < mouse->tip_due)
		return;
	mouse->tip_due = 0;
	mouse->has_tip = true;
	window_touch(app->window);
}

int64_t mouse_deadline(const struct producer *app)
{
	return app->mouse.tip_due != 0 ? app->mouse.tip_due : WINDOW_FOREVER;
}

/* ---- the context menu ---------------------------------------------------------------------- */

void mouse_menu(struct producer *app, int x, int y)
{
	struct menu *menu = &app->menu;
	const struct tray_item *item = monitor_is_shown(app) ? NULL : tray_chosen(app->tray);

	menu_open(menu, x, y);
	if (item != NULL) {
		bool is_many = tray_selected(app->tray) > 1;

		menu_add(menu, is_many ? _("Publish the selection") : _("Publish"),
			COMMAND_PUBLISH);
		if (player_can_play(item))
			menu_add(menu, _("Publish this frame"), COMMAND_PUBLISH_FRAME);
		menu_add(menu, _("Publish the file's bytes"), COMMAND_PUBLISH_BYTES);
		if (!tray_is_file(item) && !player_can_play(item)) {
			menu_add(menu, _("Turn left"), COMMAND_TURN_LEFT);
			menu_add(menu, _("Turn right"), COMMAND_TURN_RIGHT);
		}
		menu_add(menu, is_many ? _("Remove the selection") : _("Remove"), COMMAND_REMOVE);
		menu_add_line(menu);
	}
	menu_add(menu, _("Open files …"), COMMAND_OPEN);
	menu_add(menu, _("Paste"), COMMAND_PASTE);
	if (app->changes.count > 0)
		menu_add(menu, _("Undo"), COMMAND_UNDO);
	if (app->kept.last.count > 0)
		menu_add(menu, _("Open the previous tray"), COMMAND_LAST_TRAY);
	menu_add(menu, _("Gallery"), COMMAND_GALLERY);
	if (tray_count(app->tray) > 0) {
		menu_add(menu, _("Select all"), COMMAND_SELECT_ALL);
		menu_add(menu, _("Slide show"), COMMAND_SLIDESHOW);
	}
	menu_add_line(menu);
	menu_add(menu, _("Full screen"), COMMAND_FULL_SCREEN);
	menu_add(menu, _("Information"), COMMAND_INFORMATION);
	menu_add(menu, _("X-ray"), DEBUGGER_XRAY);
	menu_add(menu, _("Help"), COMMAND_HELP);
	menu_add(menu, _("Quit"), COMMAND_QUIT);
	window_touch(app->window);
}

/* The item under the mouse becomes the chosen one, unless it is selected. */
static void right_click(struct producer *app, const SDL_MouseButtonEvent *button)
{
	size_t place = window_is_full_screen(app->window)
			       ? TRAY_NONE
			       : tray_view_hit(app->tray_view, button->x, button->y);
	const struct tray_item *item = tray_at(app->tray, place);

	if (item != NULL && !item->is_selected)
		actions_choose(app, (int64_t)place);
	mouse_menu(app, button->x, button->y);
}

/* ---- events -------------------------------------------------------------------------------- */

/* True: the click was for something above or below the picture. */
static bool click_beside(struct producer *app, const SDL_MouseButtonEvent *button)
{
	int command = statusbar_command(&app->statusbar, button->x, button->y);

	if (command == KEYS_NONE)
		return click_tray(app, button);
	actions_run(app, command);
	return true;
}

/* A double click on the picture: full screen; if there is none, it opens files. */
static bool double_click(struct producer *app, const SDL_MouseButtonEvent *button, unsigned parts)
{
	const SDL_Rect picture = debugger_panes(app->debugger, parts).picture;
	bool is_empty = tray_count(app->tray) == 0 && !monitor_is_shown(app);

	if (button->clicks != 2 || !panes_inside(picture, button->x, button->y))
		return false;
	actions_run(app, is_empty ? COMMAND_OPEN : COMMAND_FULL_SCREEN);
	return true;
}

/* False: the click may begin to move the picture. */
static bool press(struct producer *app, const SDL_MouseButtonEvent *button)
{
	bool is_full = window_is_full_screen(app->window);

	switch (button->button) {
	case SDL_BUTTON_LEFT: break;
	case SDL_BUTTON_RIGHT: right_click(app, button); return true;
	case SDL_BUTTON_X1: actions_run(app, COMMAND_PREVIOUS); return true;
	case SDL_BUTTON_X2: actions_run(app, COMMAND_NEXT); return true;
	default: return false;
	}
	if (notices_click(app->notices, button->x, button->y)) {
		window_touch(app->window);
		return true;
	}
	return (!is_full && click_beside(app, button)) ||
	       double_click(app, button, is_full ? 0 : PANES_TRAY | PANES_BAR);
}

static bool move(struct producer *app, const SDL_MouseMotionEvent *motion)
{
	follow_mouse(app, window_is_full_screen(app->window)
				  ? TRAY_NONE
				  : tray_view_hit(app->tray_view, motion->x, motion->y));
	if (app->mouse.scrolls) {
		tray_view_scroll_to(app->tray_view, motion->x);
		window_touch(app->window);
	} else if (app->mouse.pressed != 0) {
		drag(app, motion);
	}
	return app->mouse.scrolls || app->mouse.pressed != 0;
}

static bool scroll(struct producer *app, const SDL_MouseWheelEvent *wheel)
{
	const SDL_Rect tray = debugger_panes(app->debugger, PANES_TRAY | PANES_BAR).tray;
	double by = (double)(wheel->preciseX != 0 ? wheel->preciseX : -wheel->preciseY);

	if (window_is_full_screen(app->window) || !panes_inside(tray, wheel->mouseX, wheel->mouseY))
		return false;
	if (tray_view_scroll(app->tray_view, by))
		window_touch(app->window);
	return true;
}

bool mouse_event(struct producer *app, const SDL_Event *event)
{
	bool was_pressed = app->mouse.pressed != 0 || app->mouse.scrolls;

	switch (event->type) {
	case SDL_MOUSEBUTTONDOWN: return press(app, &event->button);
	case SDL_MOUSEMOTION: return move(app, &event->motion);
	case SDL_MOUSEWHEEL: return scroll(app, &event->wheel);
	case SDL_MOUSEBUTTONUP: let_go(app); return was_pressed;
	case SDL_WINDOWEVENT:
		if (event->window.event == SDL_WINDOWEVENT_LEAVE)
			follow_mouse(app, TRAY_NONE);
		return false;
	default: return false;
	}
}

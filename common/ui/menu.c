/* menu.c - see menu.h. */
#include "menu.h"

#include "panes.h"
#include "theme.h"
#include "translate.h"

enum { ROW = 24, LINE = 9, PAD = 6, MARGIN = 12, GAP = 28 };

void menu_open(struct menu *menu, int x, int y)
{
	*menu = (struct menu){.is_open = true, .at = {x, y}};
}

void menu_add(struct menu *menu, const char *label, int command)
{
	if (menu->count == MENU_ITEMS_MAX)
		return;
	menu->items[menu->count++] = (struct menu_item){label, command};
	menu->lit = menu->count;
}

void menu_add_line(struct menu *menu)
{
	menu_add(menu, NULL, KEYS_NONE);
}

/* ---- choosing ------------------------------------------------------------------------------ */

static int height_of(const struct menu_item *item, int row)
{
	return item->label != NULL ? row : row * LINE / ROW;
}

/* The height of the items before `end`. */
static int height_before(const struct menu *menu, size_t end, int row)
{
	int height = 0;

	for (size_t i = 0; i < end; i++)
		height += height_of(&menu->items[i], row);
	return height;
}

/* The part of the card in which the items are. */
static SDL_Rect body_of(const struct menu *menu)
{
	return (SDL_Rect){
		menu->card.x, menu->card.y + menu->pad, menu->card.w, menu->card.h - 2 * menu->pad};
}

/* The item at x, y; `count`: none. */
static size_t item_at(const struct menu *menu, int x, int y)
{
	const SDL_Rect body = body_of(menu);
	int top = body.y - menu->scroll;

	if (!panes_inside(body, x, y))
		return menu->count;
	for (size_t i = 0; i < menu->count; i++) {
		int height = height_of(&menu->items[i], menu->row);

		if (y >= top && y < top + height)
			return menu->items[i].label != NULL ? i : menu->count;
		top += height;
	}
	return menu->count;
}

/* Moves to the next item in this direction; after the last item, to the first. */
static void move(struct menu *menu, bool forward)
{
	for (size_t tries = 0; tries <= menu->count; tries++) {
		size_t step = forward ? 1 : menu->count;

		menu->lit = (menu->lit + step) % (menu->count + 1);
		if (menu->lit < menu->count && menu->items[menu->lit].label != NULL)
			return;
	}
}

static void turn_wheel(struct menu *menu, const SDL_MouseWheelEvent *wheel)
{
	menu->scroll = SDL_clamp(menu->scroll - wheel->y * menu->row, 0, menu->hidden);
	menu->lit = item_at(menu, wheel->mouseX, wheel->mouseY);
}

static enum menu_answer choose(struct menu *menu, int *command)
{
	menu->is_open = false;
	if (menu->lit >= menu->count)
		return MENU_TAKEN;
	*command = menu->items[menu->lit].command;
	return MENU_CHOSEN;
}

static enum menu_answer press(struct menu *menu, SDL_Keycode key, int *command)
{
	switch (key) {
	case SDLK_DOWN:
	case SDLK_TAB: move(menu, true); break;
	case SDLK_UP: move(menu, false); break;
	case SDLK_RETURN:
	case SDLK_KP_ENTER:
	case SDLK_SPACE: return choose(menu, command);
	case SDLK_ESCAPE:
	case SDLK_APPLICATION: menu->is_open = false; break;
	default: break;
	}
	return MENU_TAKEN;
}

enum menu_answer menu_event(struct menu *menu, const SDL_Event *event, int *command)
{
	if (!menu->is_open)
		return MENU_NOTHING;
	switch (event->type) {
	case SDL_KEYDOWN: return press(menu, event->key.keysym.sym, command);
	case SDL_MOUSEMOTION:
		menu->lit = item_at(menu, event->motion.x, event->motion.y);
		return MENU_TAKEN;
	case SDL_MOUSEBUTTONDOWN:
		menu->lit = item_at(menu, event->button.x, event->button.y);
		return choose(menu, command);
	case SDL_MOUSEWHEEL: turn_wheel(menu, &event->wheel); return MENU_TAKEN;
	case SDL_TEXTINPUT:
	case SDL_KEYUP:
	case SDL_MOUSEBUTTONUP: return MENU_TAKEN;
	default: return MENU_NOTHING;
	}
}

/* ---- drawing ------------------------------------------------------------------------------- */

static const char *keys_for(const struct key_table *table, int command)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct key_binding *binding = &table->bindings[i];

		if (binding->command == command)
			return gettext(binding->hint != NULL ? binding->hint : binding->shown);
	}
	return "";
}

/* Scrolls just far enough that the lit item is visible. */
static void reveal(struct menu *menu)
{
	int top = height_before(menu, menu->lit, menu->row);
	int below = top + menu->row - body_of(menu).h;

	if (menu->lit < menu->count)
		menu->scroll = SDL_clamp(menu->scroll, SDL_min(below, top), top);
}

/* The width of the widest label with its keys. */
static int widest_item(const struct menu *menu, struct draw *draw, const struct key_table *table)
{
	int widest = 0;

	for (size_t i = 0; i < menu->count; i++) {
		const struct menu_item *item = &menu->items[i];

		if (item->label != NULL)
			widest = SDL_max(widest,
				font_width(draw_fonts(draw), THEME_BODY, item->label) +
					font_width(draw_fonts(draw), THEME_BODY,
						keys_for(table, item->command)));
	}
	return widest;
}

/*
 * Makes the card as large as its texts require, and places it below and to the right of the mouse,
 * or where it fits. If the area is too low, the rows first move closer together, and then scroll.
 */
static void place_card(struct menu *menu, struct draw *draw, SDL_Rect area,
	const struct key_table *table)
{
	int room, height;

	menu->pad = draw_px(draw, PAD);
	menu->row = draw_px(draw, ROW);
	room = area.h - 2 * menu->pad;
	height = height_before(menu, menu->count, menu->row);
	if (height > room) {
		menu->row = SDL_max(menu->row * room / height,
			font_height(draw_fonts(draw), THEME_BODY) + draw_px(draw, 1));
		height = height_before(menu, menu->count, menu->row);
	}
	menu->hidden = SDL_max(height - room, 0);
	menu->card = (SDL_Rect){menu->at.x, menu->at.y,
		widest_item(menu, draw, table) + draw_px(draw, 2 * MARGIN + GAP),
		height - menu->hidden + 2 * menu->pad};
	menu->card.x =
		SDL_clamp(menu->card.x, area.x, SDL_max(area.x + area.w - menu->card.w, area.x));
	menu->card.y =
		SDL_clamp(menu->card.y, area.y, SDL_max(area.y + area.h - menu->card.h, area.y));
	reveal(menu);
	menu->scroll = SDL_clamp(menu->scroll, 0, menu->hidden);
}

static void draw_row(const struct menu *menu, struct draw *draw, SDL_Rect row, size_t i,
	const char *keys)
{
	bool is_lit = i == menu->lit;
	int margin = draw_px(draw, MARGIN);

	if (is_lit)
		draw_fill(draw, row, THEME_AMBER);
	row.x += margin;
	row.w -= 2 * margin;
	draw_text_in(draw, row, THEME_BODY, is_lit ? THEME_INK : THEME_TEXT, DRAW_LEFT,
		FONT_CUT_END, menu->items[i].label);
	draw_text_in(draw, row, THEME_BODY, is_lit ? THEME_INK : THEME_TEXT_DIM, DRAW_RIGHT,
		FONT_CUT_END, keys);
}

void menu_draw(struct menu *menu, struct draw *draw, SDL_Rect area, const struct key_table *table)
{
	int line = draw_px(draw, 1);
	SDL_Rect body, row;

	if (!menu->is_open)
		return;
	place_card(menu, draw, area, table);
	draw_card(draw, menu->card, draw_px(draw, THEME_RADIUS), line, THEME_RAISED, THEME_OUTLINE);
	body = body_of(menu);
	row = (SDL_Rect){body.x + line, body.y - menu->scroll, body.w - 2 * line, 0};
	SDL_RenderSetClipRect(draw_renderer(draw), &body);
	for (size_t i = 0; i < menu->count; i++) {
		const struct menu_item *item = &menu->items[i];

		row.h = height_of(item, menu->row);
		if (item->label != NULL)
			draw_row(menu, draw, row, i, keys_for(table, item->command));
		else
			draw_fill(draw, (SDL_Rect){row.x, row.y + row.h / 2, row.w, line},
				THEME_OUTLINE);
		row.y += row.h;
	}
	SDL_RenderSetClipRect(draw_renderer(draw), NULL);
	body.w -= draw_px(draw, MARGIN);
	draw_scrollbar(draw, body, menu->scroll, body.h + menu->hidden);
}

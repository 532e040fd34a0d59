/* help.c - see help.h. */
#include "help.h"

#include "panes.h"
#include "theme.h"
#include "translate.h"

#include <string.h>

static bool closes(SDL_Keycode key)
{
	return key == SDLK_ESCAPE || key == SDLK_F1 || key == SDLK_q || key == SDLK_RETURN ||
	       key == SDLK_KP_ENTER || key == SDLK_SPACE;
}

static int scroll_of(SDL_Keycode key)
{
	switch (key) {
	case SDLK_UP: return -40;
	case SDLK_DOWN: return 40;
	case SDLK_PAGEUP: return -300;
	case SDLK_PAGEDOWN: return 300;
	default: return 0;
	}
}

bool help_event(struct help *help, const SDL_Event *event)
{
	if (!help->open)
		return false;
	switch (event->type) {
	case SDL_KEYDOWN:
		if (event->key.keysym.mod & (KMOD_CTRL | KMOD_ALT))
			return false;
		if (closes(event->key.keysym.sym))
			*help = (struct help){0};
		help->scroll += scroll_of(event->key.keysym.sym);
		return true;
	case SDL_TEXTINPUT:
		if (strcmp(event->text.text, "?") == 0)
			*help = (struct help){0};
		return true;
	case SDL_MOUSEBUTTONDOWN: *help = (struct help){0}; return true;
	case SDL_MOUSEWHEEL: help->scroll -= 40 * event->wheel.y; return true;
	case SDL_KEYUP:
	case SDL_MOUSEBUTTONUP:
	case SDL_MOUSEMOTION: return true;
	default: return false;
	}
}

/* How the list is set: the type, and the widths of the columns of keys and of texts. */
struct setting {
	struct draw *draw;
	struct font_style head, keys, text;
	int row, group_gap;
	int keys_width, text_width;
	int columns, column_gap;
	int height; /* of the tallest column */
};

static bool starts_group(const struct key_table *table, size_t i)
{
	const char *group = table->bindings[i].group;
	if (group == NULL)
		return false;
	while (i-- > 0)
		if (table->bindings[i].help != NULL)
			return table->bindings[i].group == NULL ||
			       strcmp(table->bindings[i].group, group) != 0;
	return true;
}

/* A text that is too wide for its column is wrapped. */
static int height_of_row(const struct setting *set, const struct key_binding *binding)
{
	size_t lines = font_wrap(draw_fonts(set->draw), set->text, set->text_width,
		gettext(binding->help), NULL, 0);

	return set->row +
	       ((int)SDL_max(lines, 1) - 1) * font_height(draw_fonts(set->draw), set->text);
}

/* The height of bindings [first, end). */
static int height_of(const struct setting *set, const struct key_table *table, size_t first,
	size_t end)
{
	int height = 0;
	for (size_t i = first; i < end; i++) {
		if (table->bindings[i].help == NULL)
			continue;
		if (starts_group(table, i))
			height += set->row + (height > 0 ? set->group_gap : 0);
		height += height_of_row(set, &table->bindings[i]);
	}
	return height;
}

/*
 * The first binding of the second column: the start of the group at which the taller column is
 * shortest.
 */
static size_t second_column(const struct setting *set, const struct key_table *table)
{
	size_t best = table->count;
	int least = height_of(set, table, 0, table->count);

	for (size_t i = 1; set->columns == 2 && i < table->count; i++) {
		if (table->bindings[i].help == NULL || !starts_group(table, i))
			continue;
		int left = height_of(set, table, 0, i);
		int right = height_of(set, table, i, table->count);
		if (SDL_max(left, right) < least) {
			least = SDL_max(left, right);
			best = i;
		}
	}
	return best;
}

static void measure_height(struct setting *set, const struct key_table *table)
{
	size_t second = second_column(set, table);

	set->height = SDL_max(height_of(set, table, 0, second),
		height_of(set, table, second, table->count));
}

static void measure(struct setting *set, struct draw *draw, const struct key_table *table, int size,
	int columns)
{
	struct fonts *fonts = draw_fonts(draw);

	*set = (struct setting){.draw = draw,
		.head = {FONT_BOLD, size},
		.keys = {FONT_SANS, size},
		.text = {FONT_SANS, size},
		.columns = columns,
		.column_gap = draw_px(draw, 2.4 * size)};
	set->row = font_height(fonts, set->text) + draw_px(draw, size / 3.0);
	set->group_gap = draw_px(draw, size * 0.7);
	for (size_t i = 0; i < table->count; i++) {
		const struct key_binding *binding = &table->bindings[i];
		if (binding->help == NULL)
			continue;
		set->keys_width = SDL_max(set->keys_width,
			font_width(fonts, set->keys, gettext(binding->shown)));
		set->text_width = SDL_max(set->text_width,
			font_width(fonts, set->text, gettext(binding->help)));
	}
	set->keys_width += draw_px(draw, 14);
	measure_height(set, table);
}

static int width_of(const struct setting *set)
{
	return set->columns * (set->keys_width + set->text_width) +
	       (set->columns - 1) * set->column_gap;
}

/*
 * Chooses the largest type that fits, in two columns if one is too tall. If none fits, chooses the
 * smallest type with scrolling, and wraps texts that are too wide.
 */
static void choose(struct setting *set, struct draw *draw, const struct key_table *table, int width,
	int height)
{
	for (int size = 14; size >= THEME_SIZE_LEAST; size--)
		for (int columns = 2; columns >= 1; columns--) {
			measure(set, draw, table, size, columns);
			if (width_of(set) <= width && set->height <= height)
				return;
		}
	measure(set, draw, table, THEME_SIZE_LEAST, 2);
	if (width_of(set) > width)
		measure(set, draw, table, THEME_SIZE_LEAST, 1);
	if (width_of(set) > width) {
		set->text_width = SDL_max(width - set->keys_width, 1);
		measure_height(set, table);
	}
}

static void draw_rows(struct draw *draw, const struct setting *set, const struct key_table *table,
	size_t first, size_t end, SDL_Rect column)
{
	int top = column.y;
	for (size_t i = first; i < end; i++) {
		const struct key_binding *binding = &table->bindings[i];
		if (binding->help == NULL)
			continue;
		if (starts_group(table, i)) {
			column.y += column.y > top ? set->group_gap : 0;
			draw_text(draw, set->head, THEME_TEXT, column.x, column.y,
				gettext(binding->group));
			column.y += set->row;
		}
		SDL_Rect keys = {column.x, column.y, set->keys_width, set->row};
		SDL_Rect text = {
			column.x + set->keys_width, column.y, column.w - set->keys_width, set->row};
		draw_text_in(draw, keys, set->keys, THEME_AMBER, DRAW_LEFT, FONT_CUT_END,
			gettext(binding->shown));
		text.y += (set->row - font_height(draw_fonts(draw), set->text)) / 2;
		draw_text_wrapped(draw, text, set->text, THEME_TEXT, DRAW_LEFT,
			gettext(binding->help));
		column.y += height_of_row(set, binding);
	}
}

static void draw_list(struct help *help, struct draw *draw, const struct setting *set,
	SDL_Rect inner, const struct key_table *table)
{
	size_t second = second_column(set, table);
	int hidden = SDL_max(set->height - inner.h, 0);
	SDL_Rect column = inner;

	help->scroll = SDL_clamp(help->scroll, 0, hidden);
	column.w = (inner.w - (set->columns - 1) * set->column_gap) / set->columns;
	column.y -= help->scroll;
	SDL_RenderSetClipRect(draw_renderer(draw), &inner);
	draw_rows(draw, set, table, 0, second, column);
	column.x += column.w + set->column_gap;
	draw_rows(draw, set, table, second, table->count, column);
	SDL_RenderSetClipRect(draw_renderer(draw), NULL);
	draw_scrollbar(draw, inner, help->scroll, set->height);
}

void help_draw(struct help *help, struct draw *draw, SDL_Rect area, const char *title,
	const struct key_table *table)
{
	const struct font_style title_style = THEME_HEAD;
	int margin = draw_px(draw, area.w < draw_px(draw, 800) ? 12 : 24);
	int pad = draw_px(draw, area.w < draw_px(draw, 800) ? 18 : 28);
	int title_height = font_height(draw_fonts(draw), title_style) + draw_px(draw, 14);
	const char *hint = _("? or Esc closes this");
	struct setting set;

	if (!help->open)
		return;
	choose(&set, draw, table, area.w - 2 * (margin + pad),
		area.h - 2 * (margin + pad) - title_height);
	SDL_Rect card = {0, 0, SDL_min(width_of(&set) + 2 * pad, area.w - 2 * margin),
		SDL_min(set.height + title_height + 2 * pad, area.h - 2 * margin)};
	card.x = area.x + (area.w - card.w) / 2;
	card.y = area.y + (area.h - card.h) / 2;
	SDL_Rect inner = panes_inset(card, pad);
	SDL_Rect row = {inner.x, inner.y, inner.w, title_height - draw_px(draw, 14)};

	draw_dim(draw, area);
	draw_card(draw, card, draw_px(draw, THEME_RADIUS), draw_px(draw, 1), THEME_PANEL,
		THEME_OUTLINE);
	int used = draw_text_in(draw, row, title_style, THEME_TEXT, DRAW_LEFT, FONT_CUT_END, title);
	row.x += used + draw_px(draw, 16);
	row.w -= used + draw_px(draw, 16);
	if (font_width(draw_fonts(draw), THEME_LABEL, hint) <= row.w)
		draw_text_in(draw, row, THEME_LABEL, THEME_TEXT_DIM, DRAW_RIGHT, FONT_CUT_END,
			hint);
	inner.y += title_height;
	inner.h -= title_height;
	draw_list(help, draw, &set, inner, table);
}

/* statusbar.c - see statusbar.h. */
#include "statusbar.h"

#include "panes.h"
#include "theme.h"
#include "translate.h"

#include <stdio.h>

enum { LEFT_MAX = 12 };

struct hint {
	const struct key_binding *binding;
	int keys_width, width;
};

static const char *keys_of(const struct key_binding *binding)
{
	return gettext(binding->hint != NULL ? binding->hint : binding->shown);
}

static size_t collect_hints(struct draw *draw, const struct key_table *table, struct hint *hints)
{
	struct fonts *fonts = draw_fonts(draw);
	size_t count = 0;

	for (size_t i = 0; i < table->count && count < STATUSBAR_HINTS; i++) {
		const struct key_binding *binding = &table->bindings[i];
		if (binding->label == NULL)
			continue;
		struct hint *hint = &hints[count++];
		hint->binding = binding;
		hint->keys_width =
			font_width(fonts, THEME_BAR_TEXT, keys_of(binding)) + draw_px(draw, 5);
		hint->width = hint->keys_width +
			      font_width(fonts, THEME_BAR_TEXT, gettext(binding->label));
	}
	return count;
}

static int width_of_hints(const struct hint *hints, size_t count, int gap)
{
	int width = count > 0 ? -gap : 0;
	for (size_t i = 0; i < count; i++)
		width += hints[i].width + gap;
	return width;
}

/* Omits hints until the rest fits, from the last but one backwards; the last one is help. */
static size_t fitting_hints(struct hint *hints, size_t count, int gap, int room)
{
	while (count > 0 && width_of_hints(hints, count, gap) > room) {
		if (count > 1)
			hints[count - 2] = hints[count - 1];
		count--;
	}
	return count;
}

/*
 * The width that the texts must leave for hints: the first, which is the key that a newcomer needs,
 * and the last, which is help; or only help if both together are wider than `most`.
 */
static int least_of_hints(const struct hint *hints, size_t count, int gap, int most)
{
	int help = count > 0 ? hints[count - 1].width : 0;
	int both = count > 1 ? hints[0].width + gap + help : help;

	return both <= most ? both : help;
}

static void draw_hints(struct statusbar *bar, struct draw *draw, SDL_Rect row,
	const struct hint *hints, size_t count, int gap)
{
	SDL_Rect rect = row;

	rect.x = row.x + row.w - width_of_hints(hints, count, gap);
	bar->hint_count = count;
	for (size_t i = 0; i < count; i++) {
		rect.w = hints[i].width;
		draw_text_in(draw, rect, THEME_BAR_TEXT, THEME_TEXT_DIM, DRAW_LEFT, FONT_CUT_END,
			keys_of(hints[i].binding));
		SDL_Rect label = {rect.x + hints[i].keys_width, rect.y, rect.w, rect.h};
		draw_text_in(draw, label, THEME_BAR_TEXT, THEME_TEXT_DIM, DRAW_LEFT, FONT_CUT_END,
			gettext(hints[i].binding->label));
		bar->hints[i].rect = (SDL_Rect){rect.x - gap / 2, row.y, rect.w + gap, row.h};
		bar->hints[i].command = hints[i].binding->command;
		if (i + 1 == bar->focus) {
			SDL_Rect ring = bar->hints[i].rect;

			ring.y += ring.h / 2 - draw_px(draw, 14);
			ring.h = draw_px(draw, 28);
			draw_outline(draw, ring, draw_px(draw, 4), draw_px(draw, 2), THEME_AMBER);
		}
		rect.x += rect.w + gap;
	}
}

/* Collects the texts that are not empty, and their widths; returns their number. */
static size_t collect_texts(struct draw *draw, const char *const *texts, size_t count,
	const char *left[LEFT_MAX], int widths[LEFT_MAX])
{
	size_t found = 0;
	for (size_t i = 0; i < count && found < LEFT_MAX; i++) {
		if (texts[i] == NULL || texts[i][0] == '\0')
			continue;
		struct font_style style = i == 0 ? THEME_BAR_NAME : THEME_BAR_TEXT;
		left[found] = texts[i];
		widths[found++] = font_width(draw_fonts(draw), style, texts[i]);
	}
	return found;
}

static int width_of_texts(const int *widths, size_t count, int gap)
{
	int width = 0;
	for (size_t i = 0; i < count; i++)
		width += widths[i] + (i > 0 ? gap : 0);
	return width;
}

void statusbar_draw(struct statusbar *bar, struct draw *draw, SDL_Rect area,
	const char *const *texts, size_t count, const struct key_table *table)
{
	int gap = draw_px(draw, THEME_GAP);
	int hint_gap = draw_px(draw, THEME_HINT_GAP);
	const char *left[LEFT_MAX];
	int widths[LEFT_MAX] = {0};
	struct hint hints[STATUSBAR_HINTS];
	bool has_name = count > 0 && texts[0] != NULL && texts[0][0] != '\0';

	draw_fill(draw, area, THEME_BAR);
	draw_fill(draw, (SDL_Rect){area.x, area.y, area.w, draw_px(draw, 1)}, THEME_EDGE);
	SDL_Rect row = {area.x + draw_px(draw, THEME_MARGIN), area.y,
		area.w - 2 * draw_px(draw, THEME_MARGIN), area.h};
	/*
	 * A name is shortened only if nothing more can be omitted, or if it is longer than half of
	 * the bar.
	 */
	int name_least =
		bar->favours_texts ? draw_px(draw, 24) : SDL_max(draw_px(draw, 150), row.w / 2);
	size_t left_count = collect_texts(draw, texts, count, left, widths);
	size_t hint_count = bar->hides_hints ? 0 : collect_hints(draw, table, hints);
	int shortest = has_name ? SDL_min(widths[0], name_least) - widths[0] : 0;
	int needed = width_of_texts(widths, left_count, gap) + shortest;

	int first = left_count > 0 ? widths[0] + shortest : 0;
	int least = bar->favours_texts
			    ? 0
			    : SDL_min(row.w / 2, least_of_hints(hints, hint_count, hint_gap,
							 row.w - first - 2 * hint_gap));
	int room = SDL_max(row.w - needed - 2 * hint_gap, least);
	hint_count = fitting_hints(hints, hint_count, hint_gap, room);
	draw_hints(bar, draw, row, hints, hint_count, hint_gap);
	row.w -= width_of_hints(hints, hint_count, hint_gap) + (hint_count > 0 ? 2 * hint_gap : 0);
	while (left_count > 1 && width_of_texts(widths, left_count, gap) + shortest > row.w)
		left_count--;
	for (size_t i = 0; i < left_count; i++) {
		bool is_name = has_name && i == 0;
		SDL_Rect place = row;
		if (i == 0) /* the name gets the remaining width */
			place.w -= width_of_texts(widths, left_count, gap) - widths[0];
		int used = draw_text_in(draw, place, is_name ? THEME_BAR_NAME : THEME_BAR_TEXT,
			is_name ? THEME_TEXT : THEME_TEXT_DIM, DRAW_LEFT, FONT_CUT_MIDDLE, left[i]);
		row.x += used + gap;
		row.w -= used + gap;
	}
}

void statusbar_move_focus(struct statusbar *bar, bool forward)
{
	size_t places = bar->hint_count + 1;

	bar->focus = (bar->focus + (forward ? 1 : places - 1)) % places;
}

int statusbar_focused(const struct statusbar *bar)
{
	return bar->focus > 0 && bar->focus <= bar->hint_count ? bar->hints[bar->focus - 1].command
							       : KEYS_NONE;
}

int statusbar_command(const struct statusbar *bar, int x, int y)
{
	for (size_t i = 0; i < bar->hint_count; i++)
		if (panes_inside(bar->hints[i].rect, x, y))
			return bar->hints[i].command;
	return KEYS_NONE;
}

/* curves_draw.c - see curves_draw.h. */
#include "curves_draw.h"

#include <stdio.h>

#include "theme.h"

enum {
	LINE = 4,        /* logical pixels: thick enough to be seen from the last row */
	GRID_SPARSE = 8, /* from this many values on, only the lowest and the highest have a line */
};

struct chart {
	const struct curves *curves;
	struct draw *draw;
	SDL_Rect area; /* of the lines, without names and numbers */
	int line;
};

static int x_at(const struct chart *chart, int64_t time)
{
	const struct curves *curves = chart->curves;
	int64_t all = SDL_max(curves->until - curves->from, 1);
	int64_t since = SDL_clamp(time, curves->from, curves->until) - curves->from;

	return chart->area.x + (int)(since * chart->area.w / all);
}

/* The middle of a line at this value. */
static int y_at(const struct chart *chart, int32_t value)
{
	int32_t most = SDL_max(chart->curves->most, 1);
	int room = chart->area.h - 2 * chart->line;

	return chart->area.y + chart->area.h - chart->line -
	       (int)((int64_t)SDL_clamp(value, 0, most) * room / most);
}

/*
 * Draws one of the two lines. `by` moves it by half its thickness, so that both are visible where
 * their values are equal.
 */
static void draw_steps(const struct chart *chart, bool is_full, int by, SDL_Color colour)
{
	const struct curves *curves = chart->curves;
	int line = chart->line, before = 0;
	bool is_joined = false;

	for (size_t i = 0; i < curves->count; i++) {
		const struct curves_point *point = &curves->points[i];
		int64_t end = i + 1 < curves->count ? curves->points[i + 1].time : curves->to;
		int x = x_at(chart, point->time);
		int y = y_at(chart, is_full ? point->full : point->empty) - line / 2 + by;

		if (point->is_known && end >= curves->from) {
			draw_fill(chart->draw, (SDL_Rect){x, y, x_at(chart, end) - x + line, line},
				colour);
			if (is_joined && before != y)
				draw_fill(chart->draw,
					(SDL_Rect){x, SDL_min(before, y), line,
						SDL_abs(before - y) + line},
					colour);
		}
		is_joined = point->is_known && end >= curves->from;
		before = y;
	}
}

static void draw_grid(const struct chart *chart, struct font_style style)
{
	int32_t most = SDL_max(chart->curves->most, 1);
	int32_t step = most < GRID_SPARSE ? 1 : most;
	int height = font_height(draw_fonts(chart->draw), style);
	char text[16];

	for (int32_t value = 0; value <= most; value += step) {
		int y = y_at(chart, value);

		draw_fill(chart->draw,
			(SDL_Rect){chart->area.x, y, chart->area.w, draw_px(chart->draw, 1)},
			THEME_EDGE);
		snprintf(text, sizeof(text), "%d", value);
		if (value == 0 || value == most)
			draw_text_in(chart->draw,
				(SDL_Rect){chart->area.x - 3 * height, y - height / 2,
					3 * height - height / 3, height},
				style, THEME_TEXT, DRAW_RIGHT, FONT_CUT_END, text);
	}
}

/*
 * Draws the names at the right ends of the lines, apart from each other even if the values are
 * close.
 */
static void draw_names(const struct chart *chart, struct font_style style, SDL_Color empty,
	SDL_Color full)
{
	const struct curves *curves = chart->curves;
	const struct curves_point *last = &curves->points[curves->count - 1];
	int height = font_height(draw_fonts(chart->draw), style);
	int x = chart->area.x + chart->area.w + 2 * chart->line;
	int top = chart->area.y, bottom = chart->area.y + chart->area.h;
	int one = y_at(chart, last->empty) - height / 2;
	int two = y_at(chart, last->full) - height / 2;
	char text[32];

	if (!last->is_known)
		return;
	one = SDL_clamp(one, top, SDL_max(bottom - height, top));
	two = SDL_clamp(two, top, SDL_max(bottom - height, top));
	if (SDL_abs(one - two) < height) {
		int *upper = last->full > last->empty ? &two : &one;
		int *lower = upper == &one ? &two : &one;

		*upper = SDL_max(*lower - height, top);
		*lower = *upper + height;
	}
	snprintf(text, sizeof(text), "empty %d", last->empty);
	draw_text(chart->draw, style, empty, x, one, text);
	snprintf(text, sizeof(text), "full %d", last->full);
	draw_text(chart->draw, style, full, x, two, text);
}

void curves_draw(const struct curves *curves, struct draw *draw, SDL_Rect area,
	struct font_style style)
{
	const SDL_Color empty = THEME_AMBER, full = THEME_BLUE;
	struct fonts *fonts = draw_fonts(draw);
	struct chart chart = {curves, draw, area, draw_px(draw, LINE)};
	int left = font_width(fonts, style, curves->most > 9 ? "64" : "4") +
		   font_height(fonts, style) / 3;
	int right = font_width(fonts, style, curves->most > 9 ? "empty 64" : "empty 4") +
		    2 * chart.line;

	chart.area.x += left;
	chart.area.w -= left + right;
	if (chart.area.w < right || area.h < 2 * font_height(fonts, style))
		return;
	draw_grid(&chart, style);
	draw_steps(&chart, false, -chart.line / 2, empty);
	draw_steps(&chart, true, chart.line - chart.line / 2, full);
	if (curves->count > 0)
		draw_names(&chart, style, empty, full);
}

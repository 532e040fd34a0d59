/* lines.c - see lines.h. */
#include "lines.h"

#include <limits.h>
#include <string.h>

#include "theme.h"

enum { LINES_MOST = 8, NARROW = 240 /* logical pixels: large words do not fit */ };

static int height_of(struct draw *draw, const struct lines_line *line, int width)
{
	size_t rows;

	if (line->text == NULL || line->text[0] == '\0')
		return 0;
	rows = font_wrap(draw_fonts(draw), line->style, width, line->text, NULL, 0);
	return (int)rows * font_height(draw_fonts(draw), line->style) + draw_px(draw, line->gap);
}

int lines_height(struct draw *draw, int width, const struct lines_line *lines, size_t count)
{
	int height = 0;

	for (size_t i = 0; i < count; i++)
		height += height_of(draw, &lines[i], width);
	return height;
}

void lines_draw(struct draw *draw, SDL_Rect area, const struct lines_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int height = height_of(draw, &lines[i], area.w);
		SDL_Rect place = area;

		place.y += draw_px(draw, lines[i].gap);
		if (height > 0)
			draw_text_wrapped(draw, place, lines[i].style, lines[i].colour, DRAW_CENTRE,
				lines[i].text);
		area.y += height;
	}
}

void lines_draw_middle(struct draw *draw, SDL_Rect area, const struct lines_line *lines,
	size_t count)
{
	struct lines_line fitting[LINES_MOST];
	int most = area.w < draw_px(draw, NARROW) ? THEME_BODY.size : INT_MAX;
	int height;

	memset(fitting, 0, sizeof(fitting)); /* gcc's analyzer does not see that all are set */
	count = SDL_min(count, LINES_MOST);
	for (size_t i = 0; i < count; i++) {
		fitting[i] = lines[i];
		fitting[i].style.size = SDL_min(lines[i].style.size, most);
	}
	height = lines_height(draw, area.w, fitting, count);
	while (count > 1 && height > area.h)
		height = lines_height(draw, area.w, fitting, --count);
	area.y += (area.h - height) / 2;
	lines_draw(draw, area, fitting, count);
}

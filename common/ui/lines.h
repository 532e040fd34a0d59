/*
 * lines.h - a few texts in the middle of a place, one below the other, each in its own type: what a
 * window says where there is no picture. It wraps them, and leaves out the last ones where there is
 * no room for all. On the thread that draws.
 */
#ifndef VITRINE_UI_LINES_H
#define VITRINE_UI_LINES_H

#include <stddef.h>

#include "draw.h"

struct lines_line {
	struct font_style style;
	SDL_Color colour;
	const char *text; /* NULL or "": not there */
	int gap;          /* above it, logical pixels */
};

/* How high they are, in pixels of the output, when they are `width` wide. */
int lines_height(struct draw *draw, int width, const struct lines_line *lines, size_t count);

/* Draws them from the upper edge of `area` on. */
void lines_draw(struct draw *draw, SDL_Rect area, const struct lines_line *lines, size_t count);

/* Draws them in the middle of `area`: as many of them as fit, and the first in any case. */
void lines_draw_middle(struct draw *draw, SDL_Rect area, const struct lines_line *lines,
	size_t count);

#endif

/*
 * lines.h - draws a few texts one below the other, each in its own type: what a window says when it
 * has no picture. It wraps them, and omits the last ones if not all fit. Called on the thread that
 * draws.
 */
#ifndef VITRINE_UI_LINES_H
#define VITRINE_UI_LINES_H

#include <stddef.h>

#include "draw.h"

struct lines_line {
	struct font_style style;
	SDL_Color colour;
	const char *text; /* NULL or "": omitted */
	int gap;          /* above it, logical pixels */
};

/* Their height at this width, in pixels of the output. */
int lines_height(struct draw *draw, int width, const struct lines_line *lines, size_t count);

/* Draws them from the upper edge of `area` down. */
void lines_draw(struct draw *draw, SDL_Rect area, const struct lines_line *lines, size_t count);

/*
 * Draws them in the middle of `area`: as many as fit, but at least the first, and at most 8. In a
 * narrow area the type is small.
 */
void lines_draw_middle(struct draw *draw, SDL_Rect area, const struct lines_line *lines,
	size_t count);

#endif

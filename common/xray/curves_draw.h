/*
 * curves_draw.h - draws curves.h: two step lines, each named at its right end with its last value.
 * The thread that draws.
 */
#ifndef VITRINE_XRAY_CURVES_DRAW_H
#define VITRINE_XRAY_CURVES_DRAW_H

#include "curves.h"
#include "draw.h"

/* Draws the names and numbers in `style`. */
void curves_draw(const struct curves *curves, struct draw *draw, SDL_Rect area,
	struct font_style style);

#endif

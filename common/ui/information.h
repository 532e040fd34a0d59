/*
 * information.h - the overlay of the key I: rows of label and value on a translucent card. It owns
 * nothing and has no state: the program decides when it is shown, and what it says.
 */
#ifndef VITRINE_UI_INFORMATION_H
#define VITRINE_UI_INFORMATION_H

#include "draw.h"

#include <stddef.h>

struct information_row {
	const char *label;
	const char *value; /* long ones wrap; NULL: the row is left out */
};

/* Draws it into the upper left corner of `area`, no larger than that. Returns what it covers. */
SDL_Rect information_draw(struct draw *draw, SDL_Rect area, const struct information_row *rows,
	size_t count);

#endif

/*
 * information.h - the overlay of the key I: rows of label and value on a translucent card, which
 * scrolls if it has no room for all of them. It owns nothing: the program decides when it is shown,
 * and what it says. Called on the thread that draws; coordinates are pixels of the output.
 */
#ifndef VITRINE_UI_INFORMATION_H
#define VITRINE_UI_INFORMATION_H

#include "draw.h"

#include <SDL_events.h>
#include <stdbool.h>
#include <stddef.h>

struct information_row {
	const char *label;
	const char *value; /* long ones wrap; NULL: the row is left out */
};

/* All zeros: at the first row. */
struct information {
	int scroll;    /* pixels */
	int hidden;    /* pixels of rows that had no room when it was drawn last */
	SDL_Rect card; /* what it covered then */
};

/*
 * For a program that shows it: the arrows up and down, and the wheel over it, scroll it while it has no
 * room for all rows. True: draw again, and look no further.
 */
bool information_event(struct information *information, const SDL_Event *event);

/* Draws it into the upper left corner of `area`, no larger than that. */
void information_draw(struct information *information, struct draw *draw, SDL_Rect area,
	const struct information_row *rows, size_t count);

#endif

/*
 * information.h - the overlay of the key I: rows of label and value on a translucent card, which
 * scrolls if they do not all fit. It owns nothing: the program decides when to show it, and what it
 * says. Called on the thread that draws; coordinates are pixels of the output.
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

/* All zeros: scrolled to the first row. */
struct information {
	int scroll;    /* pixels */
	int hidden;    /* pixels of rows that did not fit when it was last drawn */
	SDL_Rect card; /* the area that it covered then */
};

/*
 * Call while the overlay is shown: Up, Down, and the wheel over it scroll it if the rows do not all
 * fit. True: redraw, and ignore the event.
 */
bool information_event(struct information *information, const SDL_Event *event);

/* Draws it in the upper left corner of `area`, no larger than `area`. */
void information_draw(struct information *information, struct draw *draw, SDL_Rect area,
	const struct information_row *rows, size_t count);

#endif

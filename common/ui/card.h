/*
 * card.h - draws a file that is not a picture as a card: a sheet of paper with the kind of file on
 * it, the file's name, type and size, and further lines. It has no state. Called on the thread that
 * draws.
 */
#ifndef VITRINE_UI_CARD_H
#define VITRINE_UI_CARD_H

#include <stdint.h>

#include "draw.h"

struct card {
	const char *name;
	const char *type; /* its media type */
	uint64_t size;    /* bytes */
	const char *more; /* a checksum, a reason: wrapped; NULL: nothing */
	const char *hint; /* what can be done; NULL: nothing */
};

/* Draws the card in the middle of `area`. */
void card_draw(struct draw *draw, SDL_Rect area, const struct card *card);

/* Draws only the sheet of paper, as large as fits into `area`, for a row of thumbnails. */
void card_draw_sheet(struct draw *draw, SDL_Rect area, const char *name, const char *type);

#endif

/*
 * upright.h - places pixels that arrive row by row, in the order of the file, at their position in
 * the upright image. Used by decoder.c for pictures and by the command vitrine for slots.
 */
#ifndef VITRINE_IMAGE_UPRIGHT_H
#define VITRINE_IMAGE_UPRIGHT_H

#include <stdbool.h>
#include <stdint.h>

struct upright {
	uint32_t *to;
	uint32_t width; /* of the rows that come */
	uint32_t height;
	int orientation;
	uint64_t done;   /* pixels */
	uint32_t *strip; /* rows that wait to be turned; NULL: they need not be */
};

/*
 * `to` has room for width * height pixels, the rows of the upright image without gaps. `orientation`:
 * 1 to 8. false: no memory.
 */
bool upright_begin(struct upright *upright, uint32_t *to, uint32_t width, uint32_t height,
	int orientation);

/* Where the next pixels are to be written, and how many of them at most; 0: all have come. */
uint32_t *upright_room(const struct upright *upright, uint64_t *pixels);

/* So many were written there. */
void upright_put(struct upright *upright, uint64_t pixels);

bool upright_is_whole(const struct upright *upright);

void upright_end(struct upright *upright); /* safe to call twice */

#endif

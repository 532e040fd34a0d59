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
	uint32_t width; /* size of the rows that arrive */
	uint32_t height;
	int orientation;
	uint64_t done;   /* pixels */
	uint32_t *strip; /* rows that wait to be turned; NULL: not needed */
};

/*
 * `to` has room for width * height pixels, the rows of the upright image without gaps.
 * `orientation`: 1 to 8. false: no memory.
 */
bool upright_begin(struct upright *upright, uint32_t *to, uint32_t width, uint32_t height,
	int orientation);

/*
 * Where to write the next pixels; *pixels receives the most that fit there, 0 when all have
 * arrived.
 */
uint32_t *upright_room(const struct upright *upright, uint64_t *pixels);

/* Reports that this many pixels were written there. */
void upright_put(struct upright *upright, uint64_t pixels);

bool upright_is_whole(const struct upright *upright);

void upright_end(struct upright *upright); /* safe to call twice */

#endif

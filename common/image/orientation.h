/*
 * orientation.h - turns photographs upright: moves rows of pixels to where the EXIF orientation
 * puts them. upright.c calls it while it copies, so turning costs no extra copy.
 */
#ifndef VITRINE_IMAGE_ORIENTATION_H
#define VITRINE_IMAGE_ORIENTATION_H

#include <stdbool.h>
#include <stdint.h>

/* The most rows per call of orientation_place(): as columns, 16 pixels fill one cache line. */
#define ORIENTATION_ROWS 16

/* True if width and height are swapped. */
bool orientation_swaps(int orientation);

/*
 * Copies `count` <= ORIENTATION_ROWS rows of 32-bit pixels, of which the first is row `first` of a
 * width x height image, to their positions in the upright image `to` (rows without gaps).
 */
void orientation_place(int orientation, uint32_t *to, const uint32_t *rows, uint32_t width,
	uint32_t height, uint32_t first, uint32_t count);

#endif

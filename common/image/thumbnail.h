/*
 * thumbnail.h - makes pictures smaller: each new pixel is the average of the area that it covers,
 * weighted by alpha. Integer arithmetic, row by row. The loader makes thumbnails with it; it also
 * makes copies at display size. Any thread.
 */
#ifndef VITRINE_IMAGE_THUMBNAIL_H
#define VITRINE_IMAGE_THUMBNAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "picture.h"

/*
 * The largest size of the same shape that fits in box_width x box_height, at least 1 x 1, never
 * larger than width x height itself.
 */
void thumbnail_fit(uint32_t width, uint32_t height, uint32_t box_width, uint32_t box_height,
	uint32_t *fit_width, uint32_t *fit_height);

/*
 * Averages `from` down to width x height pixels in `to`, rows without gaps: of the same format if
 * it has 4 bytes per pixel, else XR24. `from` must be at least as wide and as high as the result.
 * false: no memory, or the sizes or the format are not supported.
 */
bool thumbnail_scale(const struct pixels *from, uint32_t width, uint32_t height, uint8_t *to);

/*
 * A picture of the same file, small enough for the box; picture->width and height remain those of
 * the file. A picture that fits already is returned itself, with one more reference. NULL: no
 * memory.
 */
struct picture *thumbnail_of(struct picture *picture, uint32_t box_width, uint32_t box_height);

#endif

/*
 * xray_thumbnail.h - a small picture of the image in a slot, made without holding the slot. It
 * reads a few pixels, regardless of the image's size, and averages them. The caller must call
 * vitrine_unchanged() afterwards and discard the picture if the slot was overwritten. Any thread.
 */
#ifndef VITRINE_WATCH_XRAY_THUMBNAIL_H
#define VITRINE_WATCH_XRAY_THUMBNAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "vitrine.h"

struct xray_thumbnail {
	uint32_t width, height;
	bool has_alpha;
	uint32_t *pixels; /* AR24, rows without gaps; malloc */
};

/*
 * `image` is of a snapshot whose has_image is true, so its numbers fit the slot. False: no memory,
 * a file, or a format that it does not know.
 */
bool xray_thumbnail_make(struct xray_thumbnail *thumbnail, const struct vitrine_image *image,
	uint32_t box_width, uint32_t box_height);

#endif

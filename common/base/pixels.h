/*
 * pixels.h - a rectangle of pixels in memory that belongs to another part: a decoded file, a slot
 * of the segment, the history. Decoders fill it, the view draws it, the publisher copies it.
 */
#ifndef VITRINE_BASE_PIXELS_H
#define VITRINE_BASE_PIXELS_H

#include <stdint.h>

struct pixels {
	const uint8_t *data;
	uint32_t width;  /* pixels */
	uint32_t height; /* pixels */
	uint32_t pitch;  /* bytes from one row to the next */
	uint32_t format; /* VITRINE_XR24 … of vitrine.h */
};

#endif

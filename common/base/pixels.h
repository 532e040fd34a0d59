/*
 * pixels.h - a rectangle of pixels in memory that belongs to another part: a decoded file, a slot
 * of the segment, the history. Decoders fill it, the view draws it, the publisher copies it.
 */
#ifndef VITRINE_BASE_PIXELS_H
#define VITRINE_BASE_PIXELS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct pixels {
	const uint8_t *data;
	uint32_t width;  /* pixels */
	uint32_t height; /* pixels */
	uint32_t pitch;  /* bytes from one row to the next */
	uint32_t format; /* VITRINE_XR24 … of vitrine.h */
};

/*
 * Copies `rows` rows of `bytes` bytes, which are `pitch` bytes apart, to where they follow each
 * other without a gap. Returns the end of the copy.
 */
static inline uint8_t *pixels_copy_rows(uint8_t *to, const uint8_t *from, size_t pitch,
	size_t bytes, size_t rows)
{
	if (pitch == bytes)
		return (uint8_t *)memcpy(to, from, bytes * rows) + bytes * rows;
	for (size_t row = 0; row < rows; row++, to += bytes)
		memcpy(to, from + row * pitch, bytes);
	return to;
}

#endif

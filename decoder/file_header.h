/*
 * file_header.h - reads the header of a file: the number of pixels and frames, and the position
 * of the EXIF block. It decodes nothing, and nobody trusts the numbers: they serve to refuse a
 * file early, with a reason. raster.c calls it, in the decoder's process. Any thread.
 */
#ifndef VITRINE_DECODER_FILE_HEADER_H
#define VITRINE_DECODER_FILE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"

/* All pointers point into the examined bytes; NULL: not there. */
struct file_header {
	uint64_t width; /* pixels of the first frame; 0: not known */
	uint64_t height;
	uint32_t frames;     /* 1 if it is not animated, or this is unknown */
	bool cut_short;      /* the mark that ends a whole file is missing */
	uint32_t components; /* JPEG: 4 is CMYK; 0 for other formats */
	const uint8_t *exif; /* JPEG, PNG, WebP: the EXIF block, a small TIFF file */
	size_t exif_size;
	const uint8_t *icc; /* WebP: its colour profile */
	size_t icc_size;
	const uint8_t *frame; /* animated WebP: the chunks of the first frame */
	size_t frame_size;
	uint32_t frame_x; /* its position on the canvas */
	uint32_t frame_y;
};

/*
 * Examines a file, or the beginning of one. Never reads outside of the bytes; the time is at most
 * proportional to their number.
 */
struct file_header file_header_of(enum format format, const uint8_t *bytes, size_t size);

/* True if the end mark of the file is missing; all pixels may still be there. */
bool file_ends_early(enum format format, const uint8_t *bytes, size_t size);

/* The orientation in its EXIF block: 1 (upright) to 8. */
uint32_t file_orientation(const struct file_header *header);

/* The same for an EXIF block, with or without "Exif" before it. */
uint32_t exif_orientation(const uint8_t *block, size_t size);

#endif

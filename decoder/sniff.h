/*
 * sniff.h - what the header of a file says: how many pixels it promises, how many frames it has, where
 * its EXIF block lies. Nothing is decoded and nothing is believed: the numbers serve to refuse early
 * and to say why. raster calls it, in the decoder's process. Any thread.
 */
#ifndef VITRINE_DECODER_SNIFF_H
#define VITRINE_DECODER_SNIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"

/* All pointers point into the bytes that were looked at; NULL: not there. */
struct sniff {
	uint64_t width; /* pixels of the first frame; 0: not known */
	uint64_t height;
	uint32_t frames;     /* 1 if it is not animated, or not known to be */
	bool cut_short;      /* the mark that ends a whole file is missing */
	uint32_t components; /* JPEG: 4 is CMYK; else 0 */
	const uint8_t *exif; /* JPEG, PNG, WebP: the EXIF block, a small TIFF file */
	size_t exif_size;
	const uint8_t *icc; /* WebP: its colour profile */
	size_t icc_size;
	const uint8_t *frame; /* animated WebP: the chunks of the first frame */
	size_t frame_size;
	uint32_t frame_x; /* where it lies on the canvas */
	uint32_t frame_y;
};

/*
 * Looks at a file, or at the beginning of one. Never reads outside of the bytes, and takes time in
 * proportion to them at most.
 */
struct sniff sniff_bytes(enum format format, const uint8_t *bytes, size_t size);

/* True if the mark that ends a whole file is missing. Its pixels may all be there even so. */
bool sniff_ends_early(enum format format, const uint8_t *bytes, size_t size);

/* How its rows are to be placed, by its EXIF block: 1 (as they come) to 8. */
uint32_t sniff_orientation(const struct sniff *sniff);

/* The same of an EXIF block, with "Exif" before it or without. */
uint32_t exif_orientation(const uint8_t *block, size_t size);

#endif

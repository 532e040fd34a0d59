/*
 * tiff.h - shared by the two files of the TIFF reader: tiff.c lets libtiff convert the pixels,
 * tiff_samples.c converts samples that libtiff does not support. Not for other files.
 */
#ifndef VITRINE_DECODER_TIFF_H
#define VITRINE_DECODER_TIFF_H

#include <tiffio.h>

#include "reader.h"

/*
 * Converts samples of unusual depth to words 0xAARRGGBB, which the caller frees. NULL:
 * reading->reason says why not.
 */
uint32_t *tiff_samples(const struct reading *reading, TIFF *file, uint32_t width, uint32_t height);

#endif

/*
 * tiff.h - what the two files of the TIFF reader share: libtiff's own way to pixels (tiff.c), and
 * one for samples that it does not take (tiff_samples.c). Not for other files.
 */
#ifndef VITRINE_DECODER_TIFF_H
#define VITRINE_DECODER_TIFF_H

#include <tiffio.h>

#include "reader.h"

/* Words 0xAARRGGBB of samples of unusual depth; NULL: reading->reason says why not. free() it. */
uint32_t *tiff_samples(const struct reading *reading, TIFF *file, uint32_t width, uint32_t height);

#endif

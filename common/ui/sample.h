/*
 * sample.h - makes a small version of a large image in a few milliseconds, regardless of the
 * image's size: each pixel is the mean of four adjacent pixels of the image, and the others are not
 * read. It is shown until a better version is ready.
 */
#ifndef VITRINE_UI_SAMPLE_H
#define VITRINE_UI_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "pixels.h"

/*
 * Makes width x height pixels from `from`, which must have at least twice as many in each
 * direction, and a format of 32 bits. The caller frees to->data. False: no memory, or another
 * format.
 */
bool sample_pixels(const struct pixels *from, uint32_t width, uint32_t height, struct pixels *to);

#endif

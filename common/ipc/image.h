/*
 * image.h - the description of an image: made by who publishes, checked by who reads, and its way
 * through a descriptor of the segment. Private to common/ipc.
 */
#ifndef VITRINE_IMAGE_H
#define VITRINE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "vitrine.h"

/* Whether its numbers are possible in `room` bytes; the one check of publishers and readers. */
bool image_fits(const struct vitrine_image *image, uint64_t room);

/*
 * For readers of that channel: the same, and a large payload exists. To read a page of a segment that nobody wrote
 * makes it: without this a few bytes in a descriptor could fill the reader's memory with zeros.
 */
bool image_is_sound(const struct vitrine_image *image, const struct vitrine_info *info);

/* Writes all of the descriptor but `sequence`, `resident` and `populated`. */
void image_store(struct descriptor *descriptor, const struct vitrine_image *image);

/*
 * Copies the descriptor out once, and makes its texts harmless; image->data and slot are not set.
 * The numbers are as untrusted as before until image_fits() has said yes to the copy.
 */
void image_load(struct vitrine_image *image, const struct descriptor *descriptor);

#endif

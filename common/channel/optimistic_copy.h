/*
 * optimistic_copy.h - copies an image without taking it: the optimistic read of a mirror, for large
 * images.
 */
#ifndef VITRINE_CHANNEL_OPTIMISTIC_COPY_H
#define VITRINE_CHANNEL_OPTIMISTIC_COPY_H

#include <stdbool.h>

#include "vitrine.h"

/*
 * Copies image->size bytes of an image found by vitrine_latest(), vitrine_next() or vitrine_look().
 * false: a producer claimed the slot in the meantime, and the contents of `to` are useless. This is
 * checked every few MiB, because reading pages that a producer has freed would allocate them again.
 * Any thread.
 */
bool optimistic_copy(const struct vitrine_channel *channel, const struct vitrine_image *image,
	void *to);

#endif

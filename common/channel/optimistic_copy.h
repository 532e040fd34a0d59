/*
 * optimistic_copy.h - a private copy of an image that nobody holds for us: the optimistic read of a mirror,
 * for large images.
 */
#ifndef VITRINE_CHANNEL_OPTIMISTIC_COPY_H
#define VITRINE_CHANNEL_OPTIMISTIC_COPY_H

#include <stdbool.h>

#include "vitrine.h"

/*
 * Copies image->size bytes of what vitrine_latest() or vitrine_look() found. false: a producer took
 * the slot meanwhile, and what is in `to` is worth nothing. That is noticed every few MiB, because to
 * read on where a producer gave memory back to the system allocates it again. Any thread.
 */
bool optimistic_copy(const struct vitrine_channel *channel, const struct vitrine_image *image,
	void *to);

#endif

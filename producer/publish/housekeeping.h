/*
 * housekeeping.h - what an idle producer does once a second: notices that the channel was removed,
 * makes a slot ready for the next image, and returns the memory of the other free slots to the
 * system. Called on the publisher's thread.
 */
#ifndef VITRINE_PRODUCER_HOUSEKEEPING_H
#define VITRINE_PRODUCER_HOUSEKEEPING_H

#include <stdbool.h>
#include <stdint.h>

#include "vitrine.h"

/* Initially all zeros, for each channel. */
struct housekeeping {
	uint64_t newest;   /* sequence number of the newest image at the last look */
	uint64_t prepared; /* bytes that were last prepared for */
	bool is_trimmed;   /* nothing was left to free, and nothing has been published since */
};

/*
 * Makes a slot ready for `size` bytes (vitrine_prepare()), 0: none. `is_new`: the user has just
 * chosen the image; touches the slot's pages, too. Never sleeps.
 */
void housekeeping_prepare(struct housekeeping *housekeeping, struct vitrine_channel *channel,
	uint64_t size, bool is_new);

/* `may_trim`: also free memory. Never sleeps. 0, or VITRINE_EREMOVED. */
int housekeeping_look(struct housekeeping *housekeeping, struct vitrine_channel *channel,
	bool may_trim);

#endif

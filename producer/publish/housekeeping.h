/*
 * housekeeping.h - what an idle producer does once a second: notices that the channel was removed, and
 * returns the memory of free slots to the system. Called on the publisher's thread.
 */
#ifndef VITRINE_PRODUCER_HOUSEKEEPING_H
#define VITRINE_PRODUCER_HOUSEKEEPING_H

#include <stdbool.h>
#include <stdint.h>

#include "vitrine.h"

/* Initially all zeros, for each channel. */
struct housekeeping {
	uint64_t newest;  /* sequence number of the newest image at the last look */
	uint64_t trimmed; /* the same, when nothing was left to free */
};

/* `may_trim`: also free memory. Never sleeps. 0, or VITRINE_EREMOVED. */
int housekeeping_look(struct housekeeping *housekeeping, struct vitrine_channel *channel,
	bool may_trim);

#endif

/*
 * housekeeping.h - what an idle producer does for its channel, once a second: notices that it was removed,
 * and gives the memory of free slots back to the system. The publisher's thread calls it.
 */
#ifndef VITRINE_PRODUCER_HOUSEKEEPING_H
#define VITRINE_PRODUCER_HOUSEKEEPING_H

#include <stdbool.h>
#include <stdint.h>

#include "vitrine.h"

/* All zeros to start with, for each channel. */
struct housekeeping {
	uint64_t newest;  /* sequence number of the newest image at the last look */
	uint64_t trimmed; /* and when nothing was left to give back */
};

/* `may_trim`: give memory back, too. Never sleeps. 0, or VITRINE_EREMOVED. */
int housekeeping_look(struct housekeeping *housekeeping, struct vitrine_channel *channel,
	bool may_trim);

#endif

/*
 * slots.h - which slot to try, by one snapshot of the semaphores and the descriptors' sequence
 * numbers. A guess that the transition itself then asserts. Private to common/ipc.
 *
 * Each returns a slot's number, or -1: there is none.
 */
#ifndef VITRINE_SLOTS_H
#define VITRINE_SLOTS_H

#include "handle.h"

/* The number of the image in the slot; 0 while it is being written. */
uint64_t slot_sequence(const struct vitrine_channel *channel, uint32_t slot);

/*
 * The bytes of memory that the slot may have, as its writers noted: never more than it can have.
 */
uint64_t slot_resident(const struct vitrine_channel *channel, uint32_t slot);

/* The slot with the highest number, published or about to be, by the descriptors alone. */
int highest_numbered_slot(const struct vitrine_channel *channel);

/* The slot that holds the newest image. */
int latest_slot(const struct vitrine_channel *channel, const struct values *values);

/*
 * The free slot to prefer: one that has pages, and of those the one that was used last, for it is
 * still in the cache (a third faster than to go round, and memory that was never needed is never
 * touched).
 */
int warmest_free_slot(const struct vitrine_channel *channel, const struct values *values);

/* The oldest image that waits for a consumer. */
int oldest_waiting_slot(const struct vitrine_channel *channel, const struct values *values);

/* The oldest image that waits and is not the newest, which mirrors need. */
int oldest_droppable_slot(const struct vitrine_channel *channel, const struct values *values);

#endif

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
int newest_slot(const struct vitrine_channel *channel);

/*
 * A slot that is likely to be free once `latest` is not the newest any more, by what has become of
 * its image: it is done; or it is being read, then the one before it is done; or it waits, then
 * the oldest is what comes free.
 */
int likely_free_slot(const struct vitrine_channel *channel, enum transition publish, int latest);

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

/*
 * The image with the lowest number of those that this handle does not know to be done: by the
 * descriptors alone. If it waits, it is the oldest that does.
 */
int oldest_unknown_slot(const struct vitrine_channel *channel);

/* Notes which images older than the one in slot `before`, which waits, are done for good. */
void note_done(struct vitrine_channel *channel, const struct values *values, uint32_t before);

/* The oldest image that waits and is not the newest, which mirrors need. */
int oldest_droppable_slot(const struct vitrine_channel *channel, const struct values *values);

#endif

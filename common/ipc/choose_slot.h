/*
 * choose_slot.h - chooses a slot from one snapshot of the semaphores and the descriptors' sequence
 * numbers. The array that then uses the slot asserts that the choice was right. Private to
 * common/ipc.
 *
 * A function that returns int returns a slot's number, or -1 if there is none.
 */
#ifndef VITRINE_IPC_CHOOSE_SLOT_H
#define VITRINE_IPC_CHOOSE_SLOT_H

#include "handle.h"

/* The sequence number of the image in the slot; 0: there is no image, or it is being written. */
uint64_t slot_sequence(const struct vitrine_channel *channel, uint32_t slot);

/*
 * The memory of the slot in bytes, as recorded by its writers; at most the slot's size. This is an
 * upper bound, except that reading pages that a producer has freed allocates them again,
 * unrecorded.
 */
uint64_t slot_resident(const struct vitrine_channel *channel, uint32_t slot);

/* The slot whose descriptor has the highest sequence number; its image may not be published yet. */
int highest_numbered_slot(const struct vitrine_channel *channel);

/* The slot that holds the newest image, according to the semaphores. */
int latest_slot(const struct vitrine_channel *channel, const struct values *values);

/*
 * Of the free slots that have pages (or of all free slots, if none has), the one that was used
 * last: it is still in the cache. This is a third faster than using the slots in turn, and slots
 * that are not needed never get any memory.
 */
int warmest_free_slot(const struct vitrine_channel *channel, const struct values *values);

/*
 * The free slot that the next claim should use: the prepared slot if it is free; otherwise the
 * warmest one or, while mirrors are in the channel, the one with the oldest image, so that mirrors
 * can read the others for as long as possible.
 */
int slot_to_claim(const struct vitrine_channel *channel, const struct values *values);

/* The slot of the oldest waiting image. */
int oldest_waiting_slot(const struct vitrine_channel *channel, const struct values *values);

/* The slot of the oldest waiting image other than the newest image, which is kept for mirrors. */
int oldest_droppable_slot(const struct vitrine_channel *channel, const struct values *values);

#endif

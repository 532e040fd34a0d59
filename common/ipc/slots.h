/*
 * slots.h - chooses a slot from one snapshot of the semaphores and the descriptors' sequence
 * numbers. The array that then uses the slot asserts that the choice was right. Private to
 * common/ipc.
 *
 * Each function returns a slot's number, or -1 if there is none.
 */
#ifndef VITRINE_IPC_SLOTS_H
#define VITRINE_IPC_SLOTS_H

#include "handle.h"

/* The sequence number of the image in the slot; 0: it has none, or is being written. */
uint64_t slot_sequence(const struct vitrine_channel *channel, uint32_t slot);

/*
 * An upper bound on the slot's memory in bytes, as recorded by its writers; at most the slot's
 * size.
 */
uint64_t slot_resident(const struct vitrine_channel *channel, uint32_t slot);

/*
 * The slot with the highest sequence number, published or about to be, judging from the descriptors
 * alone.
 */
int highest_numbered_slot(const struct vitrine_channel *channel);

/* The slot that holds the newest image, from the semaphores. */
int latest_slot(const struct vitrine_channel *channel, const struct values *values);

/*
 * The preferred free slot: one that has pages and, among those, the one used last, which is still
 * in the cache. This is a third faster than using the slots in turn, and slots that are not needed
 * never get any memory.
 */
int warmest_free_slot(const struct vitrine_channel *channel, const struct values *values);

/*
 * The free slot that the next claim should use: the prepared one, or else the warmest. While
 * mirrors are in the channel, it is the one with the oldest image, so that mirrors can still read
 * the others: each image then stays for as many publications as there are slots, less one.
 */
int slot_to_claim(const struct vitrine_channel *channel, const struct values *values);

/* The slot of the oldest waiting image. */
int oldest_waiting_slot(const struct vitrine_channel *channel, const struct values *values);

/* The slot of the oldest waiting image that is not the newest, which mirrors need. */
int oldest_droppable_slot(const struct vitrine_channel *channel, const struct values *values);

#endif

/*
 * lifecycle.h - the functions and types shared by opening.c, creating.c and closing.c. Private to
 * common/ipc.
 */
#ifndef VITRINE_IPC_LIFECYCLE_H
#define VITRINE_IPC_LIFECYCLE_H

#include "handle.h"

/*
 * An internal result in addition to the error codes: the object found is gone, was removed by us,
 * or is not ready yet; try again.
 */
enum { START_OVER = 1 };

/* The options of one vitrine_open(), and its waiting for the creator of a set. */
struct request {
	uint32_t slots;
	uint32_t mode;
	uint64_t slot_size;
	uint64_t least_slot_size; /* the slot size that the caller gave; 0: none */
	bool default_key;
	bool any_owner;  /* allow a producer to join another user's channel */
	int waiting_for; /* semid of the set */
	uint64_t
		looks; /* sleeps so far; counted, so that time in which we are stopped is ignored */
};

/*
 * Creates the channel in the new set info.semid. START_OVER: another process condemned or removed
 * the set. Otherwise 0 or an error, after which nothing of the channel is left.
 */
int create_channel(struct vitrine_channel *channel, const struct request *request);

/*
 * Marks a half-made or retired set that no process is in, so that none can begin or join it, then
 * removes it by id. A set that is not retired must be removed only in this way: checking first and
 * then removing would lose images if the creator was merely slow. -EAGAIN: the set is alive, or a
 * process is in it.
 */
int condemn_set(struct vitrine_channel *channel);

/*
 * True if this user may remove the set. Otherwise the set must be neither retired nor condemned: no
 * process could join it any more, but it would still occupy the key.
 */
bool set_is_own(const struct vitrine_channel *channel);

/*
 * Leaves the set. If no other process is in the channel, no image waits, and the channel belongs to
 * this user, retires it and removes set and segment. If no process has the channel open any more
 * but images wait in it, returns their number; otherwise 0.
 */
int leave_channel(struct vitrine_channel *channel);

/*
 * Leaves a set whose segment is gone or belongs to another set, and removes the set even if images
 * wait in it. If the id now names another set, only removes the segment. Returns 0, or -errno of
 * the removal of the set.
 */
int leave_stranded_set(struct vitrine_channel *channel);

/* Unmaps the segment, if it is mapped. */
void detach_segment(struct vitrine_channel *channel);

/* Like segment_remove(), but also calls the observer. */
int remove_segment(const struct vitrine_channel *channel, int shmid);

#endif

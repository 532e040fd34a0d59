/* lifecycle.h - what opening.c, creating.c and closing.c share. Private to common/ipc. */
#ifndef VITRINE_LIFECYCLE_H
#define VITRINE_LIFECYCLE_H

#include "handle.h"

/* Internal verdict beside the error codes: what was found is gone, or was ours to remove. */
enum { START_OVER = 1 };

/* What was asked for, and how long we have been waiting for which set. */
struct request {
	uint32_t slots;
	uint32_t mode;
	uint64_t slot_size;
	uint64_t least_slot_size; /* what was asked for in so many words; 0: nothing */
	bool default_key;
	bool any_owner;  /* a producer joins a channel of another user, too */
	int waiting_for; /* semid */
	uint64_t looks;  /* at it: a pause of everybody must not count as slowness of one */
};

/*
 * Makes the channel in the brand new set info.semid. START_OVER: somebody condemned or removed it
 * meanwhile; otherwise 0 or an error, after which nothing of it is left.
 */
int create_channel(struct vitrine_channel *channel, const struct request *request);

/*
 * Marks a set that is half-made or retired, and in which nobody is, as not to be begun nor joined
 * by anybody, then removes it by id. Only so may a set be removed that is not retired: to look
 * first and remove then loses images, for the creator may only have been slow. -EAGAIN: somebody
 * is in it, or it is alive.
 */
int condemn_set(struct vitrine_channel *channel);

/*
 * Leaves the set and forgets it; whoever was the last retires the channel, if nothing waits, and
 * removes set and segment. Returns how many images wait in a channel that nobody is in any more.
 */
int leave_channel(struct vitrine_channel *channel);

/*
 * Leaves a set whose segment is gone or belongs to another set, and removes it, whatever waits in
 * it. Returns 0 or -errno of the removal.
 */
int leave_stranded_set(struct vitrine_channel *channel);

/* Unmaps the segment, if it is mapped. */
void detach_segment(struct vitrine_channel *channel);

/* segment_remove and semset_remove, with the observer told. */
int remove_segment(const struct vitrine_channel *channel, int shmid);
int remove_set(const struct vitrine_channel *channel, int semid);

#endif

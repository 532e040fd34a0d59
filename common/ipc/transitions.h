/*
 * transitions.h - every change of state of a channel, as an array of semaphore operations.
 *
 * The table is in transitions.c; the protocol, the X-ray, the documentation and the model all use
 * it. The semaphores mean:
 *
 *   mutex      held while the order of images is decided: by publish, take and steal
 *   empty      how many slots a producer may claim
 *   full       how many images wait for a consumer
 *   nothing    1 until the first image is published, then 0 for ever
 *   alive      1 while the channel is complete and not retired
 *   producers, consumers, mirrors   how many of each are in the channel
 *   ready i    the image in slot i waits for a consumer
 *   latest i   the image in slot i is the newest published one
 *   writer i   a producer is filling slot i
 *   reader i   a consumer has taken slot i
 */
#ifndef VITRINE_IPC_TRANSITIONS_H
#define VITRINE_IPC_TRANSITIONS_H

#include <stdint.h>
#include <sys/sem.h>

#include "vitrine.h"

/* The numbers of the semaphores in the set. */
enum semaphore {
	SEM_MUTEX,
	SEM_EMPTY,
	SEM_FULL,
	SEM_NOTHING,
	SEM_ALIVE,
	SEM_PRODUCERS, /* + enum vitrine_role */
	SEM_CONSUMERS,
	SEM_MIRRORS,
	SEM_SLOTS, /* + 4 * slot + enum slot_semaphore */
};

enum slot_semaphore {
	SLOT_READY,
	SLOT_LATEST,
	SLOT_WRITER,
	SLOT_READER,
	SLOT_SEMAPHORES,
};

enum { SEMAPHORES_MAX = SEM_SLOTS + SLOT_SEMAPHORES * VITRINE_SLOTS_MAX };

enum transition {
	T_BEGIN,
	T_INIT,
	T_CONDEMN,
	T_JOIN,
	T_RESERVE,
	T_CLAIM,
	T_CLAIM_AT_ONCE,
	T_UNRESERVE,
	T_STEAL,
	T_STEAL_RESERVE,
	T_STEAL_NOTHING,
	T_ABANDON,
	T_LOCK,
	T_UNLOCK,
	T_PUBLISH_FIRST,
	T_PUBLISH_OVER_DONE,
	T_PUBLISH_OVER_WAITING,
	T_PUBLISH_OVER_READING,
	T_WAIT_AND_LOCK,
	T_UNWAIT,
	T_TAKE,
	T_RELEASE,
	T_RELEASE_LATEST,
	T_REQUEUE,
	T_WAIT_NEWER,
	T_WAIT_FIRST,
	T_LEAVE,
	T_RETIRE,
	T_COUNT,
};

enum { OPERATIONS_MOST = 12 }; /* in one array */

/* The values of the table's symbols in one call. */
struct binding {
	enum vitrine_role role;
	uint32_t slots; /* N */
	int32_t slot;   /* i */
	int32_t latest; /* L */
};

/* "claim"; variants of one transition share a name. */
const char *transition_name(enum transition transition);

/* Writes the array with its symbols replaced. Returns the number of operations. */
unsigned transition_bind(enum transition transition, const struct binding *binding,
	struct sembuf operations[OPERATIONS_MOST]);

/*
 * The array as text: "empty -1U", "ready_i =0? latest_i =0? …", words separated by spaces; U is
 * SEM_UNDO, ? is IPC_NOWAIT, =0 is wait-for-zero. Returns `text`.
 */
const char *transition_text(enum transition transition, char *text, size_t size);

static inline uint32_t semaphore_count(uint32_t slots)
{
	return SEM_SLOTS + SLOT_SEMAPHORES * slots;
}

static inline uint32_t slot_semaphore(uint32_t slot, enum slot_semaphore which)
{
	return SEM_SLOTS + SLOT_SEMAPHORES * slot + which;
}

#endif

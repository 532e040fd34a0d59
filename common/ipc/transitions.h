/*
 * transitions.h - every change of state of a channel, as an array of semaphore operations.
 *
 * The table is in transitions.c; the protocol, the X-ray, the documentation and the model all use
 * it. The semaphores mean, once init has set their first values:
 *
 *   mutex      0 while publish, take or steal decides the order of images; otherwise 1
 *   empty      number of slots that producers may claim
 *   full       number of images that wait for a consumer
 *   nothing    1 until the first image is published, then 0 for ever
 *   alive      1 until the channel is retired
 *   producers, consumers, mirrors   number of each in the channel
 *   ready i    1 if the image in slot i waits for a consumer
 *   latest i   1 if the image in slot i is the newest published one
 *   writer i   1 if a producer has claimed slot i
 *   reader i   1 if a consumer has taken the image in slot i
 *
 * In each slot at most one of ready, writer and reader is 1.
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
	SEM_PRODUCERS, /* SEM_PRODUCERS + role is the count of a role */
	SEM_CONSUMERS,
	SEM_MIRRORS,
	SEM_SLOTS, /* the first semaphore of slot 0; see slot_semaphore() */
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

enum { OPERATIONS_MOST = 12 }; /* the largest number of operations in an array */

/* The values of the table's symbols in one execution of an array. */
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
 * Writes the array as text: "empty -1U", "ready_i =0? latest_i =0? …", operations separated by
 * spaces; U is SEM_UNDO, ? is IPC_NOWAIT, =0 is wait-for-zero. Returns `text`.
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

/*
 * transitions.c - the table of all semop arrays. Nothing here calls the kernel.
 *
 * To understand the table, note that:
 *  1. An array is executed whole or not at all.
 *  2. An array executed while the mutex is held must not sleep: if the holder of the mutex slept,
 *     every other process could wait for ever.
 *  3. SEM_UNDO undoes the unfinished work of a process that is killed. A pair such as `empty +1U
 *     empty -1` leaves the value of a semaphore unchanged but reduces the process's undo entry for
 *     it by 1: this part of the work is now finished, and the kernel no longer undoes it. In such a
 *     pair +1 comes first, so that the pair cannot sleep.
 */
#include "transitions.h"

#include <stdio.h>
#include <string.h>

enum symbol {
	END,
	MUTEX,
	EMPTY,
	FULL,
	NOTHING,
	ALIVE,
	PRODUCERS,
	CONSUMERS,
	MIRRORS,
	ROLE, /* producers, consumers or mirrors */
	READY_I,
	LATEST_I,
	WRITER_I,
	READER_I,
	READY_L,
	LATEST_L,
	READER_L,
};

static const char *const symbol_names[] = {
	[MUTEX] = "mutex",
	[EMPTY] = "empty",
	[FULL] = "full",
	[NOTHING] = "nothing",
	[ALIVE] = "alive",
	[PRODUCERS] = "producers",
	[CONSUMERS] = "consumers",
	[MIRRORS] = "mirrors",
	[ROLE] = "role",
	[READY_I] = "ready_i",
	[LATEST_I] = "latest_i",
	[WRITER_I] = "writer_i",
	[READER_I] = "reader_i",
	[READY_L] = "ready_L",
	[LATEST_L] = "latest_L",
	[READER_L] = "reader_L",
};

enum { N = 1000 }; /* stands for the number of slots */

#define U   SEM_UNDO
#define TRY IPC_NOWAIT

/* The common end of all publish arrays, after the operations on the old newest image. */
#define PUBLISH_I                                                                                  \
	{LATEST_I, +1, 0}, {WRITER_I, -1, U}, {EMPTY, +1, U}, {EMPTY, -1, 0}, {READY_I, +1, 0},    \
		{FULL, +1, 0},                                                                     \
	{                                                                                          \
		MUTEX, +1, U                                                                       \
	}

/* The consumer has finished with the image: the work of its take is no longer undone. */
#define RELEASE_I                                                                                  \
	{READER_I, -1, U}, {FULL, +1, U}, {FULL, -1, 0}, {READY_I, +1, U},                         \
	{                                                                                          \
		READY_I, -1, 0                                                                     \
	}

/* clang-format off */
static const struct {
	const char *name;
	struct { enum symbol semaphore; short change; short flags; } operations[OPERATIONS_MOST];
} table[T_COUNT] = {
	/*
	 * Opening: after a successful semget(IPC_EXCL), a process executes begin, creates the
	 * segment, then executes init.
	 */
	[T_BEGIN] = {"begin", {{MUTEX, 0, TRY}, {ALIVE, 0, TRY}, {ROLE, +1, U}}},
	[T_INIT] = {"init", {{MUTEX, +1, 0}, {EMPTY, N, 0}, {NOTHING, +1, 0}, {ALIVE, +1, 0}}},
	[T_CONDEMN] = {"condemn",
		{{ALIVE, 0, TRY}, {PRODUCERS, 0, TRY}, {CONSUMERS, 0, TRY}, {MIRRORS, 0, TRY},
		 {MUTEX, +1, 0}}},
	[T_JOIN] = {"join", {{ALIVE, -1, TRY}, {ALIVE, +1, 0}, {ROLE, +1, U}}},

	/* A producer's slot: reserve, claim, fill; then publish or abandon. */
	[T_RESERVE] = {"reserve", {{EMPTY, -1, U}}},
	[T_CLAIM] = {"claim",
		{{READY_I, 0, TRY}, {LATEST_I, 0, TRY}, {READER_I, 0, TRY}, {WRITER_I, 0, TRY},
		 {WRITER_I, +1, U}}},
	[T_CLAIM_AT_ONCE] = {"claim",
		{{EMPTY, -1, U | TRY}, {READY_I, 0, TRY}, {LATEST_I, 0, TRY}, {READER_I, 0, TRY},
		 {WRITER_I, 0, TRY}, {WRITER_I, +1, U}}},
	[T_UNRESERVE] = {"unreserve", {{EMPTY, +1, U}}},
	[T_STEAL] = {"steal",
		{{EMPTY, 0, TRY}, {FULL, -1, TRY}, {READY_I, -1, TRY}, {LATEST_I, 0, TRY},
		 {READER_I, 0, TRY}, {WRITER_I, 0, TRY}, {WRITER_I, +1, U}, {EMPTY, +1, 0},
		 {EMPTY, -1, U}, {MUTEX, +1, U}}},
	[T_STEAL_RESERVE] = {"reserve", {{EMPTY, -1, U | TRY}, {MUTEX, +1, U}}},
	[T_STEAL_NOTHING] = {"unlock", {{EMPTY, 0, TRY}, {MUTEX, +1, U}}},
	[T_ABANDON] = {"abandon", {{WRITER_I, -1, U}, {EMPTY, +1, U}}},
	[T_LOCK] = {"lock", {{MUTEX, -1, U}}},
	[T_UNLOCK] = {"unlock", {{MUTEX, +1, U}}},

	/*
	 * Publish: the old newest image is consumed (its slot becomes free), waiting, or being
	 * read.
	 */
	[T_PUBLISH_FIRST] = {"publish", {{NOTHING, -1, TRY}, PUBLISH_I}},
	[T_PUBLISH_OVER_DONE] = {"publish",
		{{READY_L, 0, TRY}, {READER_L, 0, TRY}, {LATEST_L, -1, TRY}, {EMPTY, +1, 0}, PUBLISH_I}},
	[T_PUBLISH_OVER_WAITING] = {"publish",
		{{READY_L, -1, TRY}, {READY_L, +1, 0}, {LATEST_L, -1, TRY}, PUBLISH_I}},
	[T_PUBLISH_OVER_READING] = {"publish",
		{{READER_L, -1, TRY}, {READER_L, +1, 0}, {LATEST_L, -1, TRY}, PUBLISH_I}},

	/* A consumer's slot: wait and lock, take, read; then release or requeue. */
	[T_WAIT_AND_LOCK] = {"wait and lock", {{FULL, -1, U}, {MUTEX, -1, U}}},
	[T_UNWAIT] = {"unwait", {{FULL, +1, U}, {MUTEX, +1, U}}},
	[T_TAKE] = {"take", {{READY_I, -1, U | TRY}, {READER_I, +1, U}, {MUTEX, +1, U}}},
	[T_RELEASE] = {"release", {{LATEST_I, 0, TRY}, RELEASE_I, {EMPTY, +1, 0}}},
	[T_RELEASE_LATEST] = {"release", {{LATEST_I, -1, TRY}, {LATEST_I, +1, 0}, RELEASE_I}},
	[T_REQUEUE] = {"requeue", {{READER_I, -1, U}, {FULL, +1, U}, {READY_I, +1, U}}},

	/* A mirror sleeps until the newest image is superseded; it changes nothing. */
	[T_WAIT_NEWER] = {"wait for newer", {{LATEST_L, 0, 0}}},
	[T_WAIT_FIRST] = {"wait for newer", {{NOTHING, 0, 0}}},

	/* The last process to leave retires the channel, if no image waits in it. */
	[T_LEAVE] = {"leave", {{ROLE, -1, U}}},
	[T_RETIRE] = {"retire",
		{{PRODUCERS, 0, TRY}, {CONSUMERS, 0, TRY}, {MIRRORS, 0, TRY}, {FULL, 0, TRY},
		 {ALIVE, -1, TRY}}},
};
/* clang-format on */

const char *transition_name(enum transition transition)
{
	return table[transition].name;
}

static unsigned short number_of(enum symbol symbol, const struct binding *binding)
{
	static const enum slot_semaphore of_slot[] = {
		[READY_I] = SLOT_READY,
		[LATEST_I] = SLOT_LATEST,
		[WRITER_I] = SLOT_WRITER,
		[READER_I] = SLOT_READER,
		[READY_L] = SLOT_READY,
		[LATEST_L] = SLOT_LATEST,
		[READER_L] = SLOT_READER,
	};

	if (symbol < ROLE)
		return (unsigned short)(SEM_MUTEX + (symbol - MUTEX));
	if (symbol == ROLE)
		return (unsigned short)(SEM_PRODUCERS + binding->role);
	return (unsigned short)slot_semaphore((uint32_t)(symbol < READY_L ? binding->slot
									  : binding->latest),
		of_slot[symbol]);
}

unsigned transition_bind(enum transition transition, const struct binding *binding,
	struct sembuf operations[OPERATIONS_MOST])
{
	unsigned count = 0;

	while (count < OPERATIONS_MOST && table[transition].operations[count].semaphore != END) {
		short change = table[transition].operations[count].change;

		operations[count] = (struct sembuf){
			.sem_num =
				number_of(table[transition].operations[count].semaphore, binding),
			.sem_op = change == N ? (short)binding->slots : change,
			.sem_flg = table[transition].operations[count].flags,
		};
		count++;
	}
	return count;
}

const char *transition_text(enum transition transition, char *text, size_t size)
{
	size_t used = 0;

	if (size > 0)
		text[0] = '\0';
	for (unsigned k = 0; k < OPERATIONS_MOST && used < size; k++) {
		const char *semaphore = symbol_names[table[transition].operations[k].semaphore];
		short change = table[transition].operations[k].change;
		short flags = table[transition].operations[k].flags;
		char amount[8];
		int n;

		if (table[transition].operations[k].semaphore == END)
			break;
		if (change == N)
			strcpy(amount, "+N");
		else
			snprintf(amount, sizeof(amount), change == 0 ? "=%d" : "%+d", change);
		n = snprintf(text + used, size - used, "%s%s %s%s%s", k > 0 ? " " : "", semaphore,
			amount, flags & SEM_UNDO ? "U" : "", flags & IPC_NOWAIT ? "?" : "");
		used += n > 0 ? (size_t)n : 0;
	}
	return text;
}

/*
 * calls.h - the last semop calls of this program: an observer writes them into a ring on the thread
 * that makes them, the X-ray and the trace file read it on theirs. The lock is held only while a few
 * words are copied, because the program may hold the channel's mutex meanwhile.
 *
 * A sleep is many naps in the kernel (the program looks at its quit flag in between); here they are
 * one call.
 */
#ifndef VITRINE_WATCH_CALLS_H
#define VITRINE_WATCH_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/sem.h>
#include <sys/types.h>

#include "vitrine.h"

#define CALLS_KEPT       2048
#define CALLS_OPERATIONS 12
#define CALLS_NAME_MAX   24

struct call {
	uint64_t number; /* 1, 2, 3 … */
	char name[CALLS_NAME_MAX];
	int32_t slot; /* -1: none */
	uint32_t count;
	struct sembuf operations[CALLS_OPERATIONS];
	pid_t thread;
	int64_t real_ns;    /* CLOCK_REALTIME, when it began */
	int64_t started_ns; /* CLOCK_MONOTONIC */
	int64_t ended_ns;   /* of its last nap; 0: it is in the kernel now */
	int32_t result;     /* 0, or -errno */
	long switches;      /* the thread's voluntary context switches, when its last nap began */
	bool has_slept;
};

/* What the kernel would do to a semaphore if this process ended now, by its SEM_UNDO operations. */
struct call_undo {
	uint32_t semaphore;
	int32_t change; /* never 0 */
};

struct calls;

struct calls *calls_create(void); /* NULL: no memory */
void calls_destroy(struct calls *calls);

/* A vitrine_observer; `data` is a struct calls. System calls other than semop are left out. */
void calls_observe(const struct vitrine_event *event, void *data);

/* Copies the newest calls, newest first. Any thread. Returns how many. */
size_t calls_newest(struct calls *calls, struct call *newest, size_t max);

/*
 * Copies calls that are over and have a number above *cursor, oldest first, and moves *cursor on.
 * *lost grows by those that were overwritten before they were read. Returns how many.
 */
size_t calls_since(struct calls *calls, int64_t now, uint64_t *cursor, struct call *since,
	size_t max, uint64_t *lost);

/*
 * Copies the undo entries of this process, by the number of the semaphore. The kernel does not show
 * them; they are computed from the calls since it joined its channel. Any thread. Returns how many.
 */
size_t calls_undo(struct calls *calls, struct call_undo *undo, size_t max);

/* Whether it sleeps, or slept a moment ago and is about to go on. */
bool call_is_asleep(const struct call *call, int64_t now);

/* How long it was in the kernel; so far, if it is. */
int64_t call_duration(const struct call *call, int64_t now);

/* More than a system call takes: it slept, or had to wait for a processor. */
#define CALL_LONG_NS INT64_C(1000000)

#endif

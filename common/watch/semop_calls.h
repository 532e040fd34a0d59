/*
 * semop_calls.h - the last semop calls of this program. An observer writes them into a ring on the
 * thread that makes them; the X-ray and the trace file read the ring on their own threads. The lock
 * is held only while a few words are copied, because the program may hold the channel's mutex at
 * that time.
 *
 * The program sleeps in short naps, between which it checks whether it must end; here all naps of
 * one sleep are one call.
 */
#ifndef VITRINE_WATCH_SEMOP_CALLS_H
#define VITRINE_WATCH_SEMOP_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/sem.h>
#include <sys/types.h>

#include "vitrine.h"

#define SEMOP_CALLS_KEPT       2048
#define SEMOP_CALLS_OPERATIONS 12
#define SEMOP_CALLS_NAME_MAX   24

struct semop_call {
	uint64_t number; /* 1, 2, 3 … */
	char name[SEMOP_CALLS_NAME_MAX];
	int32_t slot; /* -1: none */
	uint32_t count;
	struct sembuf operations[SEMOP_CALLS_OPERATIONS];
	pid_t thread;
	int64_t real_ns;    /* CLOCK_REALTIME, when it began */
	int64_t started_ns; /* CLOCK_MONOTONIC */
	int64_t ended_ns;   /* end of its last nap; 0: it is in the kernel now */
	int32_t result;     /* 0, or -errno */
	long switches;      /* the thread's voluntary context switches, when its last nap began */
	bool has_slept;
};

/* What the kernel would do to a semaphore if this process ended now, by its SEM_UNDO operations. */
struct semop_call_undo {
	uint32_t semaphore;
	int32_t change; /* never 0 */
};

struct semop_calls;

struct semop_calls *semop_calls_create(void); /* NULL: no memory */
void semop_calls_destroy(struct semop_calls *calls);

/* A vitrine_observer; `data` is a struct semop_calls. Ignores system calls other than semop. */
void semop_calls_observe(const struct vitrine_event *event, void *data);

/* Copies the newest calls, newest first. Any thread. Returns their number. */
size_t semop_calls_newest(struct semop_calls *calls, struct semop_call *newest, size_t max);

/*
 * Copies the completed calls with numbers above *cursor, oldest first, and advances *cursor. Adds
 * to *lost the number of calls that were overwritten before they were read. Returns the number of
 * calls copied.
 */
size_t semop_calls_since(struct semop_calls *calls, int64_t now, uint64_t *cursor,
	struct semop_call *since, size_t max, uint64_t *lost);

/*
 * Copies the undo entries of this process, in the order of the semaphores' numbers. The kernel does
 * not show them, so they are computed from all calls since it joined its channel. Any thread.
 * Returns their number.
 */
size_t semop_calls_undo(struct semop_calls *calls, struct semop_call_undo *undo, size_t max);

/* True if it sleeps, or is between two naps. */
bool semop_call_is_asleep(const struct semop_call *call, int64_t now);

/* How long the call took; if it is still in the kernel, how long so far. */
int64_t semop_call_duration(const struct semop_call *call, int64_t now);

/* Longer than a system call takes by itself: the thread slept, or waited for a processor. */
#define SEMOP_CALL_LONG_NS INT64_C(1000000)

#endif

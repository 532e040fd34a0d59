/*
 * watch.h - everything that System V IPC shows on this machine, one look after another: objects,
 * values, which process waits, has what attached, or sleeps where. A look is cheap if little has
 * changed: it always reads the values, but reads the waiters and /proc only where something
 * changed, otherwise once a second.
 */
#ifndef VITRINE_SYSV_WATCH_H
#define VITRINE_SYSV_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sysv/objects.h"
#include "sysv/set.h"
#include "sysv/users.h"

#define WATCH_CHOICES_MAX 64

/* One object that the user chose, by its id or by its key. */
struct watch_choice {
	enum sysv_kind kind;
	bool is_key;
	int32_t number;
};

struct watch_semaphore {
	uint16_t value;
	struct sysv_waiters waiters;
};

struct watch_set {
	struct sysv_object object;
	int error; /* 0: the other members are valid; otherwise a negative errno, such as -EACCES */
	uint32_t count;
	struct watch_semaphore *semaphores;
	int64_t moved_ns;   /* when a value last changed or a process waited: CLOCK_MONOTONIC */
	int64_t waiters_ns; /* when the waiters were last read */
};

struct watch {
	struct watch_choice choices[WATCH_CHOICES_MAX];
	size_t choice_count; /* 0: all objects, and the POSIX semaphores */
	struct watch_set *sets;
	size_t set_count;
	struct sysv_objects segments;
	struct sysv_objects queues;
	struct sysv_nameds nameds;
	struct sysv_users users;
	struct sysv_values buffer;
	int64_t users_ns;      /* when the sleepers were last read */
	uint64_t segments_sum; /* a hash of what attaching and detaching would change */
	uint64_t waiters_sum;
};

/* `watch` is zero except for its choices. Returns 0 or a negative errno. */
int watch_begin(struct watch *watch);
void watch_end(struct watch *watch);

/* Takes a look. Returns 0 or a negative errno; -ENOENT: there is no /proc/sysvipc. */
int watch_look(struct watch *watch);

/* The operation at which a sleeper waits, by the values seen; -1: not known. */
int watch_blocked_at(const struct watch *watch, const struct sysv_sleeper *sleeper);

/* NULL: it was not seen. */
const struct watch_set *watch_find_set(const struct watch *watch, int id);

#endif

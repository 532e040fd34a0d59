/*
 * sysv_snapshot.h - the state of System V IPC on this machine, and how to bring it up to date again
 * and again: the objects, their values, which processes have which segments attached, and which
 * ones sleep in which call.
 *
 * A look is cheap. It always reads the lists and all values. It reads the waiters of a semaphore if
 * its value has changed or a process waits for it, otherwise once a second; in a set that nobody
 * has used for ten seconds, as soon as a search finds a process asleep there, otherwise every five
 * seconds. (A search may be unable to find a process of another user.) If something has changed, it
 * looks at the processes that were found asleep before; once a second it looks at all processes. It
 * searches for mappings if a segment was attached or detached. Searches through all processes use
 * at most 1% of the time, so what a look reports about processes may be a second old or older.
 */
#ifndef VITRINE_SYSV_SYSV_SNAPSHOT_H
#define VITRINE_SYSV_SYSV_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sysv/objects.h"
#include "sysv/origin.h"
#include "sysv/set.h"
#include "sysv/sysv_processes.h"

#define SNAPSHOT_CHOICES_MAX 64

/*
 * An object that the user chose by its id or its key, or all objects whose key was made from a
 * file.
 */
struct snapshot_choice {
	enum sysv_kind kind;
	enum snapshot_by { SNAPSHOT_BY_ID, SNAPSHOT_BY_KEY, SNAPSHOT_BY_FILE } by;
	int32_t number; /* the id or the key */
	struct origin_file file;
	const char *path; /* of the file */
};

struct snapshot_semaphore {
	uint16_t value;
	bool has_last; /* waiters.last stays valid until the set's times change */
	struct sysv_waiters waiters;
};

struct snapshot_set {
	struct sysv_object object;
	int error; /* 0: the other members are valid; otherwise a negative errno, such as -EACCES */
	uint32_t count;
	struct snapshot_semaphore *semaphores;
	bool is_read;     /* the waiters of each semaphore were read at least once */
	uint64_t changed; /* the number of the look that last found a change in it */
};

/* A search through all processes: when it began, and how long it took. */
struct snapshot_search {
	int64_t began_ns; /* CLOCK_MONOTONIC; 0: none yet */
	int64_t took_ns;
};

struct sysv_snapshot {
	struct snapshot_choice choices[SNAPSHOT_CHOICES_MAX];
	size_t choice_count;                 /* 0: all objects, and the POSIX semaphores */
	struct sysv_objects all[SYSV_KINDS]; /* all objects, even if they were not chosen */
	struct snapshot_set *sets;           /* in the kernel's order */
	size_t set_count;
	struct snapshot_position { /* of the sets, by their ids */
		int id;
		uint32_t position;
	} * positions;
	struct sysv_objects segments;
	struct sysv_objects queues;
	struct sysv_nameds nameds;
	struct origin_qt qt;
	struct sysv_processes
		users; /* `since_ns`: when the first of several looks found it asleep */
	struct sysv_values buffer;
	uint64_t looks;
	int64_t look_ns;       /* when the last look began */
	uint64_t turn;         /* the first semaphore whose waiters are read in the next look */
	uint64_t turns;        /* how often all of them were read */
	uint64_t segments_sum; /* a hash of what attaching and detaching would change */
	struct snapshot_search mappings, sleepers;
};

/* `snapshot` is zero except for its choices. Returns 0 or a negative errno. */
int snapshot_begin(struct sysv_snapshot *snapshot);
void snapshot_end(struct sysv_snapshot *snapshot);

/*
 * Takes a look: brings everything up to date. Returns 0 or a negative errno; -ENOENT: there is no
 * /proc/sysvipc.
 */
int snapshot_update(struct sysv_snapshot *snapshot);

/* The operation at which a sleeper waits, by the values seen; -1: not known. */
int snapshot_blocked_at(const struct sysv_snapshot *snapshot, const struct sysv_sleeper *sleeper);

/* The choice that an object fits; NULL: none. */
const struct snapshot_choice *snapshot_find_choice(const struct sysv_snapshot *snapshot,
	const struct sysv_object *object);

/* True if a sleeper sleeps on an object that was chosen; without choices, that is every one. */
bool snapshot_has_sleeper(const struct sysv_snapshot *snapshot, const struct sysv_sleeper *sleeper);

/* NULL: it was not seen. */
const struct snapshot_set *snapshot_find_set(const struct sysv_snapshot *snapshot, int id);

#endif

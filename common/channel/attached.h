/*
 * attached.h - the programs that have a channel's segment attached, and the semaphores they sleep
 * on, as far as /proc lets this user see them. For the windows and for vitrine status. It reads
 * files and may be slow: do not call it on the drawing thread.
 */
#ifndef VITRINE_CHANNEL_ATTACHED_H
#define VITRINE_CHANNEL_ATTACHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vitrine.h"

#define ATTACHED_MAX      16
#define ATTACHED_NAME_MAX 32

struct attached_program {
	pid_t pid;
	char name[ATTACHED_NAME_MAX]; /* "vitrine-producer", "python3" */
	int32_t sleeps_on;            /* number of a semaphore; -1: awake or unknown */
	bool writes;                  /* its mapping is writable */
	bool is_mirror;               /* when last seen asleep, it waited for a value of 0 */
};

/*
 * Searches /proc for mappings of the segment, except those that a child has from its parent in the
 * first second, in which it may call exec(). sleeps_on is set to -1 in all entries. Returns the
 * number of programs.
 */
size_t attached_find(int shmid, struct attached_program *programs, size_t max);

/* A short name: our own programs by their role, "producer"; a mirror is "mirror". */
const char *attached_role(const struct attached_program *program);

/*
 * Finds out which semaphore of the set `semid` each program sleeps on, and which are mirrors: they
 * sleep until a value is 0, and others never do. `snapshot` has the set's values.
 */
void attached_look(struct attached_program *programs, size_t count, int semid,
	const struct vitrine_snapshot *snapshot);

/* True if the process has a thread of this name (at most 15 bytes). */
bool attached_has_thread(pid_t pid, const char *name);

#endif

/*
 * attached.h - the programs that have a channel's segment attached, and on which semaphore they
 * sleep, as far as /proc lets this user see it; what cannot be seen is not claimed. For
 * the windows and for vitrine status. It reads files
 * and takes its time: not for the thread that draws.
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
	int32_t sleeps_on;            /* number of a semaphore; -1: it is awake, or not known */
	bool writes;                  /* its mapping lets it write */
};

/*
 * Looks through /proc for mappings of the segment. sleeps_on is -1 in all of them. Returns how many.
 */
size_t attached_find(int shmid, struct attached_program *programs, size_t max);

/* A name where there is little room: our own are called by what they are, "producer". */
const char *attached_short_name(const char *name);

/* Finds out what each of them sleeps on in the set `semid`, whose values `snapshot` has. */
void attached_look(struct attached_program *programs, size_t count, int semid,
	const struct vitrine_snapshot *snapshot);

/* Whether a thread of the process calls itself `name` (15 bytes at most). */
bool attached_has_thread(pid_t pid, const char *name);

#endif

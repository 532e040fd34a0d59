/*
 * scope.h - what the X-ray looks at: the objects that the user chose, the names of their
 * semaphores, and the programs to start under control. The command `vitrine xray` and its window
 * take the same options.
 */
#ifndef VITRINE_SCOPE_SCOPE_H
#define VITRINE_SCOPE_SCOPE_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/tracer.h"
#include "sysv/names.h"
#include "sysv/sysv_snapshot.h"

#define SCOPE_PROGRAMS_MAX 16
#define SCOPE_CHANNELS_MAX 64

/* Initially all zeros. */
struct scope {
	struct sysv_snapshot snapshot;
	struct sysv_names names;
	struct scope_channel { /* segments that look like a channel */
		int32_t segment;
		int32_t set; /* its set; -1: it is not a channel */
	} channels[SCOPE_CHANNELS_MAX];
	size_t channel_count;
	uint64_t channels_sum; /* a hash of the objects among which they were found */
	struct tracer_program programs[SCOPE_PROGRAMS_MAX];
	size_t program_count;
	const char *replay; /* --replay: the file of a schedule; NULL: none */
};

/* --sem, --shm, --msg, --names, --enum, --replay. The input is the struct scope. */
extern const struct argp scope_argp;

/*
 * Takes the programs from the command line: launch_split(). They read from /dev/null and write to
 * standard error. Returns the number of words that are options; 0, with `reason`: wrong usage.
 */
int scope_split(struct scope *scope, int argc, char **argv, char reason[TRACER_REASON_MAX]);

/* Chooses the set and the segment under a key, as --key does. */
void scope_choose_key(struct scope *scope, int32_t key);

/*
 * Writes the origin of an object's key: " (made from ./buffer.c)", or " (Qt: MySharedMemory)"; ""
 * if nothing is. Of a very long path, the end. Safe to print on a terminal. Returns `text`.
 */
#define SCOPE_ORIGIN_MAX 640
char *scope_origin(const struct scope *scope, const struct sysv_object *object,
	char text[SCOPE_ORIGIN_MAX]);

/*
 * Finds the channels of this user among the objects of the last look; the semaphores of a channel
 * have fixed names. Only a segment itself tells whether it is a channel, so a candidate is attached
 * read-only, once: one whose key is also the key of a set with as many semaphores as a channel has.
 * No other segment is ever attached.
 */
void scope_find_channels(struct scope *scope);

/*
 * A call_namer: the name of a semaphore, safe to print on a terminal. `data` is the struct scope.
 */
void scope_name(void *data, int set, unsigned semaphore, char *text, size_t size);

#endif

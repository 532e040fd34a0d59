/*
 * tracefile.h - --trace and --record: the semop calls of this program as Chrome trace events, and the
 * states of the channel between them, in a file that all programs of a channel share. Perfetto and
 * chrome://tracing open it, and vitrine play plays it back. Each line is one event,
 * written whole (O_APPEND); the last program that closes the file makes it valid JSON. All calls but
 * open and close are for one thread.
 */
#ifndef VITRINE_WATCH_TRACEFILE_H
#define VITRINE_WATCH_TRACEFILE_H

#include <stddef.h>
#include <stdint.h>

#include "calls.h"
#include "vitrine.h"

struct tracefile;

/*
 * Opens or makes the file; goes on with one that other programs write or wrote. NULL: `message` says
 * why, e.g. that it is not a trace and is not changed.
 */
struct tracefile *tracefile_open(const char *path, const char *program, char *message, size_t size);
void tracefile_close(struct tracefile *file); /* NULL is allowed */

/*
 * Writes a call that is over, its sleep, and what it ended in its slot: writing, ready, reading.
 * `snapshot` (may be NULL) was made after the call; from it comes since when an image was ready.
 */
void tracefile_call(struct tracefile *file, const struct vitrine_info *info,
	const struct vitrine_snapshot *snapshot, const struct call *call);

/*
 * Writes the values of all semaphores and the names of the images, if they differ from what this
 * program wrote last: what a recording is played back from. The snapshot was made between the two
 * times (CLOCK_MONOTONIC).
 */
void tracefile_state(struct tracefile *file, const struct vitrine_info *info,
	const struct vitrine_snapshot *snapshot, int64_t from_ns, int64_t to_ns);

/* Says that calls were made faster than they could be written. */
void tracefile_lost(struct tracefile *file, uint64_t count);

#endif

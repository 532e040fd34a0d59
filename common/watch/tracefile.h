/*
 * tracefile.h - --trace and --record: the semop calls of this program as Chrome trace events, and
 * the states of the channel between them, in a file that all programs of a channel share. Perfetto
 * and chrome://tracing open it, and vitrine play plays it back. Each line is one event,
 * written whole (O_APPEND); the last program that closes the file makes it valid JSON. All calls
 * but open and close are for one thread.
 */
#ifndef VITRINE_WATCH_TRACEFILE_H
#define VITRINE_WATCH_TRACEFILE_H

#include <stddef.h>
#include <stdint.h>

#include "semop_calls.h"
#include "vitrine.h"

struct tracefile;

/*
 * Creates the file, or appends to one that other programs write or wrote. NULL: `message` says why,
 * for example that the file is not a trace; it was not changed then.
 */
struct tracefile *tracefile_open(const char *path, const char *program, char *message, size_t size);
void tracefile_close(struct tracefile *file); /* NULL is allowed */

/*
 * Writes a completed call, its sleep, and the state of its slot that it ended: writing, ready,
 * reading. `snapshot` (may be NULL) was taken after the call; it says since when an image had been
 * ready.
 */
void tracefile_call(struct tracefile *file, const struct vitrine_info *info,
	const struct vitrine_snapshot *snapshot, const struct semop_call *call);

/*
 * Writes the values of all semaphores and the names of the images, if they differ from those that
 * this program wrote last. A recording is played back from them. The snapshot was taken between the
 * two times (CLOCK_MONOTONIC).
 */
void tracefile_state(struct tracefile *file, const struct vitrine_info *info,
	const struct vitrine_snapshot *snapshot, int64_t from_ns, int64_t to_ns);

/*
 * Writes that `count` calls are missing, because they were made faster than they could be written.
 */
void tracefile_lost(struct tracefile *file, uint64_t count);

#endif

/*
 * child.h - the process of a decoder: starts it with only the descriptors that wire.h lists, ends
 * it, and finds out why it died. Private to decoder.c.
 */
#ifndef VITRINE_IMAGE_CHILD_H
#define VITRINE_IMAGE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "text.h"

struct child {
	pid_t pid;             /* 0: no process */
	int socket;            /* -1: no socket */
	const uint8_t *window; /* WIRE_PARTS * WIRE_PART_BYTES, read-only; NULL: none */
};

/*
 * Starts `program` with `suffix` added to its name. NULL: vitrine-decoder, beside this program or
 * where it is installed. `memory`: bytes that the pixels of a file may take. false: `reason` says
 * why.
 */
bool child_start(struct child *child, const char *program, const char *suffix, uint64_t memory,
	char reason[TEXT_REASON_MAX]);

/* True if that program is installed. */
bool child_is_installed(const char *program, const char *suffix);

/* True if it is alive and idle: it has not ended, and has sent no unrequested message. */
bool child_is_ready(const struct child *child);

/* Allows it this many more nanoseconds of processor time. */
void child_limit_time(const struct child *child, int64_t ns);

/* Kills and forgets it. Safe to call twice. */
void child_end(struct child *child);

/*
 * Call after it closed the socket: waits for its end, writes the cause, then does as child_end().
 */
void child_bury(struct child *child, char reason[TEXT_REASON_MAX]);

#endif

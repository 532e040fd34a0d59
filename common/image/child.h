/*
 * child.h - the process of a decoder: starts it with only what wire.h lists, ends it, and finds out
 * why it died. Private to decoder.c.
 */
#ifndef VITRINE_IMAGE_CHILD_H
#define VITRINE_IMAGE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "text.h"

struct child {
	pid_t pid;             /* 0: there is none */
	int socket;            /* -1: there is none */
	const uint8_t *window; /* WIRE_PARTS * WIRE_PART_BYTES, read-only; NULL: there is none */
};

/*
 * Starts `program`, or vitrine-decoder beside this program or where it is installed if that is NULL,
 * with `suffix` added to its name. `memory`: bytes that the pixels of a file may take. false: `reason`
 * says why.
 */
bool child_start(struct child *child, const char *program, const char *suffix, uint64_t memory,
	char reason[TEXT_REASON_MAX]);

/* Whether that program is there. */
bool child_is_installed(const char *program, const char *suffix);

/* Whether it is there and waits for a request: it has not ended, and has said nothing unasked. */
bool child_is_ready(const struct child *child);

/* From now on it may use this many nanoseconds of processor time. */
void child_limit_time(const struct child *child, int64_t ns);

/* Kills it and forgets it. Safe to call twice. */
void child_end(struct child *child);

/* It closed the socket: waits for its end, and says what that was in words. Then as child_end(). */
void child_bury(struct child *child, char reason[TEXT_REASON_MAX]);

#endif

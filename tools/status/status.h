/* status.h - one look at a channel, and the two formats to print it. status.c does the looking. */
#ifndef VITRINE_TOOLS_STATUS_H
#define VITRINE_TOOLS_STATUS_H

#include <stdint.h>
#include <stdio.h>

#include "attached.h"
#include "vitrine.h"

#define STATUS_PROCESSES 64

struct status {
	const struct vitrine_key *key;
	bool exists; /* the fields below are valid */
	struct vitrine_info info;
	struct vitrine_snapshot snapshot;
	uint64_t resident; /* bytes of memory, according to the kernel */
	uint32_t attached; /* attachments, without this program's */
	struct attached_program processes[STATUS_PROCESSES];
	size_t process_count;
};

const char *status_state(const struct vitrine_slot_info *slot); /* "ready" */

void status_print(FILE *file, const struct status *status); /* for people */
void status_json(FILE *file, const struct status *status);  /* one line */

#endif

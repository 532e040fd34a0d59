/*
 * status.h - one look at a channel, and the two ways to tell of it. status.c looks.
 */
#ifndef VITRINE_TOOLS_STATUS_H
#define VITRINE_TOOLS_STATUS_H

#include <stdint.h>
#include <stdio.h>

#include "attached.h"
#include "vitrine.h"

#define STATUS_PROCESSES 64

struct status {
	const struct vitrine_key *key;
	bool exists; /* all that follows is there */
	struct vitrine_info info;
	struct vitrine_snapshot snapshot;
	uint64_t resident; /* bytes of memory, as the kernel counts them */
	uint32_t attached; /* attachments, this program's left out */
	struct attached_program processes[STATUS_PROCESSES];
	size_t process_count;
};

const char *status_state(const struct vitrine_slot_info *slot); /* "ready" */

void status_print(FILE *file, const struct status *status); /* for people */
void status_json(FILE *file, const struct status *status);  /* one line */

#endif

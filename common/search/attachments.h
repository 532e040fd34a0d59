/*
 * attachments.h - the segments that programs under control have attached, known from their calls, and a
 * hash of the contents: two states with different contents must not be treated as one.
 */
#ifndef VITRINE_SEARCH_ATTACHMENTS_H
#define VITRINE_SEARCH_ATTACHMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/control.h"

#define ATTACHMENTS_HASHED                                                                         \
	1048576 /* total size up to which segments are hashed; above it, no hash is made */

struct attachment {
	pid_t pid;
	int segment;
	uint64_t address, size;
	bool writes; /* attached for writing */
};

struct attachments {
	struct attachment *list;
	size_t count, room;
	bool is_incomplete; /* there was no memory for one of them */
};

/* Notes a call that this process has done: shmat and shmdt. */
void attachments_note(struct attachments *attachments, const struct tracer_task *task,
	const struct call *call);
/* Notes that a process was born by fork(), or has ended or called exec. */
void attachments_fork(struct attachments *attachments, pid_t parent, pid_t child);
void attachments_forget(struct attachments *attachments, pid_t pid);
void attachments_clear(struct attachments *attachments);
void attachments_end(struct attachments *attachments);

/* Hashes the contents of all attached segments. false: too large, unreadable, or not all known. */
bool attachments_hash(const struct attachments *attachments, uint64_t *hash);

#endif

/*
 * memory.h - the segments that programs under control have attached, known from their calls, and a
 * hash of the contents: two states with different contents must not be treated as one.
 */
#ifndef VITRINE_SEARCH_MEMORY_H
#define VITRINE_SEARCH_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/control.h"

#define MEMORY_HASHED                                                                              \
	1048576 /* total size up to which segments are hashed; above it, no hash is made */

struct memory_attachment {
	pid_t pid;
	int segment;
	uint64_t address, size;
	bool writes; /* attached for writing */
};

struct memory {
	struct memory_attachment *attachments;
	size_t count, room;
};

/* Notes a call that this process has done: shmat and shmdt. */
void memory_note(struct memory *memory, const struct tracer_task *task, const struct call *call);
/* Notes that a process was born by fork(), or has ended or called exec. */
void memory_fork(struct memory *memory, pid_t parent, pid_t child);
void memory_forget(struct memory *memory, pid_t pid);
void memory_clear(struct memory *memory);
void memory_end(struct memory *memory);

/* Hashes the contents of all attached segments. false: too large, or unreadable. */
bool memory_hash(const struct memory *memory, uint64_t *hash);

#endif

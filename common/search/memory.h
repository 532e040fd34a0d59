/*
 * memory.h - the segments that programs under control have attached, by their calls, and a hash of
 * what lies in them: two states with different contents must not be taken for one.
 */
#ifndef VITRINE_SEARCH_MEMORY_H
#define VITRINE_SEARCH_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/control.h"

#define MEMORY_HASHED 1048576 /* bytes at most of all segments; of more, no hash is made */

struct memory_attachment {
	pid_t pid;
	int segment;
	uint64_t address, size;
	bool writes; /* it may */
};

struct memory {
	struct memory_attachment *attachments;
	size_t count, room;
};

/* A call of this process was done: takes shmat and shmdt. */
void memory_note(struct memory *memory, const struct tracer_task *task, const struct call *call);
/* A process was born by fork(), or has ended or called exec. */
void memory_fork(struct memory *memory, pid_t parent, pid_t child);
void memory_forget(struct memory *memory, pid_t pid);
void memory_clear(struct memory *memory);
void memory_end(struct memory *memory);

/* Over the contents of all segments that somebody has attached. false: too much, or unreadable. */
bool memory_hash(const struct memory *memory, uint64_t *hash);

#endif

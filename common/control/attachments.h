/*
 * attachments.h - the segments that programs under control have attached, and other memory that
 * they share, known from their calls. Shared memory counts as a segment with a negative id.
 */
#ifndef VITRINE_CONTROL_ATTACHMENTS_H
#define VITRINE_CONTROL_ATTACHMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/call.h"

/* What the process may do with an attached segment at this moment. */
enum attachment_protection {
	PROTECTION_FULL, /* what shmat() gave it */
	PROTECTION_READ, /* only read */
	PROTECTION_NONE, /* nothing: each access faults */
};

struct attachment {
	pid_t pid;
	int segment;
	uint64_t address, size;
	uint64_t offset; /* where its first byte is in the segment */
	bool writes;     /* attached for writing */
	/* Used by guard.c only. */
	uint64_t caller; /* the address of an instruction that makes system calls */
	enum attachment_protection protection;
	unsigned accesses; /* since the last call of its process */
};

struct attachments {
	struct attachment *list;
	size_t count;
	bool is_incomplete; /* there was no memory for one of them, or a part of one was unmapped */
};

/* Notes a call that the process has done: shmat and shmdt, mmap and munmap. */
void attachments_note(struct attachments *attachments, pid_t pid, const struct call *call);
/* Notes that a process was born by fork(), or has ended or called exec. */
void attachments_fork(struct attachments *attachments, pid_t parent, pid_t child);
void attachments_forget(struct attachments *attachments, pid_t pid);
void attachments_clear(struct attachments *attachments);
void attachments_end(struct attachments *attachments);

/* The attachment of this process that covers an address. NULL: there is none. */
struct attachment *attachments_at(const struct attachments *attachments, pid_t pid,
	uint64_t address);

/* The offset in the segment of an address that it covers. */
uint64_t attachment_offset(const struct attachment *attachment, uint64_t address);

/* The bytes that it covers: whole pages. */
uint64_t attachment_length(const struct attachment *attachment);

#endif

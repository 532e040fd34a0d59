/* memory.c - see memory.h. */
#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/uio.h>

#include "search/action.h"

static void add(struct memory *memory, struct memory_attachment attachment)
{
	if (memory->count == memory->room) {
		size_t room = 2 * memory->room + 8;
		struct memory_attachment *attachments =
			reallocarray(memory->attachments, room, sizeof(*attachments));

		if (attachments == NULL)
			return;
		memory->attachments = attachments;
		memory->room = room;
	}
	memory->attachments[memory->count++] = attachment;
}

void memory_note(struct memory *memory, const struct tracer_task *task, const struct call *call)
{
	struct shmid_ds status;

	if (call->result < 0 && call->result >= -4095)
		return;
	if (call->kind == CALL_SHMAT) {
		if (shmctl(call->id, IPC_STAT, &status) == 0)
			add(memory, (struct memory_attachment){
					    .pid = task->pid,
					    .segment = call->id,
					    .address = (uint64_t)call->result,
					    .size = status.shm_segsz,
					    .writes = (call->flags & SHM_RDONLY) == 0,
				    });
		return;
	}
	if (call->kind != CALL_SHMDT)
		return;
	for (size_t i = 0; i < memory->count; i++) {
		if (memory->attachments[i].pid != task->pid ||
			memory->attachments[i].address != call->address)
			continue;
		memory->attachments[i] = memory->attachments[--memory->count];
		return;
	}
}

void memory_fork(struct memory *memory, pid_t parent, pid_t child)
{
	for (size_t i = 0, count = memory->count; i < count; i++) {
		struct memory_attachment attachment = memory->attachments[i];

		if (attachment.pid != parent)
			continue;
		attachment.pid = child;
		add(memory, attachment);
	}
}

void memory_forget(struct memory *memory, pid_t pid)
{
	size_t kept = 0;

	for (size_t i = 0; i < memory->count; i++)
		if (memory->attachments[i].pid != pid)
			memory->attachments[kept++] = memory->attachments[i];
	memory->count = kept;
}

void memory_clear(struct memory *memory)
{
	memory->count = 0;
}

void memory_end(struct memory *memory)
{
	free(memory->attachments);
	*memory = (struct memory){0};
}

/* Whether an earlier attachment is of the same segment. */
static bool is_repeated(const struct memory *memory, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (memory->attachments[i].segment == memory->attachments[at].segment)
			return true;
	return false;
}

bool memory_hash(const struct memory *memory, uint64_t *hash)
{
	static uint64_t words[MEMORY_HASHED / sizeof(uint64_t)];
	uint64_t left = MEMORY_HASHED, sum = 0;

	for (size_t i = 0; i < memory->count; i++) {
		const struct memory_attachment *attachment = &memory->attachments[i];
		uint64_t size = (attachment->size + 7) / 8 * 8, own = attachment->size;
		struct iovec here = {words, attachment->size};
		struct iovec there = {(void *)(uintptr_t)attachment->address, attachment->size};

		if (is_repeated(memory, i))
			continue;
		if (size > left)
			return false;
		left -= size;
		words[size / 8 - 1] = 0;
		if (process_vm_readv(attachment->pid, &here, 1, &there, 1, 0) !=
			(ssize_t)attachment->size)
			return false;
		for (uint64_t word = 0; word < size / 8; word++)
			if (words[word] != 0)
				own = action_mix(own ^ word, words[word]);
		sum += own; /* independently of the order in which they were attached */
	}
	*hash = sum;
	return true;
}

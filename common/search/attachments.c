/* attachments.c - see attachments.h. */
#include "attachments.h"

#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/uio.h>

#include "search/action.h"

static void add(struct attachments *attachments, struct attachment attachment)
{
	if (attachments->count == attachments->room) {
		size_t room = 2 * attachments->room + 8;
		struct attachment *list = reallocarray(attachments->list, room, sizeof(*list));

		if (list == NULL) {
			attachments->is_incomplete = true;
			return;
		}
		attachments->list = list;
		attachments->room = room;
	}
	attachments->list[attachments->count++] = attachment;
}

void attachments_note(struct attachments *attachments, const struct tracer_task *task,
	const struct call *call)
{
	struct shmid_ds status;

	if (call->result < 0 && call->result >= -4095)
		return;
	if (call->kind == CALL_SHMAT) {
		if (shmctl(call->id, IPC_STAT, &status) == 0)
			add(attachments, (struct attachment){
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
	for (size_t i = 0; i < attachments->count; i++) {
		if (attachments->list[i].pid != task->pid ||
			attachments->list[i].address != call->address)
			continue;
		attachments->list[i] = attachments->list[--attachments->count];
		return;
	}
}

void attachments_fork(struct attachments *attachments, pid_t parent, pid_t child)
{
	for (size_t i = 0, count = attachments->count; i < count; i++) {
		struct attachment attachment = attachments->list[i];

		if (attachment.pid != parent)
			continue;
		attachment.pid = child;
		add(attachments, attachment);
	}
}

void attachments_forget(struct attachments *attachments, pid_t pid)
{
	size_t kept = 0;

	for (size_t i = 0; i < attachments->count; i++)
		if (attachments->list[i].pid != pid)
			attachments->list[kept++] = attachments->list[i];
	attachments->count = kept;
}

void attachments_clear(struct attachments *attachments)
{
	attachments->count = 0;
	attachments->is_incomplete = false;
}

void attachments_end(struct attachments *attachments)
{
	free(attachments->list);
	*attachments = (struct attachments){0};
}

/* Whether an earlier attachment is of the same segment. */
static bool is_repeated(const struct attachments *attachments, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (attachments->list[i].segment == attachments->list[at].segment)
			return true;
	return false;
}

bool attachments_hash(const struct attachments *attachments, uint64_t *hash)
{
	static uint64_t words[ATTACHMENTS_HASHED / sizeof(uint64_t)];
	uint64_t left = ATTACHMENTS_HASHED, sum = 0;

	if (attachments->is_incomplete)
		return false;
	for (size_t i = 0; i < attachments->count; i++) {
		const struct attachment *attachment = &attachments->list[i];
		uint64_t size = (attachment->size + 7) / 8 * 8, own = attachment->size;
		struct iovec here = {words, attachment->size};
		struct iovec there = {(void *)(uintptr_t)attachment->address, attachment->size};

		if (is_repeated(attachments, i))
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

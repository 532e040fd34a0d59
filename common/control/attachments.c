/* attachments.c - see attachments.h. */
#include "attachments.h"

#include <stdlib.h>
#include <sys/shm.h>
#include <unistd.h>

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

void attachments_note(struct attachments *attachments, pid_t pid, const struct call *call)
{
	struct shmid_ds status;

	if (call->result < 0 && call->result >= -4095)
		return;
	if (call->kind == CALL_SHMAT) {
		if (shmctl(call->id, IPC_STAT, &status) == 0)
			add(attachments, (struct attachment){
						 .pid = pid,
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
		if (attachments->list[i].pid != pid ||
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

uint64_t attachment_length(const struct attachment *attachment)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return (attachment->size + page - 1) / page * page;
}

struct attachment *attachments_at(const struct attachments *attachments, pid_t pid,
	uint64_t address)
{
	for (size_t i = 0; i < attachments->count; i++) {
		struct attachment *attachment = &attachments->list[i];

		if (attachment->pid == pid && address >= attachment->address &&
			address - attachment->address < attachment_length(attachment))
			return attachment;
	}
	return NULL;
}

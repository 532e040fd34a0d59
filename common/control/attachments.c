/* attachments.c - see attachments.h. */
#include "attachments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/grow.h"

static void add(struct attachments *attachments, struct attachment attachment)
{
	struct attachment *list = grow_array(attachments->list, attachments->count, sizeof(*list));

	if (list == NULL) {
		attachments->is_incomplete = true;
		return;
	}
	list[attachments->count++] = attachment;
	attachments->list = list;
}

/* ---- shared memory --------------------------------------------------------------------------- */

/*
 * The id of the shared memory at this address: made from the device and inode that the kernel shows
 * for it, which are the same for all processes. 0: there is none, or it is a file that the process
 * only reads.
 */
static int find_shared(pid_t pid, uint64_t address, bool writes)
{
	char path[32], line[512], name[16];
	int id = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	while (id == 0 && fgets(line, sizeof(line), file) != NULL) {
		unsigned long begin, inode;
		unsigned major, minor;

		name[0] = '\0';
		if (sscanf(line, "%lx-%*x %*4s %*x %x:%x %lu %15s", &begin, &major, &minor, &inode,
			    name) < 4 ||
			begin != address)
			continue;
		if (!writes && strncmp(name, "/dev/shm/", 9) != 0 &&
			strncmp(name, "/memfd:", 7) != 0 && strncmp(name, "/dev/zero", 9) != 0)
			break;
		id = -1 - (int)((inode * 31 + major * 257 + minor) % INT32_MAX);
	}
	fclose(file);
	return id;
}

static void note_mmap(struct attachments *attachments, pid_t pid, const struct call *call)
{
	const uint64_t protection = call->arguments[2];
	const uint64_t type = call->arguments[3] & MAP_TYPE;
	bool writes = (protection & PROT_WRITE) != 0;
	int id;

	if ((type != MAP_SHARED && type != MAP_SHARED_VALIDATE) || (protection & PROT_EXEC) != 0)
		return;
	id = find_shared(pid, (uint64_t)call->result, writes);
	if (id == 0)
		return;
	add(attachments,
		(struct attachment){
			.pid = pid,
			.segment = id,
			.address = (uint64_t)call->result,
			.size = call->arguments[1],
			.offset =
				(call->arguments[3] & MAP_ANONYMOUS) == 0 ? call->arguments[5] : 0,
			.writes = writes,
		});
}

static void note_munmap(struct attachments *attachments, pid_t pid, const struct call *call)
{
	const uint64_t begin = call->arguments[0], size = call->arguments[1];

	for (size_t i = attachments->count; i > 0; i--) {
		const struct attachment *attachment = &attachments->list[i - 1];
		const uint64_t length = attachment_length(attachment);

		if (attachment->pid != pid || attachment->address + length <= begin ||
			begin + size <= attachment->address)
			continue;
		attachments->is_incomplete |= begin > attachment->address ||
					      begin + size < attachment->address + attachment->size;
		attachments->list[i - 1] = attachments->list[--attachments->count];
	}
}

/* ---- segments -------------------------------------------------------------------------------- */

static void note_shmat(struct attachments *attachments, pid_t pid, const struct call *call)
{
	struct shmid_ds status;

	if (shmctl(call->id, IPC_STAT, &status) == 0)
		add(attachments, (struct attachment){
					 .pid = pid,
					 .segment = call->id,
					 .address = (uint64_t)call->result,
					 .size = status.shm_segsz,
					 .writes = (call->flags & SHM_RDONLY) == 0,
				 });
}

static void note_shmdt(struct attachments *attachments, pid_t pid, const struct call *call)
{
	for (size_t i = 0; i < attachments->count; i++) {
		if (attachments->list[i].pid != pid ||
			attachments->list[i].address != call->address)
			continue;
		attachments->list[i] = attachments->list[--attachments->count];
		return;
	}
}

void attachments_note(struct attachments *attachments, pid_t pid, const struct call *call)
{
	if (call->result < 0 && call->result >= -4095)
		return;
	if (call->kind == CALL_SHMAT)
		note_shmat(attachments, pid, call);
	else if (call->kind == CALL_SHMDT)
		note_shmdt(attachments, pid, call);
	else if (call->kind == CALL_OTHER && call->number == SYS_mmap)
		note_mmap(attachments, pid, call);
	else if (call->kind == CALL_OTHER && call->number == SYS_munmap)
		note_munmap(attachments, pid, call);
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

uint64_t attachment_offset(const struct attachment *attachment, uint64_t address)
{
	return address - attachment->address + attachment->offset;
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

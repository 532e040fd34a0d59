/* memory.c - see memory.h. memory_draw.c draws it. */
#include "memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#define SECOND_NS INT64_C(1000000000)
/* larger segments are read once a second, unless they are known to have changed */
#define QUICK     (64u << 10)

void memory_end(struct memory *memory)
{
	memory_forget(memory);
	free(memory->now);
	free(memory->before);
	memory->now = memory->before = NULL;
	memory->size = 0;
}

void memory_choose(struct memory *memory, int segment)
{
	enum memory_view view = memory->view;
	int width = memory->width;

	if (memory->segment == segment)
		return;
	memory_end(memory);
	*memory = (struct memory){.segment = segment, .view = view, .width = width};
}

static const struct sysv_object *find_segment(const struct sysv_snapshot *snapshot, int id)
{
	for (size_t i = 0; i < snapshot->segments.count; i++)
		if (snapshot->segments.objects[i].id == id)
			return &snapshot->segments.objects[i];
	return NULL;
}

static bool make_room(struct memory *memory, uint64_t whole)
{
	size_t size = whole < MEMORY_MOST ? (size_t)whole : MEMORY_MOST;

	memory->whole = whole;
	if (memory->size == size && memory->now != NULL)
		return true;
	free(memory->now);
	free(memory->before);
	memory->now = calloc(1, size + 8); /* so that the last int is whole */
	memory->before = calloc(1, size + 8);
	memory->size = memory->now != NULL && memory->before != NULL ? size : 0;
	memory->stop = 0;
	memory->read_ns = 0;
	memory->changed = 0;
	memory->top = 0;
	return memory->size > 0;
}

/* Reads from the first process that permits it. Returns 0 or a negative errno. */
static int copy_from(const struct sysv_snapshot *snapshot, int segment, unsigned char *bytes,
	size_t size)
{
	const struct sysv_mapping *mapping;
	size_t count = sysv_processes_of(&snapshot->users, segment, (ino_t)segment, &mapping);
	int error = -ESRCH;

	for (; count > 0; count--, mapping++) {
		struct iovec here = {bytes, size}, there = {(void *)mapping->address, size};

		if (process_vm_readv(mapping->pid, &here, 1, &there, 1, 0) == (ssize_t)size)
			return 0;
		error = -errno;
	}
	return error;
}

static void compare(struct memory *memory)
{
	memory->changed = 0;
	memory->first = 0;
	if (memcmp(memory->now, memory->before, memory->size) == 0)
		return;
	for (size_t i = 0; i < memory->size; i++) {
		if (memory->now[i] == memory->before[i])
			continue;
		if (memory->changed++ == 0)
			memory->first = i;
	}
}

bool memory_read(struct memory *memory, const struct sysv_snapshot *snapshot, uint64_t stop,
	int64_t now)
{
	const struct sysv_object *segment = find_segment(snapshot, memory->segment);
	bool is_first = memory->read_ns == 0, is_new = stop != memory->stop;
	unsigned char *bytes;
	int error;

	if (segment == NULL) {
		is_new = memory->error != -EIDRM;
		memory->error = -EIDRM;
		return is_new;
	}
	if (!is_new && !is_first && memory->size > QUICK && now - memory->read_ns < SECOND_NS)
		return false;
	if (!make_room(memory, segment->size))
		return false;
	is_first = memory->read_ns == 0;
	bytes = malloc(memory->size + 8);
	error = bytes != NULL ? copy_from(snapshot, segment->id, bytes, memory->size) : -ENOMEM;
	if (error != 0 || (!is_new && !is_first && memcmp(bytes, memory->now, memory->size) == 0)) {
		free(bytes);
		is_new = memory->error != error;
		memory->error = error;
		memory->read_ns = now;
		return is_new;
	}
	memset(bytes + memory->size, 0, 8);
	if (is_first || is_new || stop == 0) {
		free(memory->before);
		memory->before = memory->now;
		if (is_first)
			memcpy(memory->before, bytes, memory->size);
	} else {
		free(memory->now);
	}
	memory->now = bytes;
	memory->error = 0;
	memory->stop = stop;
	memory->read_ns = now;
	compare(memory);
	if (memory->changed > 0 && memory->page > 0 &&
		(memory->first < memory->top || memory->first >= memory->top + memory->page))
		memory->top = memory->first - memory->first % memory->row;
	return true;
}

bool memory_differs(const struct memory *memory, size_t at, size_t count)
{
	if (at + count > memory->size)
		count = at < memory->size ? memory->size - at : 0;
	return memcmp(memory->now + at, memory->before + at, count) != 0;
}

void memory_scroll(struct memory *memory, long rows)
{
	size_t by = (size_t)(rows < 0 ? -rows : rows) * (memory->row > 0 ? memory->row : 1);
	size_t most = memory->size > memory->page ? memory->size - memory->page : 0;

	if (rows < 0)
		memory->top -= by < memory->top ? by : memory->top;
	else
		memory->top = memory->top + by < most ? memory->top + by : most;
	if (memory->row > 0)
		memory->top -= memory->top % memory->row;
}

void memory_next_change(struct memory *memory)
{
	size_t from = memory->top + memory->row;

	if (memory->changed == 0 || memory->row == 0)
		return;
	for (size_t i = 0; i < memory->size; i++) {
		size_t at = (from + i) % memory->size;

		if (memory->now[at] == memory->before[at])
			continue;
		memory->top = at - at % memory->row;
		return;
	}
}

/* tracee.c - one traced task: its state, its memory, its call. See tracer.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tracer.h"

bool tracer_stands(const struct tracer_task *task)
{
	return task->state == TRACER_STANDS_FIRST || task->state == TRACER_STANDS_BEFORE ||
	       task->state == TRACER_STANDS_AFTER || task->state == TRACER_STANDS_LAST;
}

bool tracer_sleeps(const struct tracer_task *task, long *call)
{
	char path[64], line[256], state = 0;
	const char *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)task->pid, (int)task->tid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	/*
	 * "TID (NAME) STATE …": a name may contain anything, so look for its end from the end of
	 * the line.
	 */
	if (fgets(line, sizeof(line), file) != NULL && (end = strrchr(line, ')')) != NULL)
		state = end[1] != '\0' ? end[2] : 0;
	fclose(file);
	if (state != 'S' && !(state == 'D' && task->is_in_vfork))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", (int)task->pid, (int)task->tid);
	file = fopen(path, "re");
	*call = -1;
	if (file != NULL) {
		bool is_known = fscanf(file, "%ld", call) == 1;

		fclose(file);
		return is_known;
	}
	return true;
}

static struct iovec part_of(void *at, size_t count)
{
	return (struct iovec){at, count};
}

/* Reads memory that the process itself may not read, such as a guarded segment. */
static int read_protected(pid_t tid, uint64_t address, void *bytes, size_t count)
{
	char path[32];
	ssize_t done;
	int memory;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)tid);
	memory = open(path, O_RDONLY | O_CLOEXEC);
	if (memory < 0)
		return -errno;
	done = pread(memory, bytes, count, (off_t)address);
	close(memory);
	return done == (ssize_t)count ? 0 : -EFAULT;
}

int tracer_peek(pid_t tid, uint64_t address, void *bytes, size_t count)
{
	struct iovec here = part_of(bytes, count);
	struct iovec there = part_of((void *)(uintptr_t)address, count);
	ssize_t done = process_vm_readv(tid, &here, 1, &there, 1, 0);

	if (done == (ssize_t)count)
		return 0;
	if (done < 0 && errno != EFAULT)
		return -errno;
	return read_protected(tid, address, bytes, count);
}

int tracer_read(const struct tracer_task *task, uint64_t address, void *bytes, size_t count)
{
	return tracer_peek(task->tid, address, bytes, count);
}

int tracer_write(const struct tracer_task *task, uint64_t address, const void *bytes, size_t count)
{
	struct iovec here = part_of((void *)(uintptr_t)bytes, count);
	struct iovec there = part_of((void *)(uintptr_t)address, count);
	ssize_t done = process_vm_writev(task->tid, &here, 1, &there, 1, 0);

	if (done < 0)
		return -errno;
	return (size_t)done == count ? 0 : -EFAULT;
}

int tracer_answer(struct tracer_task *task, int64_t result)
{
	if (task->state == TRACER_STANDS_AFTER)
		return registers_set_result(task->tid, result);
	return registers_answer(task->tid, result);
}

int tracer_set_argument(struct tracer_task *task, unsigned number, uint64_t value)
{
	return registers_set_argument(task->tid, number, value);
}

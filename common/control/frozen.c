/* frozen.c - see frozen.h. */
#include "frozen.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Resumes the process and waits for its next stop. Returns the event, or the signal if there is
 * none; negative: the process is gone.
 */
static int go_on(pid_t pid, enum __ptrace_request request)
{
	int status;

	if (request != 0 && ptrace(request, pid, NULL, NULL) != 0)
		return -errno;
	while (waitpid(pid, &status, __WALL) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFSTOPPED(status))
		return -ESRCH;
	return status >> 16 != 0 ? status >> 16 : WSTOPSIG(status);
}

/* Leads the process from a stop after a call to the stop before the call at which it was frozen. */
static bool lead_back(pid_t pid, const struct registers *registers)
{
	return registers_again(pid, registers) == 0 &&
	       go_on(pid, PTRACE_CONT) == PTRACE_EVENT_SECCOMP;
}

/* ---- pages ----------------------------------------------------------------------------------- */

/* Of the entries in /proc/PID/pagemap; see the kernel's admin-guide/mm/pagemap.rst. */
#define PRESENT   (UINT64_C(1) << 63)
#define OF_FILE   (UINT64_C(1) << 61) /* or shared memory */
#define ONLY_HERE (UINT64_C(1) << 56)
#define AROUND    16 /* pages of a file that the kernel maps at once */

static void add_page(struct frozen_pages *pages, uint64_t address)
{
	if (pages->count < FROZEN_PAGES)
		pages->bytes[pages->count++] = (struct iovec){(void *)(uintptr_t)address, 1};
}

/* Notes the pages of one private mapping that the copy has used. */
static void learn_mapping(struct frozen *frozen, int map, uint64_t begin, uint64_t end)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t entry, known = 0;

	for (uint64_t at = begin; at < end; at += page) {
		if (pread(map, &entry, sizeof(entry), (off_t)(at / page * sizeof(entry))) !=
			sizeof(entry))
			return;
		if ((entry & (PRESENT | OF_FILE | ONLY_HERE)) == (PRESENT | ONLY_HERE)) {
			add_page(&frozen->written, at);
		} else if ((entry & (PRESENT | OF_FILE)) == (PRESENT | OF_FILE) && at >= known) {
			add_page(&frozen->read, at);
			known = (at / page / AROUND + 1) * AROUND * page;
		}
	}
}

void frozen_learn(struct frozen *frozen, pid_t copy)
{
	char path[48], line[512], rights[5];
	uint64_t begin, end;
	FILE *maps;
	int map;

	if (frozen->has_learned)
		return;
	frozen->has_learned = true;
	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)copy);
	map = open(path, O_RDONLY | O_CLOEXEC);
	/* Each copy begins with the model's mappings. */
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)frozen->pid);
	maps = fopen(path, "re");
	while (maps != NULL && map >= 0 && fgets(line, sizeof(line), maps) != NULL)
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &begin, &end, rights) == 3 &&
			rights[0] == 'r' && rights[3] == 'p')
			learn_mapping(frozen, map, begin, end);
	if (maps != NULL)
		fclose(maps);
	if (map >= 0)
		close(map);
}

/* Reads one byte of each page, and writes the same byte to those that the copy will write. */
static void give_pages(const struct frozen *frozen, pid_t copy)
{
	char bytes[FROZEN_PAGES];
	struct iovec here = {bytes, sizeof(bytes)};
	ssize_t done;

	process_vm_readv(copy, &here, 1, frozen->read.bytes, frozen->read.count, 0);
	done = process_vm_readv(copy, &here, 1, frozen->written.bytes, frozen->written.count, 0);
	if (done <= 0)
		return;
	here.iov_len = (size_t)done;
	process_vm_writev(copy, &here, 1, frozen->written.bytes, (size_t)done, 0);
}

/* ---- copies ---------------------------------------------------------------------------------- */

pid_t frozen_copy(const struct frozen *frozen)
{
	/* The copy's parent is the calling process. */
	const uint64_t arguments[REGISTERS_ARGUMENTS] = {CLONE_PARENT | SIGCHLD};
	unsigned long born = 0;

	if (registers_replace(frozen->pid, &frozen->registers, SYS_clone, arguments) != 0 ||
		go_on(frozen->pid, PTRACE_CONT) != PTRACE_EVENT_FORK ||
		ptrace(PTRACE_GETEVENTMSG, frozen->pid, NULL, &born) != 0)
		return -ESRCH;
	if (go_on(frozen->pid, PTRACE_SYSCALL) == (SIGTRAP | 0x80) &&
		lead_back(frozen->pid, &frozen->registers) && go_on((pid_t)born, 0) > 0 &&
		lead_back((pid_t)born, &frozen->registers)) {
		give_pages(frozen, (pid_t)born);
		/* a signal to its group must not reach the model */
		setpgid((pid_t)born, (pid_t)born);
		return (pid_t)born;
	}
	kill((pid_t)born, SIGKILL);
	return -ESRCH;
}

void frozen_end(struct frozen *frozen)
{
	int status;

	if (frozen->pid <= 0)
		return;
	kill(frozen->pid, SIGKILL);
	ptrace(PTRACE_CONT, frozen->pid, NULL, NULL); /* it may be at a stop before its end */
	while (waitpid(frozen->pid, &status, __WALL) == frozen->pid && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, frozen->pid, NULL, NULL);
	frozen->pid = 0;
}

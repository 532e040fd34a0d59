/* attached.c - see attached.h. */
#include "attached.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "predict.h"
#include "sysv/numbers.h"
#include "text.h"

/* The next entry of a folder that is a number, or 0: no more. */
static pid_t next_number(DIR *folder)
{
	const struct dirent *entry;

	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			return (pid_t)strtol(entry->d_name, NULL, 10);
	return 0;
}

/* A segment is mapped as "ADDRESSES rw-s … INODE /SYSV76000000 (deleted)", its id for an inode. */
static bool has_segment(pid_t pid, int shmid, bool *writes)
{
	char path[48], flags[8];
	char *line = NULL;
	size_t size = 0;
	bool found = false;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (maps == NULL)
		return false;
	while (!found && getline(&line, &size, maps) > 0) {
		unsigned long inode;

		found = strstr(line, "/SYSV") != NULL &&
			sscanf(line, "%*s %7s %*s %*s %lu", flags, &inode) == 2 &&
			inode == (unsigned long)shmid;
	}
	*writes = found && flags[1] == 'w';
	free(line);
	fclose(maps);
	return found;
}

/* The first words of a file in the folder of a process. */
static void read_words(pid_t pid, const char *file, char *words, size_t size)
{
	char path[48];
	size_t length = 0;
	FILE *stream;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	stream = fopen(path, "re");
	if (stream != NULL) {
		length = fread(words, 1, size - 1, stream);
		fclose(stream);
	}
	words[length] = '\0';
}

/* The kernel's name of it, which has 15 bytes at most; what was cut off is in its command line. */
static void find_name(pid_t pid, char name[ATTACHED_NAME_MAX])
{
	char comm[32], first[512];
	const char *base;

	read_words(pid, "comm", comm, sizeof(comm));
	comm[strcspn(comm, "\n")] = '\0';
	read_words(pid, "cmdline", first, sizeof(first));
	base = text_base_name(first);
	if (strncmp(base, comm, strlen(comm)) != 0)
		base = comm;
	text_printable(name, ATTACHED_NAME_MAX, *base != '\0' ? base : "process");
}

const char *attached_short_name(const char *name)
{
	static const char prefix[] = "vitrine-";

	return strncmp(name, prefix, strlen(prefix)) == 0 ? name + strlen(prefix) : name;
}

static int by_pid(const void *one, const void *other)
{
	pid_t a = ((const struct attached_program *)one)->pid;
	pid_t b = ((const struct attached_program *)other)->pid;

	return (a > b) - (a < b);
}

size_t attached_find(int shmid, struct attached_program *programs, size_t max)
{
	DIR *proc = opendir("/proc");
	size_t count = 0;
	pid_t pid;

	if (proc == NULL)
		return 0;
	while (count < max && (pid = next_number(proc)) != 0) {
		bool writes;

		if (!has_segment(pid, shmid, &writes))
			continue;
		programs[count] =
			(struct attached_program){.pid = pid, .sleeps_on = -1, .writes = writes};
		find_name(pid, programs[count++].name);
	}
	closedir(proc);
	qsort(programs, count, sizeof(*programs), by_pid);
	return count;
}

/* ---- asleep -------------------------------------------------------------------------------- */

/*
 * Which semaphore the array that a thread of `pid` handed to the kernel waits for. The array lies in
 * that process's memory; it can be gone when we come.
 */
static int32_t blocking_semaphore(pid_t pid, unsigned long address, unsigned long count,
	const struct vitrine_snapshot *snapshot)
{
	struct sembuf operations[PREDICT_MAX];
	struct iovec here = {operations, count * sizeof(*operations)};
	struct iovec there = {(void *)address, count * sizeof(*operations)};
	struct prediction prediction;

	if (count == 0 || count > PREDICT_MAX ||
		process_vm_readv(pid, &here, 1, &there, 1, 0) != (ssize_t)here.iov_len)
		return -1;
	predict(&prediction, snapshot, operations, (uint32_t)count);
	return prediction.outcome == PREDICT_SLEEPS ? operations[prediction.at].sem_num : -1;
}

/* A thread in a system call reads as "NUMBER 0xARGUMENT …". */
static int32_t sleep_of_thread(pid_t pid, pid_t thread, int semid,
	const struct vitrine_snapshot *snapshot)
{
	unsigned long set, address, count;
	long number;
	char path[64];
	int read;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", (int)pid, (int)thread);
	file = fopen(path, "re");
	if (file == NULL)
		return -1;
	read = fscanf(file, "%ld %lx %lx %lx", &number, &set, &address, &count);
	fclose(file);
	if (read != 4 || number != SYS_semtimedop || (int)set != semid)
		return -1;
	return blocking_semaphore(pid, address, count, snapshot);
}

void attached_look(struct attached_program *programs, size_t count, int semid,
	const struct vitrine_snapshot *snapshot)
{
	for (size_t i = 0; i < count; i++) {
		char path[48];
		pid_t thread;
		DIR *tasks;

		programs[i].sleeps_on = -1;
		snprintf(path, sizeof(path), "/proc/%d/task", (int)programs[i].pid);
		tasks = opendir(path);
		while (tasks != NULL && programs[i].sleeps_on < 0 &&
			(thread = next_number(tasks)) != 0)
			programs[i].sleeps_on =
				sleep_of_thread(programs[i].pid, thread, semid, snapshot);
		if (tasks != NULL)
			closedir(tasks);
	}
}

bool attached_has_thread(pid_t pid, const char *name)
{
	char path[64];
	bool found = false;
	pid_t thread;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	while (tasks != NULL && !found && (thread = next_number(tasks)) != 0) {
		char comm[20] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/task/%d/comm", (int)pid, (int)thread);
		file = fopen(path, "re");
		if (file == NULL)
			continue;
		if (fgets(comm, sizeof(comm), file) != NULL)
			comm[strcspn(comm, "\n")] = '\0';
		fclose(file);
		found = strcmp(comm, name) == 0;
	}
	if (tasks != NULL)
		closedir(tasks);
	return found;
}

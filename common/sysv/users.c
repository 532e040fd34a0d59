/* users.c - see users.h. */
#include "users.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "numbers.h"

/* The next entry of a folder whose name is a number; 0: no more. */
static pid_t next_number(DIR *folder)
{
	const struct dirent *entry;

	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			return (pid_t)strtol(entry->d_name, NULL, 10);
	return 0;
}

/* Reads a whole short file as text. false: it could not be read. */
static bool read_file(const char *path, char *text, size_t size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = file >= 0 ? read(file, text, size - 1) : -1;

	if (file >= 0)
		close(file);
	text[length > 0 ? length : 0] = '\0';
	return length > 0;
}

void sysv_process_name(pid_t pid, char name[SYSV_NAME_MAX])
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	read_file(path, name, SYSV_NAME_MAX);
	name[strcspn(name, "\n")] = '\0';
}

/* ---- mappings ------------------------------------------------------------------------------- */

static bool is_seen(const struct sysv_users *users, const struct sysv_mapping *mapping)
{
	for (size_t i = users->mapping_count; i > 0; i--) {
		struct sysv_mapping *other = &users->mappings[i - 1];

		if (other->pid != mapping->pid)
			return false; /* those of one process are adjacent */
		if (other->segment == mapping->segment && other->inode == mapping->inode) {
			other->writes |= mapping->writes;
			return true;
		}
	}
	return false;
}

static void add_mapping(struct sysv_users *users, const struct sysv_mapping *mapping)
{
	if (is_seen(users, mapping))
		return;
	if (users->mapping_count == users->mapping_room) {
		size_t room = 2 * users->mapping_room + 32;
		struct sysv_mapping *mappings =
			reallocarray(users->mappings, room, sizeof(*mappings));

		if (mappings == NULL) {
			users->is_incomplete = true;
			return;
		}
		users->mappings = mappings;
		users->mapping_room = room;
	}
	users->mappings[users->mapping_count++] = *mapping;
}

static bool is_named(const struct sysv_nameds *nameds, unsigned long inode)
{
	for (size_t i = 0; i < nameds->count; i++)
		if (nameds->semaphores[i].inode == inode)
			return true;
	return false;
}

/*
 * A segment reads as "ADDRESSES rw-s … INODE /SYSV76000000 (deleted)"; the inode is its id. The path is
 * the first that has a slash, and must begin so: any user may have files and folders of such names.
 */
static void read_line(struct sysv_users *users, const struct sysv_nameds *nameds, const char *line,
	struct sysv_mapping *mapping)
{
	unsigned long inode, address, offset;
	char flags[8];
	const char *path = strchr(line, '/');
	bool is_segment = path != NULL && strncmp(path, "/SYSV", 5) == 0;

	if (path == NULL || (!is_segment && strncmp(path, "/dev/shm/sem.", 13) != 0))
		return;
	if (sscanf(line, "%lx-%*x %7s %lx %*s %lu", &address, flags, &offset, &inode) != 4 ||
		(!is_segment && !is_named(nameds, inode)))
		return;
	mapping->segment = is_segment ? (int)inode : -1;
	mapping->inode = inode;
	mapping->address = address - offset;
	mapping->writes = flags[1] == 'w';
	if (mapping->name[0] == '\0')
		sysv_process_name(mapping->pid, mapping->name);
	add_mapping(users, mapping);
}

static void read_maps(struct sysv_users *users, const struct sysv_nameds *nameds, pid_t pid)
{
	struct sysv_mapping mapping = {.pid = pid};
	char path[48];
	char *line = NULL;
	size_t size = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (maps == NULL)
		return;
	while (getline(&line, &size, maps) > 0)
		read_line(users, nameds, line, &mapping);
	free(line);
	fclose(maps);
}

void sysv_users_find_mappings(struct sysv_users *users, const struct sysv_nameds *nameds)
{
	DIR *proc = opendir("/proc");
	pid_t pid;

	users->mapping_count = 0;
	while (proc != NULL && (pid = next_number(proc)) != 0)
		read_maps(users, nameds, pid);
	if (proc != NULL)
		closedir(proc);
}

/* ---- sleepers ------------------------------------------------------------------------------- */

static bool kind_of_call(long call, enum sysv_sleep *sleep)
{
	switch (call) {
#ifdef SYS_semop
	case SYS_semop:
#endif
	case SYS_semtimedop: *sleep = SYSV_IN_SEMOP; return true;
	case SYS_msgsnd: *sleep = SYSV_IN_MSGSND; return true;
	case SYS_msgrcv: *sleep = SYSV_IN_MSGRCV; return true;
	default: return false;
	}
}

/* The kernel function that it sleeps in: readable by more users than the arguments are. */
static bool kind_of_function(const char *function, enum sysv_sleep *sleep)
{
	if (strstr(function, "semtimedop") != NULL)
		*sleep = SYSV_IN_SEMOP;
	else if (strstr(function, "msgsnd") != NULL)
		*sleep = SYSV_IN_MSGSND;
	else if (strstr(function, "msgrcv") != NULL)
		*sleep = SYSV_IN_MSGRCV;
	else
		return false;
	return true;
}

/* The array is in the memory of that process, which may be gone by now. */
static void read_operations(struct sysv_sleeper *sleeper, unsigned long address,
	unsigned long count)
{
	size_t bytes;
	struct iovec here = {sleeper->operations, 0}, there = {(void *)address, 0};

	if (count > SYSV_OPERATIONS_MAX)
		count = SYSV_OPERATIONS_MAX;
	bytes = count * sizeof(sleeper->operations[0]);
	here.iov_len = there.iov_len = bytes;
	if (process_vm_readv(sleeper->tid, &here, 1, &there, 1, 0) == (ssize_t)bytes)
		sleeper->count = (uint32_t)count;
}

/* A thread in a system call reads as "NUMBER 0xARGUMENT …", a running one as "running". */
static bool look_at_thread(struct sysv_sleeper *sleeper)
{
	unsigned long arguments[5];
	char path[64], text[256];
	long call;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", (int)sleeper->pid,
		(int)sleeper->tid);
	if (!read_file(path, text, sizeof(text))) {
		snprintf(path, sizeof(path), "/proc/%d/task/%d/wchan", (int)sleeper->pid,
			(int)sleeper->tid);
		return read_file(path, text, sizeof(text)) &&
		       kind_of_function(text, &sleeper->sleep);
	}
	if (sscanf(text, "%ld %lx %lx %lx %lx %lx", &call, &arguments[0], &arguments[1],
		    &arguments[2], &arguments[3], &arguments[4]) != 6 ||
		!kind_of_call(call, &sleeper->sleep))
		return false;
	sleeper->is_known = true;
	sleeper->id = (int)arguments[0];
	if (sleeper->sleep == SYSV_IN_SEMOP)
		read_operations(sleeper, arguments[1], arguments[2]);
	return true;
}

static void add_sleeper(struct sysv_users *users, const struct sysv_sleeper *sleeper)
{
	if (users->sleeper_count == users->sleeper_room) {
		size_t room = 2 * users->sleeper_room + 16;
		struct sysv_sleeper *sleepers =
			reallocarray(users->sleepers, room, sizeof(*sleepers));

		if (sleepers == NULL) {
			users->is_incomplete = true;
			return;
		}
		users->sleepers = sleepers;
		users->sleeper_room = room;
	}
	users->sleepers[users->sleeper_count++] = *sleeper;
}

void sysv_users_add_sleepers(struct sysv_users *users, pid_t pid)
{
	char path[48];
	pid_t tid;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	while (tasks != NULL && (tid = next_number(tasks)) != 0) {
		struct sysv_sleeper sleeper = {.pid = pid, .tid = tid};

		if (!look_at_thread(&sleeper))
			continue;
		sysv_process_name(pid, sleeper.name);
		add_sleeper(users, &sleeper);
	}
	if (tasks != NULL)
		closedir(tasks);
}

void sysv_users_find_sleepers(struct sysv_users *users)
{
	DIR *proc = opendir("/proc");
	pid_t pid;

	users->sleeper_count = 0;
	while (proc != NULL && (pid = next_number(proc)) != 0)
		sysv_users_add_sleepers(users, pid);
	if (proc != NULL)
		closedir(proc);
}

void sysv_users_end(struct sysv_users *users)
{
	free(users->mappings);
	free(users->sleepers);
	*users = (struct sysv_users){0};
}

/* sysv_processes.c - see sysv_processes.h. */
#include "sysv_processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/grow.h"
#include "base/monotonic.h"
#include "numbers.h"

pid_t sysv_proc_next(DIR *folder)
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

/* ---- namespaces ----------------------------------------------------------------------------- */

bool sysv_process_is_outside(pid_t pid)
{
	struct stat own, other;
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/ns/ipc", (int)pid);
	return stat(path, &other) == 0 && stat("/proc/self/ns/ipc", &own) == 0 &&
	       (own.st_ino != other.st_ino || own.st_dev != other.st_dev);
}

bool sysv_proc_is_own(void)
{
	char target[16];
	ssize_t length = readlink("/proc/self", target, sizeof(target) - 1);

	target[length > 0 ? length : 0] = '\0';
	return strtol(target, NULL, 10) == getpid();
}

/* NULL if its numbers are not those of this process's PID namespace. */
static DIR *open_proc(void)
{
	return sysv_proc_is_own() ? opendir("/proc") : NULL;
}

/* ---- mappings ------------------------------------------------------------------------------- */

/* The POSIX semaphores to look for: files of one device. */
struct wanted {
	dev_t device;
	ino_t *inodes; /* sorted */
	size_t count;
};

static int by_inode(const void *one, const void *other)
{
	ino_t a = *(const ino_t *)one, b = *(const ino_t *)other;

	return (a > b) - (a < b);
}

static struct wanted want(const struct sysv_nameds *nameds)
{
	struct wanted wanted = {0};

	if (nameds->count > 0)
		wanted.inodes = calloc(nameds->count, sizeof(*wanted.inodes));
	if (wanted.inodes == NULL)
		return wanted;
	wanted.device = nameds->semaphores[0].device;
	wanted.count = nameds->count;
	for (size_t i = 0; i < wanted.count; i++)
		wanted.inodes[i] = nameds->semaphores[i].inode;
	qsort(wanted.inodes, wanted.count, sizeof(*wanted.inodes), by_inode);
	return wanted;
}

static bool is_wanted(const struct wanted *wanted, dev_t device, ino_t inode)
{
	return wanted->count > 0 && device == wanted->device &&
	       bsearch(&inode, wanted->inodes, wanted->count, sizeof(inode), by_inode) != NULL;
}

/* Compares by the order of the list, without regard to the process. */
static int by_object(const struct sysv_mapping *a, const struct sysv_mapping *b)
{
	if (a->segment != b->segment)
		return a->segment < b->segment ? -1 : 1;
	return (a->inode > b->inode) - (a->inode < b->inode);
}

static int by_object_and_pid(const void *one, const void *other)
{
	const struct sysv_mapping *a = one, *b = other;
	int order = by_object(a, b);

	return order != 0 ? order : (a->pid > b->pid) - (a->pid < b->pid);
}

static void add_mapping(struct sysv_processes *users, const struct sysv_mapping *mapping)
{
	struct sysv_mapping *mappings =
		grow_array(users->mappings, users->mapping_count, sizeof(*mappings));

	if (mappings == NULL) {
		users->is_incomplete = true;
		return;
	}
	mappings[users->mapping_count++] = *mapping;
	users->mappings = mappings;
}

/*
 * Parses a line of /proc/PID/maps. A segment reads as "ADDRESSES rw-s … INODE /SYSV76000000
 * (deleted)"; the inode is its id. The path begins at the first slash of the line, and must begin
 * with this name: any user may have files and folders with "/SYSV" in their paths.
 */
static bool read_line(const char *line, const struct wanted *wanted, struct sysv_mapping *mapping)
{
	unsigned long inode, address, offset;
	unsigned major, minor;
	char flags[8];
	const char *path = strchr(line, '/');
	bool is_segment = path != NULL && strncmp(path, "/SYSV", 5) == 0;

	if (path == NULL || (!is_segment && strncmp(path, "/dev/shm/sem.", 13) != 0))
		return false;
	if (sscanf(line, "%lx-%*x %7s %lx %x:%x %lu", &address, flags, &offset, &major, &minor,
		    &inode) != 6 ||
		(!is_segment && !is_wanted(wanted, makedev(major, minor), inode)))
		return false;
	mapping->segment = is_segment ? (int)inode : -1;
	mapping->inode = inode;
	mapping->address = address - offset;
	mapping->writes = flags[1] == 'w';
	return true;
}

static void read_maps(struct sysv_processes *users, const struct wanted *wanted, pid_t pid)
{
	struct sysv_mapping mapping = {.pid = pid};
	bool is_outside = false;
	char path[48];
	char *line = NULL;
	size_t size = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (maps == NULL)
		return;
	while (getline(&line, &size, maps) > 0) {
		if (!read_line(line, wanted, &mapping))
			continue;
		if (mapping.name[0] == '\0') {
			sysv_process_name(pid, mapping.name);
			is_outside = sysv_process_is_outside(pid);
		}
		if (mapping.segment < 0 || !is_outside)
			add_mapping(users, &mapping);
	}
	free(line);
	fclose(maps);
}

/* Sorts the list, and keeps one mapping of each object and process. */
static void sort_mappings(struct sysv_processes *users)
{
	struct sysv_mapping *mappings = users->mappings;
	size_t kept = 0;

	if (users->mapping_count == 0)
		return;
	qsort(mappings, users->mapping_count, sizeof(*mappings), by_object_and_pid);
	for (size_t i = 1; i < users->mapping_count; i++)
		if (by_object_and_pid(&mappings[kept], &mappings[i]) == 0)
			mappings[kept].writes |= mappings[i].writes;
		else
			mappings[++kept] = mappings[i];
	users->mapping_count = kept + 1;
}

void sysv_processes_find_mappings(struct sysv_processes *users, const struct sysv_nameds *nameds)
{
	struct wanted wanted = want(nameds);
	DIR *proc = open_proc();
	pid_t pid;

	users->mapping_count = 0;
	while (proc != NULL && (pid = sysv_proc_next(proc)) != 0)
		read_maps(users, &wanted, pid);
	if (proc != NULL)
		closedir(proc);
	free(wanted.inodes);
	sort_mappings(users);
}

size_t sysv_processes_of(const struct sysv_processes *users, int segment, ino_t inode,
	const struct sysv_mapping **first)
{
	const struct sysv_mapping wanted = {.segment = segment, .inode = inode};
	size_t low = 0, high = users->mapping_count, count = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_object(&users->mappings[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + count < users->mapping_count &&
		by_object(&users->mappings[low + count], &wanted) == 0)
		count++;
	*first = count > 0 ? &users->mappings[low] : NULL;
	return count;
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

static void add_sleeper(struct sysv_processes *users, const struct sysv_sleeper *sleeper)
{
	struct sysv_sleeper *sleepers =
		grow_array(users->sleepers, users->sleeper_count, sizeof(*sleepers));

	if (sleepers == NULL) {
		users->is_incomplete = true;
		return;
	}
	sleepers[users->sleeper_count++] = *sleeper;
	users->sleepers = sleepers;
}

static void add_thread(struct sysv_processes *users, struct sysv_process *process, pid_t tid)
{
	struct sysv_sleeper sleeper = {.pid = process->pid, .tid = tid};

	if (!look_at_thread(&sleeper))
		return;
	if (process->name[0] == '\0') {
		sysv_process_name(process->pid, process->name);
		process->is_outside = sysv_process_is_outside(process->pid);
	}
	memcpy(sleeper.name, process->name, sizeof(sleeper.name));
	sleeper.is_outside = process->is_outside;
	sleeper.is_known &= !sleeper.is_outside;
	sleeper.since_ns = monotonic_ns();
	add_sleeper(users, &sleeper);
}

static void add_threads(struct sysv_processes *users, struct sysv_process *process)
{
	char path[48];
	DIR *tasks;
	pid_t tid;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)process->pid);
	tasks = opendir(path);
	while (tasks != NULL && (tid = sysv_proc_next(tasks)) != 0)
		add_thread(users, process, tid);
	if (tasks != NULL)
		closedir(tasks);
}

/*
 * Counts the threads. Most processes have one, which the link count of the folder shows, so that
 * the folder need not be read.
 */
static void count_threads(struct sysv_process *process)
{
	struct stat status;
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)process->pid);
	process->is_single = stat(path, &status) == 0 && status.st_nlink == 3;
}

/* Appends its sleepers. false: none of its threads sleeps. */
static bool add_process(struct sysv_processes *users, struct sysv_process *process)
{
	size_t before = users->sleeper_count;

	if (process->is_single)
		add_thread(users, process, process->pid);
	else
		add_threads(users, process);
	return users->sleeper_count > before;
}

void sysv_processes_add_sleepers(struct sysv_processes *users, pid_t pid)
{
	struct sysv_process process = {.pid = pid};

	count_threads(&process);
	add_process(users, &process);
}

/* The position of a process among the known ones, or where it belongs. */
static size_t find_known(const struct sysv_processes *users, pid_t pid)
{
	size_t low = 0, high = users->known_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (users->known[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void note_known(struct sysv_processes *users, const struct sysv_process *process)
{
	struct sysv_process *known;
	size_t at = find_known(users, process->pid);

	if (at < users->known_count && users->known[at].pid == process->pid) {
		users->known[at] = *process;
		return;
	}
	known = grow_array(users->known, users->known_count, sizeof(*known));
	if (known == NULL)
		return; /* the next search through all processes finds it */
	users->known = known;
	memmove(&known[at + 1], &known[at], (users->known_count - at) * sizeof(*known));
	known[at] = *process;
	users->known_count++;
}

void sysv_processes_find_sleepers(struct sysv_processes *users)
{
	DIR *proc = open_proc();
	pid_t pid;

	users->sleeper_count = 0;
	while (proc != NULL && (pid = sysv_proc_next(proc)) != 0) {
		struct sysv_process process = {.pid = pid};

		count_threads(&process);
		if (add_process(users, &process))
			note_known(users, &process);
	}
	if (proc != NULL)
		closedir(proc);
}

static bool exists(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return access(path, F_OK) == 0;
}

void sysv_processes_find_sleepers_again(struct sysv_processes *users,
	bool (*is_same)(const void *data, const struct sysv_sleeper *sleeper), const void *data)
{
	struct sysv_sleeper *former = users->sleepers;
	size_t count = users->sleeper_count, at = 0, kept = 0;

	users->sleepers = NULL;
	users->sleeper_count = 0;
	for (size_t i = 0; i < users->known_count; i++) {
		struct sysv_process *process = &users->known[i];
		size_t first;
		bool are_same = true;

		while (at < count && former[at].pid < process->pid)
			at++;
		for (first = at; at < count && former[at].pid == process->pid; at++)
			are_same = are_same && is_same(data, &former[at]);
		if (are_same && at > first)
			for (size_t j = first; j < at; j++)
				add_sleeper(users, &former[j]);
		else if (!add_process(users, process) && !exists(process->pid))
			continue;
		users->known[kept++] = *process;
	}
	users->known_count = kept;
	free(former);
}

void sysv_processes_end(struct sysv_processes *users)
{
	free(users->mappings);
	free(users->sleepers);
	free(users->known);
	*users = (struct sysv_processes){0};
}

/* namespaces.c - see namespaces.h. */
#include "namespaces.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "search/decision.h"

#define LAST_PID  "/proc/sys/kernel/ns_last_pid"
#define SHARED    "/dev/shm"
#define TERMINAL  "/dev/tty"
#define BEFORE    "1000" /* programs get 1001, 1002 …: larger than the PIDs of their models */
#define FIRST_PID 1001
#define YIELDS    1000
#define NAPS      10000 /* of a millisecond */

static const char *const next_ids[NAMESPACES_KINDS] = {
	[NAMESPACES_SEM] = "/proc/sys/kernel/sem_next_id",
	[NAMESPACES_SHM] = "/proc/sys/kernel/shm_next_id",
	[NAMESPACES_MSG] = "/proc/sys/kernel/msg_next_id",
};

static bool write_file(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	bool is_written = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);

	if (file >= 0)
		close(file);
	return is_written;
}

/* Enters a user namespace under the same uid, which any user may do if the system allows it. */
static bool unshare_as_user(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();
	char map[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWIPC) != 0)
		return false;
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	write_file("/proc/self/gid_map", map);
	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	return write_file("/proc/self/uid_map", map);
}

/* The last PID that the kernel gave to a process of this namespace. */
static pid_t last_pid(int file)
{
	char text[16] = "";

	return pread(file, text, sizeof(text) - 1, 0) > 0 ? (pid_t)strtol(text, NULL, 10) : INT_MAX;
}

/*
 * Waits until the PIDs of a run are free: the kernel may report the end of a parent before it
 * releases the children that the parent has not waited for. Models keep the first PIDs.
 */
static void await_free(int models, pid_t last)
{
	const struct timespec nap = {.tv_nsec = 1000000};

	for (pid_t pid = FIRST_PID + models; pid <= last && pid < FIRST_PID + ACTORS_MAX; pid++)
		for (int i = 0; i < YIELDS + NAPS && kill(pid, 0) == 0; i++)
			if (i < YIELDS)
				sched_yield();
			else /* the ending process waits for a processor */
				nanosleep(&nap, NULL);
}

/*
 * Reaps the orphans. The kernel would do that if SIGCHLD were ignored, but then, since Linux 6.15,
 * a PID becomes free only some time after kill(2) reports that the process is gone. After
 * waitpid(2) it is free at once, so await_free() never looks too early.
 */
static void reap(int number)
{
	(void)number;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/*
 * The first process of the PID namespace: it inherits the orphans, and sets the counter from which
 * the kernel takes the next PID, which only a process of the namespace can do.
 */
_Noreturn static void count_pids(int socket)
{
	const struct sigaction action = {.sa_handler = reap, .sa_flags = SA_RESTART};
	sigset_t none;
	char byte;
	int last;

	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL); /* the tracer blocks SIGCHLD */
	dup2(socket, STDIN_FILENO);
	close_range(STDOUT_FILENO, ~0U, 0);
	last = open(LAST_PID, O_RDWR | O_CLOEXEC);
	while (read(STDIN_FILENO, &byte, 1) == 1) {
		await_free(byte, last_pid(last));
		(void)!pwrite(last, BEFORE, strlen(BEFORE), 0);
		if (write(STDIN_FILENO, &byte, 1) != 1)
			break;
	}
	_exit(0);
}

/*
 * The POSIX shared memory and semaphores of the programs: shm_open(3), sem_open(3). Their terminal
 * is
 * /dev/null: without one, opening it would fail, which is not a fault of the programs.
 */
static bool mount_files(void)
{
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) != 0)
		return false;
	mount("/dev/null", TERMINAL, NULL, MS_BIND, NULL);
	return mount("tmpfs", SHARED, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") == 0;
}

void namespaces_enter(struct namespaces *namespaces)
{
	int sockets[2];
	pid_t first;

	*namespaces = (struct namespaces){.counter = -1};
	namespaces->has_objects = unshare(CLONE_NEWIPC) == 0 || unshare_as_user();
	for (size_t i = 0; i < NAMESPACES_KINDS; i++)
		namespaces->next_ids[i] =
			namespaces->has_objects ? open(next_ids[i], O_WRONLY | O_CLOEXEC) : -1;
	namespaces->has_files = mount_files();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
		return;
	namespaces->has_pids = unshare(CLONE_NEWPID) == 0;
	first = namespaces->has_pids ? fork() : -1;
	if (first == 0)
		count_pids(sockets[1]);
	close(sockets[1]);
	if (first > 0)
		namespaces->counter = sockets[0];
	else
		close(sockets[0]);
}

static void empty_shared(void)
{
	const struct dirent *entry;
	DIR *folder = opendir(SHARED);

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2)
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder != NULL)
		closedir(folder);
}

void namespaces_rewind(const struct namespaces *namespaces, unsigned models)
{
	char byte = (char)models;

	if (namespaces->has_files)
		empty_shared();
	if (namespaces->counter >= 0 && send(namespaces->counter, &byte, 1, MSG_NOSIGNAL) == 1)
		(void)!read(namespaces->counter, &byte, 1);
}

void namespaces_next_id(const struct namespaces *namespaces, enum namespaces_kind kind, unsigned id)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", id);

	(void)!pwrite(namespaces->next_ids[kind], text, (size_t)length, 0);
}

void namespaces_mount_proc(void)
{
	if (unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) == 0)
		mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

void namespaces_leave(struct namespaces *namespaces)
{
	if (namespaces->counter >= 0)
		close(namespaces->counter);
	namespaces->counter = -1;
	for (size_t i = 0; i < NAMESPACES_KINDS; i++)
		if (namespaces->next_ids[i] >= 0)
			close(namespaces->next_ids[i]);
}

/*
 * child.c - see child.h. All descriptors opened here are close-on-exec; any others, opened by
 * libraries, are closed in the child before the program runs.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "executable.h"
#include "translate.h"
#include "wire.h"

#define PROGRAM      "vitrine-decoder"
#define WINDOW_BYTES ((size_t)WIRE_PARTS * WIRE_PART_BYTES)
#define BURIAL_MS    1000 /* the time that it may take to end after it closed its socket */

/* ---- the program --------------------------------------------------------------------------- */

/*
 * Finds the program beside this one (in the build tree), or else where it is installed relative to
 * this one.
 */
static bool find_program(char path[PATH_MAX], const char *program, const char *suffix)
{
	static const char *const places[] = {"", VITRINE_LIBEXEC, VITRINE_LIBEXEC_OF_MODULES};
	char name[sizeof(PROGRAM) + 16];

	if (program != NULL) {
		snprintf(path, PATH_MAX, "%s%s", program, suffix);
		return access(path, X_OK) == 0;
	}
	snprintf(name, sizeof(name), PROGRAM "%s", suffix);
	return executable_find_file(path, places, 3, name);
}

bool child_is_installed(const char *program, const char *suffix)
{
	char path[PATH_MAX];

	return find_program(path, program, suffix);
}

/* ---- starting ------------------------------------------------------------------------------ */

/* Moves a descriptor above those that the child gets, so that none is overwritten by dup2(). */
static int move_up(int fd)
{
	int moved = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, WIRE_WINDOW + 1) : -1;
	int error = errno == EINVAL ? EMFILE : errno; /* no number that high is allowed */

	if (fd >= 0)
		close(fd);
	errno = error;
	return moved;
}

/* Creates memory whose size is sealed, so that reading it never goes beyond its end. */
static int make_window(void)
{
	int fd = move_up(memfd_create("vitrine-window", MFD_CLOEXEC | MFD_ALLOW_SEALING));

	if (fd < 0)
		return -1;
	if (ftruncate(fd, (off_t)WINDOW_BYTES) == 0 &&
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
		return fd;
	close(fd);
	return -1;
}

/*
 * Passes only variables that say where libraries are: a decoder that a file has taken over learns
 * nothing.
 */
static char **environment(char *kept[2])
{
#ifdef VITRINE_SANITIZED
	(void)kept;
	return environ; /* options of sanitizers */
#else
	static const char name[] = "LD_LIBRARY_PATH=";

	kept[0] = NULL;
	kept[1] = NULL;
	for (char **variable = environ; *variable != NULL; variable++)
		if (strncmp(*variable, name, sizeof(name) - 1) == 0)
			kept[0] = *variable;
	return kept;
#endif
}

static int set_actions(posix_spawn_file_actions_t *actions, int socket, int window)
{
	int rc = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDWR, 0);

	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(actions, STDIN_FILENO, STDOUT_FILENO);
#ifndef VITRINE_SANITIZED /* sanitizers report there */
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(actions, STDIN_FILENO, STDERR_FILENO);
#endif
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(actions, socket, WIRE_SOCKET);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(actions, window, WIRE_WINDOW);
	if (rc == 0)
		rc = posix_spawn_file_actions_addclosefrom_np(actions, WIRE_WINDOW + 1);
	return rc;
}

/* Starts the program with default signal handling and no signal blocked. Returns 0 or an errno. */
static int spawn(pid_t *pid, const char *path, uint64_t memory, int socket, int window)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char number[24], *kept[2];
	char *argv[] = {PROGRAM, number, NULL};
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	snprintf(number, sizeof(number), "%" PRIu64, memory);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	rc = set_actions(&actions, socket, window);
	if (rc == 0)
		rc = posix_spawn(pid, path, &actions, &attributes, argv, environment(kept));
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static void why_not_started(const char *path, int error, char reason[TEXT_REASON_MAX])
{
	if (error == ENOENT || error == EACCES)
		snprintf(reason, TEXT_REASON_MAX,
			_("cannot be decoded: %.120s: %s; install %s again"), path, strerror(error),
			PROGRAM);
	else
		snprintf(reason, TEXT_REASON_MAX,
			_("cannot be decoded now: the decoder's process cannot be started (%s)"),
			strerror(error));
}

/* Returns 0 or errno. */
static int start(struct child *child, const char *path, uint64_t memory)
{
	int sockets[2], ends[2] = {-1, -1};
	int window = make_window();
	int rc = 0;

	if (window < 0)
		return errno;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) == 0) {
		ends[0] = sockets[0];
		ends[1] = move_up(sockets[1]);
	}
	void *mapped = ends[1] >= 0 ? mmap(NULL, WINDOW_BYTES, PROT_READ, MAP_SHARED, window, 0)
				    : MAP_FAILED;
	if (mapped != MAP_FAILED)
		rc = spawn(&child->pid, path, memory, ends[1], window);
	else
		rc = errno;
	close(window);
	if (ends[1] >= 0)
		close(ends[1]);
	if (rc == 0) {
		child->socket = ends[0];
		child->window = mapped;
		return 0;
	}
	child->pid = 0;
	if (mapped != MAP_FAILED)
		munmap(mapped, WINDOW_BYTES);
	if (ends[0] >= 0)
		close(ends[0]);
	return rc;
}

bool child_start(struct child *child, const char *program, const char *suffix, uint64_t memory,
	char reason[TEXT_REASON_MAX])
{
	char path[PATH_MAX];
	int rc;

	*child = (struct child){.socket = -1};
	find_program(path, program, suffix); /* if it is missing, starting it reports that */
	rc = start(child, path, memory);
	if (rc != 0)
		why_not_started(path, rc, reason);
	return rc == 0;
}

/* ---- while it lives ------------------------------------------------------------------------ */

bool child_is_ready(const struct child *child)
{
	struct pollfd polled = {.fd = child->socket, .events = POLLIN};

	return child->pid != 0 && poll(&polled, 1, 0) == 0;
}

void child_limit_time(const struct child *child, int64_t ns)
{
	const rlim_t seconds = (rlim_t)(ns / 1000000000) + 1;
	struct timespec used;
	struct rlimit limit;
	clockid_t clock;

	/* Sets only the soft limit: it changes for each file, and the hard one stays. */
	if (clock_getcpuclockid(child->pid, &clock) != 0 || clock_gettime(clock, &used) != 0 ||
		prlimit(child->pid, RLIMIT_CPU, NULL, &limit) != 0)
		return;
	limit.rlim_cur = (rlim_t)used.tv_sec + seconds;
	prlimit(child->pid, RLIMIT_CPU, &limit, NULL);
}

/* ---- ending -------------------------------------------------------------------------------- */

static int reap(struct child *child)
{
	int status = 0;

	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	child->pid = 0;
	return status;
}

static void forget(struct child *child)
{
	if (child->socket >= 0)
		close(child->socket);
	child->socket = -1;
	if (child->window != NULL)
		munmap((void *)(uintptr_t)child->window, WINDOW_BYTES);
	child->window = NULL;
}

void child_end(struct child *child)
{
	if (child->pid != 0) {
		kill(child->pid, SIGKILL);
		reap(child);
	}
	forget(child);
}

/* True if it ends by itself within a moment. */
static bool ends(const struct child *child)
{
	int fd = pidfd_open(child->pid, 0);
	struct pollfd polled = {.fd = fd, .events = POLLIN};
	bool has_ended = fd >= 0 && poll(&polled, 1, BURIAL_MS) == 1;

	if (fd >= 0)
		close(fd);
	return has_ended;
}

static void why_signal(int signal, char reason[TEXT_REASON_MAX])
{
	const char *name = sigabbrev_np(signal);

	if (signal == SIGKILL)
		snprintf(reason, TEXT_REASON_MAX,
			_("the decoder was killed (SIGKILL): there may be too little memory"));
	else if (signal == SIGXCPU)
		snprintf(reason, TEXT_REASON_MAX, _("the decoder was stopped: it took too long"));
	else if (signal == SIGSYS)
		snprintf(reason, TEXT_REASON_MAX,
			_("the decoder was stopped (SIGSYS): it made a forbidden system call"));
	else
		snprintf(reason, TEXT_REASON_MAX,
			_("the decoder crashed (SIG%s): the file is damaged or malicious"),
			name != NULL ? name : "?");
}

void child_bury(struct child *child, char reason[TEXT_REASON_MAX])
{
	int status;

	if (!ends(child)) {
		snprintf(reason, TEXT_REASON_MAX, _("the decoder stopped answering"));
		child_end(child);
		return;
	}
	status = reap(child);
	forget(child);
	if (WIFSIGNALED(status))
		why_signal(WTERMSIG(status), reason);
	else
		snprintf(reason, TEXT_REASON_MAX, _("the decoder ended (exit status %d)"),
			WEXITSTATUS(status));
}

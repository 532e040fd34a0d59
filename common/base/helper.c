/* helper.c - see helper.h. */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct helper {
	void (*wake)(void *data);
	void *wake_data;
	bool is_running; /* there is a child and a thread */
	pid_t pid;
	int pipe; /* its standard output; -1: discarded */
	pthread_t thread;
	atomic_bool is_done; /* the thread has finished with `end` */
	struct helper_end end;
};

struct helper *helper_create(void (*wake)(void *data), void *wake_data)
{
	struct helper *helper = calloc(1, sizeof(*helper));

	if (helper == NULL)
		return NULL;
	helper->wake = wake;
	helper->wake_data = wake_data;
	return helper;
}

/* ---- the thread ---------------------------------------------------------------------------- */

/* Reads everything up to the end of the file; NULL: out of memory. */
static char *read_all(int fd, size_t *size)
{
	char *text = NULL;
	FILE *memory = open_memstream(&text, size);
	char buffer[65536];
	ssize_t got;

	if (memory == NULL)
		return NULL;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			fwrite(buffer, 1, (size_t)got, memory);
	if (fclose(memory) == 0)
		return text;
	free(text);
	return NULL;
}

/* Waits for the child without reaping it, so that its pid cannot be reused yet. */
static void *follow(void *argument)
{
	struct helper *helper = argument;
	siginfo_t end = {0};

	if (helper->pipe >= 0) {
		helper->end.output = read_all(helper->pipe, &helper->end.size);
		close(helper->pipe);
	}
	while (waitid(P_PID, (id_t)helper->pid, &end, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	helper->end.status = end.si_code == CLD_EXITED ? end.si_status : 128 + end.si_status;
	atomic_store(&helper->is_done, true);
	helper->wake(helper->wake_data);
	return NULL;
}

/* ---- starting ------------------------------------------------------------------------------ */

static void direct(posix_spawn_file_actions_t *actions, int from, int flags, int to)
{
	if (from >= 0)
		posix_spawn_file_actions_adddup2(actions, from, to);
	else
		posix_spawn_file_actions_addopen(actions, to, "/dev/null", flags, 0);
}

/* Gives the child default signal handling: none blocked, SIGPIPE ends it. */
static int spawn(char *const arguments[], int input, int output, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, pipe_signal;
	int rc;

	sigemptyset(&none);
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	direct(&actions, input, O_RDONLY, STDIN_FILENO);
	direct(&actions, output, O_WRONLY, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawnp(pid, arguments[0], &actions, &attributes, arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static void end_child(struct helper *helper)
{
	kill(helper->pid, SIGTERM);
	if (helper->pipe >= 0)
		close(helper->pipe);
	waitpid(helper->pid, NULL, 0);
}

int helper_start(struct helper *helper, char *const arguments[], int input,
	enum helper_output output)
{
	int ends[2] = {-1, -1};
	int rc;

	if (helper->is_running)
		return EBUSY;
	if (output == HELPER_COLLECT && pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	rc = spawn(arguments, input, ends[1], &helper->pid);
	if (ends[1] >= 0)
		close(ends[1]);
	if (rc != 0) {
		if (ends[0] >= 0)
			close(ends[0]);
		return rc;
	}
	helper->pipe = ends[0];
	helper->end = (struct helper_end){0};
	atomic_store(&helper->is_done, false);
	rc = pthread_create(&helper->thread, NULL, follow, helper);
	if (rc != 0)
		end_child(helper);
	helper->is_running = rc == 0;
	return rc;
}

bool helper_is_running(const struct helper *helper)
{
	return helper->is_running;
}

/* ---- the end ------------------------------------------------------------------------------- */

static void join(struct helper *helper)
{
	pthread_join(helper->thread, NULL);
	waitpid(helper->pid, NULL, 0);
	helper->is_running = false;
}

bool helper_pop(struct helper *helper, struct helper_end *end)
{
	if (!helper->is_running || !atomic_load(&helper->is_done))
		return false;
	join(helper);
	*end = helper->end;
	helper->end = (struct helper_end){0};
	return true;
}

void helper_stop(struct helper *helper)
{
	if (!helper->is_running)
		return;
	kill(helper->pid, SIGTERM);
	join(helper);
	free(helper->end.output);
	helper->end = (struct helper_end){0};
}

void helper_destroy(struct helper *helper)
{
	if (helper == NULL)
		return;
	helper_stop(helper);
	free(helper);
}

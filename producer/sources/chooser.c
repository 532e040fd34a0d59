/* chooser.c - see chooser.h. */
#include "chooser.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The separator of paths in the output; "//" occurs in no path from a chooser. */
struct program {
	const char *name;
	char *const *arguments;
	const char *separator;
};

static char *const zenity[] = {"zenity", "--file-selection", "--multiple", "--separator=//",
	"--title=Images for the producer", NULL};
static char *const kdialog[] = {"kdialog", "--getopenfilename", ".", "", "--multiple",
	"--separate-output", "--title", "Images for the producer", NULL};
static const struct program programs[] = {{"zenity", zenity, "//"}, {"kdialog", kdialog, "\n"}};

struct chooser {
	void (*wake)(void *data);
	void *wake_data;
	bool is_open; /* there is a child and a thread */
	const struct program *program;
	pid_t pid;
	int pipe; /* its standard output */
	pthread_t thread;
	atomic_bool is_done; /* the thread has finished with the fields below */
	char *text;
	int status;
};

struct chooser *chooser_create(void (*wake)(void *data), void *wake_data)
{
	struct chooser *chooser = calloc(1, sizeof(*chooser));

	if (chooser == NULL)
		return NULL;
	chooser->wake = wake;
	chooser->wake_data = wake_data;
	return chooser;
}

/* ---- the thread ---------------------------------------------------------------------------- */

/* Reads everything up to the end of the file; NULL: out of memory. */
static char *read_all(int fd)
{
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);
	char buffer[4096];
	ssize_t got;

	if (memory == NULL)
		return NULL;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			fwrite(buffer, 1, (size_t)got, memory);
	fclose(memory);
	return text;
}

/* Waits for the child without reaping it, so that its pid cannot be reused yet. */
static void *follow(void *argument)
{
	struct chooser *chooser = argument;
	siginfo_t end = {0};

	chooser->text = read_all(chooser->pipe);
	close(chooser->pipe);
	while (waitid(P_PID, (id_t)chooser->pid, &end, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	chooser->status = end.si_code == CLD_EXITED ? end.si_status : 128 + end.si_status;
	atomic_store(&chooser->is_done, true);
	chooser->wake(chooser->wake_data);
	return NULL;
}

/* ---- starting ------------------------------------------------------------------------------ */

/* Gives the child default signal handling: none blocked, SIGPIPE ends it. */
static int spawn(const struct program *program, int output, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, pipe_signal;
	int rc;

	sigemptyset(&none);
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawnp(pid, program->name, &actions, &attributes, program->arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* Starts the first of the programs that is installed. 0, or an errno: ENOENT if none is. */
static int spawn_any(struct chooser *chooser, int output)
{
	int rc = ENOENT;

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]) && rc == ENOENT; i++) {
		chooser->program = &programs[i];
		rc = spawn(&programs[i], output, &chooser->pid);
	}
	return rc;
}

static void end_child(struct chooser *chooser)
{
	kill(chooser->pid, SIGTERM);
	close(chooser->pipe);
	waitpid(chooser->pid, NULL, 0);
}

enum chooser_start chooser_open(struct chooser *chooser)
{
	int ends[2];
	int rc;

	if (chooser->is_open)
		return CHOOSER_IS_OPEN;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return CHOOSER_FAILED;
	rc = spawn_any(chooser, ends[1]);
	close(ends[1]);
	if (rc != 0) {
		close(ends[0]);
		errno = rc;
		return rc == ENOENT ? CHOOSER_MISSING : CHOOSER_FAILED;
	}
	chooser->pipe = ends[0];
	atomic_store(&chooser->is_done, false);
	rc = pthread_create(&chooser->thread, NULL, follow, chooser);
	if (rc != 0) {
		end_child(chooser);
		errno = rc;
		return CHOOSER_FAILED;
	}
	chooser->is_open = true;
	return CHOOSER_STARTED;
}

/* ---- the end ------------------------------------------------------------------------------- */

/* Splits the output, which ends in a newline, into paths. False: out of memory. */
static bool cut(char *text, const char *separator, struct chosen *chosen)
{
	size_t length = strlen(text);

	if (length > 0 && text[length - 1] == '\n')
		text[length - 1] = '\0';
	while (*text != '\0') {
		char *end = strstr(text, separator);
		char **paths = reallocarray(chosen->paths, chosen->count + 1, sizeof(char *));

		if (paths == NULL)
			return false;
		chosen->paths = paths;
		if (end != NULL)
			*end = '\0';
		paths[chosen->count] = strdup(text);
		if (paths[chosen->count] == NULL)
			return false;
		chosen->count++;
		if (end == NULL)
			break;
		text = end + strlen(separator);
	}
	return true;
}

static void join(struct chooser *chooser)
{
	pthread_join(chooser->thread, NULL);
	waitpid(chooser->pid, NULL, 0);
	chooser->is_open = false;
}

bool chooser_pop(struct chooser *chooser, struct chosen *chosen)
{
	if (!chooser->is_open || !atomic_load(&chooser->is_done))
		return false;
	join(chooser);
	*chosen = (struct chosen){.status = chooser->status, .program = chooser->program->name};
	if (chooser->text != NULL && chooser->status == 0)
		cut(chooser->text, chooser->program->separator, chosen);
	free(chooser->text);
	chooser->text = NULL;
	return true;
}

void chosen_free(struct chosen *chosen)
{
	for (size_t i = 0; i < chosen->count; i++)
		free(chosen->paths[i]);
	free(chosen->paths);
	*chosen = (struct chosen){0};
}

void chooser_destroy(struct chooser *chooser)
{
	if (chooser == NULL)
		return;
	if (chooser->is_open) {
		kill(chooser->pid, SIGTERM);
		join(chooser);
		free(chooser->text);
	}
	free(chooser);
}

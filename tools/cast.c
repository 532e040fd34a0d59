/* cast.c - see cast.h. */
#include "cast.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_NS INT64_C(5000000000) /* for a window to close */

bool cast_start(struct cast *cast, char *const argv[], bool is_heard)
{
	posix_spawn_file_actions_t actions;
	int rc;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!is_heard)
		posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	rc = tool_spawn(&cast->pids[cast->count], argv[0], argv, &actions, 0);
	posix_spawn_file_actions_destroy(&actions);
	if (rc != 0) {
		cast->failed = true;
		log_error(&cast->tool->log, argv[0], strerror(rc));
		return false;
	}
	cast->count++;
	cast->living++;
	return true;
}

/* One has ended, in this way. */
static enum cast_event note_end(struct cast *cast, int status)
{
	cast->living--;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return cast->living > 0 ? CAST_KILLED : CAST_ENDED;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		cast->failed = true;
	return CAST_ENDED;
}

enum cast_event cast_look(struct cast *cast)
{
	enum cast_event event = CAST_PLAYS;
	int status;

	for (size_t i = 0; i < cast->count && event != CAST_ENDED; i++) {
		if (cast->pids[i] == 0 || waitpid(cast->pids[i], &status, WNOHANG) == 0)
			continue;
		cast->pids[i] = 0;
		event = note_end(cast, status);
	}
	return event;
}

static void signal_all(const struct cast *cast, int number)
{
	for (size_t i = 0; i < cast->count; i++)
		if (cast->pids[i] != 0)
			kill(cast->pids[i], number);
}

void cast_end(struct cast *cast)
{
	const struct timespec nap = {.tv_nsec = 10000000};
	int64_t deadline = tool_deadline(PATIENCE_NS);

	signal_all(cast, SIGTERM);
	signal_all(cast, SIGCONT);
	while (cast->living > 0) {
		cast_look(cast);
		if (tool_is_over(deadline))
			signal_all(cast, SIGKILL);
		nanosleep(&nap, NULL);
	}
}

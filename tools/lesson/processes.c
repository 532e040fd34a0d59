/* processes.c - see processes.h. */
#include "processes.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_NS INT64_C(5000000000) /* how long a window may take to close */

/*
 * Runs in the child. The child ends with its parent, even if that is killed; a terminal's ^C
 * reaches only the parent, which ends it. Returns only on failure: errno.
 */
static int become(pid_t parent, char *const argv[], bool is_heard)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	sigemptyset(&none);
	if (nothing < 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 ||
		dup2(nothing, STDIN_FILENO) < 0 || (!is_heard && dup2(nothing, STDOUT_FILENO) < 0))
		return errno;
	setpgid(0, 0);
	if (getppid() != parent) /* the parent was killed before this took effect */
		_exit(1);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[0], argv);
	return errno;
}

/* Returns 0 or errno: the child reports through a pipe that closes when the program starts. */
static int start_bound(pid_t *pid, char *const argv[], bool is_heard)
{
	pid_t parent = getpid();
	int ends[2], error = 0;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	*pid = fork();
	if (*pid == 0) {
		error = become(parent, argv, is_heard);
		_exit(write(ends[1], &error, sizeof(error)) > 0);
	}
	if (*pid < 0)
		error = errno;
	close(ends[1]);
	if (*pid > 0 && read(ends[0], &error, sizeof(error)) > 0)
		waitpid(*pid, NULL, 0);
	close(ends[0]);
	return error;
}

bool processes_start(struct processes *processes, char *const argv[], bool is_heard)
{
	int rc = start_bound(&processes->pids[processes->count], argv, is_heard);

	if (rc != 0) {
		processes->failed = true;
		log_error(&processes->tool->log, argv[0], strerror(rc));
		return false;
	}
	processes->count++;
	processes->living++;
	return true;
}

/* Records that a process ended with this status. */
static enum processes_event note_end(struct processes *processes, int status)
{
	processes->living--;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return processes->living > 0 ? PROCESSES_KILLED : PROCESSES_ENDED;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != processes->status)
		processes->failed = true;
	return PROCESSES_ENDED;
}

enum processes_event processes_look(struct processes *processes)
{
	enum processes_event event = PROCESSES_PLAYS;
	int status;

	for (size_t i = 0; i < processes->count && event != PROCESSES_ENDED; i++) {
		if (processes->pids[i] == 0 || waitpid(processes->pids[i], &status, WNOHANG) == 0)
			continue;
		processes->pids[i] = 0;
		event = note_end(processes, status);
	}
	return event;
}

static void signal_all(const struct processes *processes, int number)
{
	for (size_t i = 0; i < processes->count; i++)
		if (processes->pids[i] != 0)
			kill(processes->pids[i], number);
}

void processes_end(struct processes *processes)
{
	const struct timespec nap = {.tv_nsec = 10000000};
	int64_t deadline = tool_deadline(PATIENCE_NS);

	signal_all(processes, SIGTERM);
	signal_all(processes, SIGCONT);
	while (processes->living > 0) {
		processes_look(processes);
		if (tool_is_over(deadline))
			signal_all(processes, SIGKILL);
		nanosleep(&nap, NULL);
	}
}

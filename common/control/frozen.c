/* frozen.c - see frozen.h. */
#include "frozen.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
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
static bool lead_back(pid_t pid, const struct machine_registers *registers)
{
	return machine_again(pid, registers) == 0 &&
	       go_on(pid, PTRACE_CONT) == PTRACE_EVENT_SECCOMP;
}

pid_t frozen_copy(const struct frozen *frozen)
{
	/* The copy's parent is the calling process. */
	const uint64_t arguments[MACHINE_ARGUMENTS] = {CLONE_PARENT | SIGCHLD};
	unsigned long born = 0;

	if (machine_replace(frozen->pid, &frozen->registers, SYS_clone, arguments) != 0 ||
		go_on(frozen->pid, PTRACE_CONT) != PTRACE_EVENT_FORK ||
		ptrace(PTRACE_GETEVENTMSG, frozen->pid, NULL, &born) != 0)
		return -ESRCH;
	if (go_on(frozen->pid, PTRACE_SYSCALL) == (SIGTRAP | 0x80) &&
		lead_back(frozen->pid, &frozen->registers) && go_on((pid_t)born, 0) > 0 &&
		lead_back((pid_t)born, &frozen->registers)) {
		setpgid((pid_t)born, (pid_t)born); /* a signal to its group is not for the model */
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

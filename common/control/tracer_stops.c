/* tracer_stops.c - handles the stops of traced tasks. See tracer_parts.h. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/monotonic.h"
#include "filter.h"
#include "process_status.h"
#include "tracer_parts.h"

#define EVENT_STOP 128 /* PTRACE_EVENT_STOP, which glibc does not name */

/* Of include/linux/errno.h: results that only a tracer sees. */
#define RESTART_FIRST      512
/* ERESTARTNOHAND: EINTR if a handler runs, otherwise the call is restarted */
#define RESTART_NO_HANDLER 514
#define RESTART_LAST       516

static int read_memory(const void *program, uint64_t address, void *bytes, size_t count)
{
	return tracer_read(program, address, bytes, count);
}

static bool get_information(const struct tracer_task *task,
	struct __ptrace_syscall_info *information)
{
	return ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, sizeof(*information), information) > 0;
}

void tracer_go_on(struct tracer_task *task, bool to_end_of_call, int signal)
{
	task->state = to_end_of_call ? TRACER_IN_CALL : TRACER_RUNS;
	/* ESRCH: it was killed meanwhile, and waitpid() will report that. */
	ptrace(to_end_of_call ? PTRACE_SYSCALL : PTRACE_CONT, task->tid, NULL, (long)signal);
}

void tracer_enter_call(struct tracer_task *task)
{
	task->is_cut_short = false;
	tracer_go_on(task, true, 0);
}

/* ---- guarded segments ------------------------------------------------------------------------ */

static void stop(struct tracer *tracer, struct tracer_task *task, int status);

/* Handles a change of a task, as reported by waitpid(2). */
static void handle(struct tracer *tracer, struct tracer_task *task, int status)
{
	if (WIFSTOPPED(status))
		stop(tracer, task, status);
	else if (status != -1)
		tracer_end_task(tracer, task, status);
}

/* True if another thread of its process is in a call for which segments were opened. */
static bool keeps_open(const struct tracer *tracer, const struct tracer_task *task)
{
	for (size_t i = 0; i < tracer->task_count; i++) {
		const struct tracer_task *other = tracer->tasks[i];

		if (other != task && other->pid == task->pid && other->opens &&
			other->state != TRACER_ENDED)
			return true;
	}
	return false;
}

/* false: the task is ending. */
static bool guard_call(struct tracer *tracer, struct tracer_task *task, long number,
	const uint64_t arguments[6])
{
	int status = 0;

	if (!tracer->observes || guard_before(&tracer->guard, task, number, arguments,
					 keeps_open(tracer, task), &status) == GUARD_NOT_MINE)
		return true;
	handle(tracer, task, status);
	return false;
}

static bool guard_return(struct tracer *tracer, struct tracer_task *task)
{
	int status = 0;

	if (!tracer->observes || guard_after(&tracer->guard, task, keeps_open(tracer, task),
					 &status) == GUARD_NOT_MINE)
		return true;
	handle(tracer, task, status);
	return false;
}

/* ---- calls ----------------------------------------------------------------------------------- */

void tracer_stop_before(struct tracer *tracer, struct tracer_task *task)
{
	struct __ptrace_syscall_info information;
	uint64_t arguments[6];
	uint32_t data;

	if (task->is_cut_short) {
		tracer_enter_call(task);
		return;
	}
	if (!get_information(task, &information) || information.op != PTRACE_SYSCALL_INFO_SECCOMP) {
		tracer_go_on(task, false, 0);
		return;
	}
	data = information.seccomp.ret_data;
	if (data == FILTER_FOREIGN) {
		task->is_foreign = true;
		tracer_go_on(task, false, 0);
		return;
	}
	for (unsigned i = 0; i < 6; i++)
		arguments[i] = information.seccomp.args[i];
	if (!guard_call(tracer, task, (long)information.seccomp.nr, arguments))
		return;
	if (data == FILTER_OTHER) {
		task->is_unasked = task->opens;
		tracer_go_on(task, task->opens, 0);
		task->state = TRACER_RUNS;
		return;
	}
	registers_read(task->tid, &task->registers);
	call_decode(&task->call, (long)information.seccomp.nr, arguments, read_memory, task);
	task->calls++;
	task->state = TRACER_STANDS_BEFORE;
	tracer_add_event(tracer, TRACER_BEFORE, task);
}

static void come_back(struct tracer *tracer, struct tracer_task *task, int64_t result)
{
	call_finish(&task->call, result);
	if (!guard_return(tracer, task))
		return;
	task->state = TRACER_STANDS_AFTER;
	tracer_add_event(tracer, TRACER_AFTER, task);
}

/* True if a signal, perhaps one that the program ignores, made the call return. */
static bool was_cut_short(const struct tracer_task *task, int64_t result)
{
	return call_can_sleep(&task->call) &&
	       (result == -EINTR || (result <= -RESTART_FIRST && result >= -RESTART_LAST));
}

/*
 * A traced process also receives the signals that it ignores: its semop() then returns EINTR,
 * although it would sleep on if it were not traced. So the call is restarted, unless a signal
 * follows that the program does not ignore: stop_of_signal().
 */
static void let_it_restart(struct tracer_task *task)
{
	task->is_cut_short = true;
	registers_set_result(task->tid, -RESTART_NO_HANDLER);
	tracer_go_on(task, false, 0);
	task->state = TRACER_IN_CALL;
}

/* True if the timeout of its call has expired: a restart would begin it again. */
static bool is_late(const struct tracer_task *task)
{
	return task->call.timeout_ns >= 0 &&
	       monotonic_ns() - task->entered_ns >= task->call.timeout_ns;
}

static void stop_after(struct tracer *tracer, struct tracer_task *task)
{
	struct __ptrace_syscall_info information;
	int64_t result;

	if (!get_information(task, &information) || information.op != PTRACE_SYSCALL_INFO_EXIT) {
		tracer_go_on(task, task->state == TRACER_IN_CALL, 0);
		return;
	}
	if (task->is_unasked) {
		task->is_unasked = false;
		task->call.kind = CALL_OTHER;
		task->call.number = -1;
		if (guard_return(tracer, task))
			tracer_go_on(task, false, 0);
		return;
	}
	result = information.exit.rval;
	if (was_cut_short(task, result)) {
		if (!is_late(task)) {
			let_it_restart(task);
			return;
		}
		result = -EAGAIN;
		registers_set_result(task->tid, result);
	}
	come_back(tracer, task, result);
}

/* True if the kernel would not have delivered the signal to an untraced process. */
static bool is_ignored(const struct tracer_task *task, int signal)
{
	const uint64_t bit = UINT64_C(1) << (signal - 1);
	bool is_ignored_by_default =
		signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH;
	struct process_status status;

	process_status_read(task->tid, &status);
	return (status.ignored & bit) != 0 || (is_ignored_by_default && (status.caught & bit) == 0);
}

/* Handles the stop before a signal is delivered. */
static void stop_of_signal(struct tracer *tracer, struct tracer_task *task, int signal)
{
	bool is_in_call = task->is_cut_short;

	if (signal == SIGSEGV && tracer->observes) {
		int status = 0;

		switch (guard_fault(&tracer->guard, task, &status)) {
		case GUARD_DONE: tracer_go_on(task, false, 0); return;
		case GUARD_GONE: handle(tracer, task, status); return;
		case GUARD_NOT_MINE: signal = status != 0 ? WSTOPSIG(status) : signal; break;
		}
	}
	if (is_in_call && !is_ignored(task, signal)) {
		task->is_cut_short = false;
		task->pending = signal;
		registers_interrupt(task->tid);
		come_back(tracer, task, -EINTR);
		return;
	}
	tracer_go_on(task, false, signal);
	if (is_in_call)
		task->state = TRACER_IN_CALL;
}

static bool take_early(struct tracer *tracer, pid_t tid)
{
	for (size_t i = 0; i < tracer->early_count; i++) {
		if (tracer->early[i] != tid)
			continue;
		tracer->early[i] = tracer->early[--tracer->early_count];
		return true;
	}
	return false;
}

static void add_early(struct tracer *tracer, pid_t tid)
{
	pid_t *early = reallocarray(tracer->early, tracer->early_count + 1, sizeof(*early));

	if (early == NULL) {
		kill(tid, SIGKILL);
		return;
	}
	tracer->early = early;
	early[tracer->early_count++] = tid;
}

/*
 * Handles the birth of a task: waits for its first stop, so that parent and child always come in
 * the same order.
 */
static void stop_of_birth(struct tracer *tracer, struct tracer_task *parent, int event)
{
	unsigned long born = 0;
	struct tracer_task *task;
	int status = 0;
	pid_t tid;

	ptrace(PTRACE_GETEVENTMSG, parent->tid, NULL, &born);
	tid = (pid_t)born;
	if (!take_early(tracer, tid))
		while (waitpid(tid, &status, __WALL) < 0 && errno == EINTR)
			continue;
	task = tracer_add_task(tracer, tid, parent);
	if (task == NULL) {
		kill(tid, SIGKILL);
	} else if (status != 0 && !WIFSTOPPED(status)) {
		tracer_end_task(tracer, task, status);
	} else {
		task->is_vfork = event == PTRACE_EVENT_VFORK;
		parent->is_in_vfork = task->is_vfork;
		task->state = TRACER_STANDS_FIRST;
		if (!task->is_thread)
			attachments_fork(&tracer->guard.attachments, parent->pid, task->pid);
		tracer_add_event(tracer,
			tracer->alive > tracer->tasks_max ? TRACER_CROWD : TRACER_BEGAN, task);
	}
	tracer_go_on(parent, parent->state == TRACER_IN_CALL, 0);
}

/* exec() ends all other threads of the process, and the calling thread gets the process's id. */
static void stop_after_exec(struct tracer *tracer, struct tracer_task *task)
{
	unsigned long former = 0;
	struct tracer_task *caller = NULL;

	ptrace(PTRACE_GETEVENTMSG, task->tid, NULL, &former);
	if ((pid_t)former != task->tid)
		caller = tracer_find(tracer, (pid_t)former);
	if (caller != NULL)
		tracer_end_task(tracer, caller, 0);
	attachments_forget(&tracer->guard.attachments, task->pid);
	task->opens = task->is_unasked = false;
	task->is_vfork = false;
	task->state = TRACER_STANDS_FIRST;
	tracer_add_event(tracer, TRACER_EXECED, task);
}

static void stop_before_end(struct tracer *tracer, struct tracer_task *task)
{
	unsigned long status = 0;

	ptrace(PTRACE_GETEVENTMSG, task->tid, NULL, &status);
	task->status = (int)status;
	task->state = TRACER_STANDS_LAST;
	if (task->model != NULL && WIFEXITED(task->status))
		frozen_learn(task->model, task->pid);
	tracer_add_event(tracer, TRACER_LAST, task);
}

/* Handles group-stops, and the first stop of a child whose parent has not reported it yet. */
static void stop_of_seize(struct tracer_task *task, int signal)
{
	if (signal == SIGTRAP) { /* SIGCONT arrived */
		tracer_go_on(task, false, 0);
		return;
	}
	task->state = TRACER_STOPPED;
	ptrace(PTRACE_LISTEN, task->tid, NULL, NULL);
}

static void stop(struct tracer *tracer, struct tracer_task *task, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	task->is_in_vfork = false;
	switch (event) {
	case PTRACE_EVENT_SECCOMP: tracer_stop_before(tracer, task); return;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE: stop_of_birth(tracer, task, event); return;
	case PTRACE_EVENT_EXEC: stop_after_exec(tracer, task); return;
	case PTRACE_EVENT_EXIT: stop_before_end(tracer, task); return;
	case EVENT_STOP: stop_of_seize(task, signal); return;
	default: break;
	}
	if (signal == (SIGTRAP | 0x80)) {
		stop_after(tracer, task);
		return;
	}
	stop_of_signal(tracer, task, signal);
}

bool tracer_look(struct tracer *tracer)
{
	struct tracer_task *task;
	int status;
	pid_t tid;

	do
		tid = waitpid(-1, &status, __WALL | __WNOTHREAD | WNOHANG);
	while (tid < 0 && errno == EINTR);
	if (tid <= 0)
		return false;
	task = tracer_find(tracer, tid);
	if (task == NULL) {
		if (WIFSTOPPED(status))
			add_early(tracer, tid);
		else
			take_early(tracer, tid);
	} else {
		handle(tracer, task, status);
	}
	return true;
}

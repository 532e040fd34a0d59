/* tracer.c - see tracer.h. */
#include "tracer.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/grow.h"
#include "base/monotonic.h"
#include "base/timespec.h"
#include "base/translate.h"
#include "launch.h"
#include "process_status.h"
#include "sysv/sysv_processes.h"
#include "tracer_parts.h"

#define OPTIONS                                                                                    \
	(PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |  \
		PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |                   \
		PTRACE_O_TRACEEXIT)

/* ---- tasks --------------------------------------------------------------------------------- */

struct tracer_task *tracer_find(const struct tracer *tracer, pid_t tid)
{
	for (size_t i = tracer->task_count; i > 0; i--)
		if (tracer->tasks[i - 1]->tid == tid && tracer->tasks[i - 1]->state != TRACER_ENDED)
			return tracer->tasks[i - 1];
	return NULL;
}

struct tracer_task *tracer_add_task(struct tracer *tracer, pid_t tid,
	const struct tracer_task *parent)
{
	struct tracer_task **tasks =
		reallocarray(tracer->tasks, tracer->task_count + 1, sizeof(struct tracer_task *));
	struct tracer_task *task = tasks != NULL ? calloc(1, sizeof(*task)) : NULL;
	struct process_status status;

	if (tasks != NULL)
		tracer->tasks = tasks;
	if (task == NULL)
		return NULL;
	process_status_read(tid, &status); /* PTRACE_EVENT_CLONE does not tell the process */
	*task = (struct tracer_task){
		.tid = tid,
		.pid = status.pid,
		.own_pid = status.own_pid,
		.number = (unsigned)tracer->task_count + 1,
		.parent = parent != NULL ? parent->number : 0,
		.program = parent != NULL ? parent->program : tracer->programs,
		.is_thread = tid != status.pid,
		.state = TRACER_RUNS,
	};
	tracer->tasks[tracer->task_count++] = task;
	tracer->alive++;
	return task;
}

/* false: no memory; the event is lost, and the task is never resumed. */
bool tracer_add_event(struct tracer *tracer, enum tracer_event_kind kind, struct tracer_task *task)
{
	struct tracer_event *events =
		grow_array(tracer->events, tracer->event_count, sizeof(*events));

	if (events == NULL)
		return false;
	events[tracer->event_count++] = (struct tracer_event){kind, task};
	tracer->events = events;
	return true;
}

static bool take_event(struct tracer *tracer, struct tracer_event *event)
{
	if (tracer->event_first == tracer->event_count)
		return false;
	*event = tracer->events[tracer->event_first++];
	if (tracer->event_first == tracer->event_count)
		tracer->event_first = tracer->event_count = 0;
	return true;
}

void tracer_end_task(struct tracer *tracer, struct tracer_task *task, int status)
{
	task->state = TRACER_ENDED;
	task->status = status;
	tracer->alive--;
	if (task->tid == task->pid)
		attachments_forget(&tracer->guard.attachments, task->pid);
	tracer_add_event(tracer, TRACER_END, task);
}

/* ---- the tracer ---------------------------------------------------------------------------- */

static sigset_t awaited_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	return signals;
}

void tracer_block_signals(void)
{
	const sigset_t signals = awaited_signals();

	pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

bool tracer_create(struct tracer **created, const struct tracer_options *options,
	char reason[TRACER_REASON_MAX])
{
	struct tracer *tracer;

	*created = NULL;
#ifdef CPU_UNSUPPORTED
	snprintf(reason, TRACER_REASON_MAX,
		_("programs can be controlled on x86-64 and aarch64 only; watch them instead (without --)"));
	return false;
#endif
	if (!sysv_proc_is_own()) {
		snprintf(reason, TRACER_REASON_MAX,
			_("/proc is not that of this PID namespace: mount -t proc proc /proc, or unshare --mount-proc"));
		return false;
	}
	tracer = calloc(1, sizeof(*tracer));
	if (tracer == NULL) {
		snprintf(reason, TRACER_REASON_MAX, _("not enough memory"));
		return false;
	}
	tracer_block_signals();
	tracer->tasks_max = options->tasks_max > 0 ? options->tasks_max : TRACER_TASKS_MAX;
	tracer->observes = options->observe != NULL;
	tracer->guard = (struct guard){.observe = options->observe, .data = options->data};
	filter_write(&tracer->filter, options->calls, options->call_count, tracer->observes);
	*created = tracer;
	return true;
}

/* Resumes dying tasks, and any that are born meanwhile, until all have ended. */
static void bury_all(struct tracer *tracer)
{
	int status;
	pid_t tid;

	while (tracer->alive > 0) {
		tid = waitpid(-1, &status, __WALL | __WNOTHREAD);
		if (tid < 0 && errno != EINTR)
			return;
		if (tid > 0 && WIFSTOPPED(status)) {
			kill(tid, SIGKILL);
			ptrace(PTRACE_CONT, tid, NULL, NULL);
		} else if (tid > 0) {
			struct tracer_task *task = tracer_find(tracer, tid);

			if (task != NULL)
				tracer_end_task(tracer, task, status);
		}
	}
}

void tracer_destroy(struct tracer *tracer)
{
	if (tracer == NULL)
		return;
	for (size_t i = 0; i < tracer->task_count; i++) {
		if (tracer->tasks[i]->state == TRACER_ENDED)
			continue;
		kill(tracer->tasks[i]->pid, SIGKILL);
		if (tracer_stands(tracer->tasks[i]))
			tracer_go_on(tracer->tasks[i], false, 0);
	}
	for (size_t i = 0; i < tracer->early_count; i++)
		kill(tracer->early[i], SIGKILL);
	bury_all(tracer);
	for (size_t i = 0; i < tracer->task_count; i++)
		free(tracer->tasks[i]);
	attachments_end(&tracer->guard.attachments);
	free(tracer->tasks);
	free(tracer->early);
	free(tracer->events);
	free(tracer);
}

/* Until its exec, a new child runs this program's code. */
static bool await_exec(struct tracer *tracer, struct tracer_task *task,
	char reason[TRACER_REASON_MAX])
{
	int status = 0;

	while (true) {
		if (waitpid(task->tid, &status, __WALL) < 0) {
			if (errno == EINTR)
				continue;
			status = 0;
		}
		if (!WIFSTOPPED(status)) {
			task->state = TRACER_ENDED;
			tracer->alive--;
			snprintf(reason, TRACER_REASON_MAX,
				_("was killed before its first instruction: the file may be damaged, or there is not enough memory"));
			return false;
		}
		if (status >> 16 == PTRACE_EVENT_EXEC)
			break;
		tracer_go_on(task, false, status >> 16 == 0 ? WSTOPSIG(status) : 0);
	}
	task->state = TRACER_STANDS_FIRST;
	return tracer_add_event(tracer, TRACER_BEGAN, task);
}

bool tracer_start(struct tracer *tracer, const struct tracer_program *program,
	char reason[TRACER_REASON_MAX])
{
	struct tracer_task *task;
	pid_t pid;

	if (!launch_start(program, &tracer->filter, OPTIONS, &pid, reason))
		return false;
	task = tracer_add_task(tracer, pid, NULL);
	if (task == NULL) {
		kill(pid, SIGKILL);
		snprintf(reason, TRACER_REASON_MAX, _("not enough memory"));
		return false;
	}
	tracer->programs++;
	return await_exec(tracer, task, reason);
}

void tracer_freeze(struct tracer *tracer, struct tracer_task *task, struct frozen *frozen)
{
	*frozen = (struct frozen){.pid = task->pid, .registers = task->registers};
	task->state = TRACER_ENDED;
	tracer->alive--;
}

bool tracer_thaw(struct tracer *tracer, struct frozen *frozen, char reason[TRACER_REASON_MAX])
{
	pid_t pid = frozen_copy(frozen);
	struct tracer_task *task = pid > 0 ? tracer_add_task(tracer, pid, NULL) : NULL;

	if (task == NULL) {
		if (pid > 0)
			kill(pid, SIGKILL);
		snprintf(reason, TRACER_REASON_MAX, _("could not be started again: %s"),
			pid > 0 ? _("not enough memory") : strerror(-pid));
		return false;
	}
	task->model = frozen;
	tracer->programs++;
	tracer_stop_before(tracer, task);
	return true;
}

/* false: there is no event, neither queued nor from the kernel. */
static bool take_or_look(struct tracer *tracer, struct tracer_event *event)
{
	while (!take_event(tracer, event))
		if (tracer->is_quiet || !tracer_look(tracer)) {
			tracer->is_quiet = true;
			return false;
		}
	return true;
}

bool tracer_wait(struct tracer *tracer, struct tracer_event *event, int64_t timeout_ns)
{
	int64_t deadline = timeout_ns > 0 ? monotonic_ns() + timeout_ns : 0;
	const sigset_t signals = awaited_signals();

	/*
	 * After a look that found nothing, SIGCHLD announces a change. It is blocked, so it stays
	 * pending.
	 */
	tracer->is_quiet &= timeout_ns > 0;
	while (!take_or_look(tracer, event)) {
		int64_t left = timeout_ns > 0 ? deadline - monotonic_ns() : 0;
		const struct timespec time = timespec_of(left);

		if (left <= 0 || tracer->alive == 0)
			return false;
		/* If the signal came before that look, the next look finds nothing, either. */
		sigtimedwait(&signals, NULL, &time);
		tracer->is_quiet = false;
	}
	return true;
}

void tracer_resume(struct tracer *tracer, struct tracer_task *task)
{
	int signal = task->pending;

	(void)tracer;
	if (!tracer_stands(task))
		return;
	task->pending = 0;
	if (task->state == TRACER_STANDS_BEFORE) {
		task->entered_ns = monotonic_ns();
		tracer_enter_call(task);
	} else {
		tracer_go_on(task, false, signal);
	}
}

void tracer_interrupt(struct tracer_task *task)
{
	if (task->state != TRACER_STANDS_BEFORE)
		return;
	/* The kernel skips the call, and the program makes it again. */
	registers_answer(task->tid, 0);
	registers_again(task->tid, &task->registers);
	tracer_go_on(task, false, 0);
}

void tracer_kill(struct tracer *tracer, pid_t pid)
{
	(void)tracer;
	kill(pid, SIGKILL);
}

/* ---- its tasks ----------------------------------------------------------------------------- */

size_t tracer_task_count(const struct tracer *tracer)
{
	return tracer->task_count;
}

struct tracer_task *tracer_task(struct tracer *tracer, size_t index)
{
	return tracer->tasks[index];
}

unsigned tracer_alive(const struct tracer *tracer)
{
	return tracer->alive;
}

bool tracer_has_failed(const struct tracer *tracer)
{
	return tracer->guard.has_failed || tracer->guard.attachments.is_incomplete;
}

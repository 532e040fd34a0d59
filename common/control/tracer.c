/* tracer.c - see tracer.h. */
#include "tracer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "filter.h"
#include "launch.h"

#define EVENT_STOP 128 /* PTRACE_EVENT_STOP, which glibc does not name */

/* Of include/linux/errno.h: results that only a tracer sees. */
#define RESTART_FIRST      512
#define RESTART_NO_HANDLER 514 /* ERESTARTNOHAND: EINTR if a handler runs; else the call anew */
#define RESTART_LAST       516

#define OPTIONS                                                                                    \
	(PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |  \
		PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |                   \
		PTRACE_O_TRACEEXIT)

struct tracer {
	struct filter filter;
	int signals; /* a signalfd for SIGCHLD */
	unsigned tasks_max;
	unsigned programs;
	unsigned alive;
	struct tracer_task **tasks; /* by number - 1 */
	size_t task_count;
	/* Children that stopped before their parent's stop told of them; their first stop is over. */
	pid_t *early;
	size_t early_count;
	/* Events that one stop of the kernel's made beside its own. */
	struct tracer_event *events;
	size_t event_first, event_count, event_room;
};

/* ---- tasks --------------------------------------------------------------------------------- */

static struct tracer_task *find(const struct tracer *tracer, pid_t tid)
{
	for (size_t i = tracer->task_count; i > 0; i--)
		if (tracer->tasks[i - 1]->tid == tid && tracer->tasks[i - 1]->state != TRACER_ENDED)
			return tracer->tasks[i - 1];
	return NULL;
}

static struct tracer_task *add_task(struct tracer *tracer, pid_t tid, pid_t pid,
	const struct tracer_task *parent)
{
	struct tracer_task **tasks =
		reallocarray(tracer->tasks, tracer->task_count + 1, sizeof(struct tracer_task *));
	struct tracer_task *task = tasks != NULL ? calloc(1, sizeof(*task)) : NULL;

	if (tasks != NULL)
		tracer->tasks = tasks;
	if (task == NULL)
		return NULL;
	*task = (struct tracer_task){
		.tid = tid,
		.pid = pid,
		.number = (unsigned)tracer->task_count + 1,
		.parent = parent != NULL ? parent->number : 0,
		.program = parent != NULL ? parent->program : tracer->programs,
		.is_thread = tid != pid,
		.state = TRACER_RUNS,
	};
	tracer->tasks[tracer->task_count++] = task;
	tracer->alive++;
	return task;
}

/* false: no memory; the event is lost, and the task stands for ever. */
static bool add_event(struct tracer *tracer, enum tracer_event_kind kind, struct tracer_task *task)
{
	if (tracer->event_count == tracer->event_room) {
		size_t room = 2 * tracer->event_room + 8;
		struct tracer_event *events = reallocarray(tracer->events, room, sizeof(*events));

		if (events == NULL)
			return false;
		tracer->events = events;
		tracer->event_room = room;
	}
	tracer->events[tracer->event_count++] = (struct tracer_event){kind, task};
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

static void end_task(struct tracer *tracer, struct tracer_task *task, int status)
{
	task->state = TRACER_ENDED;
	task->status = status;
	tracer->alive--;
	add_event(tracer, TRACER_END, task);
}

/* ---- stops --------------------------------------------------------------------------------- */

static int read_memory(const void *program, uint64_t address, void *bytes, size_t count)
{
	return tracer_read(program, address, bytes, count);
}

static bool get_information(const struct tracer_task *task,
	struct __ptrace_syscall_info *information)
{
	return ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, sizeof(*information), information) > 0;
}

static void go_on(struct tracer_task *task, bool to_end_of_call, int signal)
{
	task->state = to_end_of_call ? TRACER_IN_CALL : TRACER_RUNS;
	/* ESRCH: it was killed meanwhile, and waitpid() will tell of that. */
	ptrace(to_end_of_call ? PTRACE_SYSCALL : PTRACE_CONT, task->tid, NULL, (long)signal);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Into a call, for the first time or because the kernel restarts it. */
static void enter_call(struct tracer_task *task)
{
	task->is_cut_short = false;
	go_on(task, true, 0);
}

static void stop_before(struct tracer *tracer, struct tracer_task *task)
{
	struct __ptrace_syscall_info information;
	uint64_t arguments[6];
	unsigned long data = 0;

	if (task->is_cut_short) {
		enter_call(task);
		return;
	}
	ptrace(PTRACE_GETEVENTMSG, task->tid, NULL, &data);
	if (data == FILTER_FOREIGN)
		task->is_foreign = true;
	if (data == FILTER_FOREIGN || !get_information(task, &information) ||
		information.op != PTRACE_SYSCALL_INFO_SECCOMP) {
		go_on(task, false, 0);
		return;
	}
	for (unsigned i = 0; i < 6; i++)
		arguments[i] = information.seccomp.args[i];
	machine_read(task->tid, &task->registers);
	call_decode(&task->call, (long)information.seccomp.nr, arguments, read_memory, task);
	task->calls++;
	task->state = TRACER_STANDS_BEFORE;
	add_event(tracer, TRACER_BEFORE, task);
}

static void come_back(struct tracer *tracer, struct tracer_task *task, int64_t result)
{
	call_finish(&task->call, result);
	task->state = TRACER_STANDS_AFTER;
	add_event(tracer, TRACER_AFTER, task);
}

/* Whether a signal, perhaps one that the program ignores, made the call return. */
static bool was_cut_short(const struct tracer_task *task, int64_t result)
{
	return call_can_sleep(&task->call) &&
	       (result == -EINTR || (result <= -RESTART_FIRST && result >= -RESTART_LAST));
}

/*
 * A traced process also gets the signals that it ignores, and its semop() then returns EINTR where
 * without us it would sleep on. So the call is made to be restarted, unless a signal follows that
 * the program does not ignore: stop_of_signal().
 */
static void let_it_restart(struct tracer_task *task)
{
	task->is_cut_short = true;
	machine_set_result(task->tid, -RESTART_NO_HANDLER);
	go_on(task, false, 0);
	task->state = TRACER_IN_CALL;
}

/* Whether the timeout of its call is over: a restart would begin it anew. */
static bool is_late(const struct tracer_task *task)
{
	return task->call.timeout_ns >= 0 && now_ns() - task->entered_ns >= task->call.timeout_ns;
}

static void stop_after(struct tracer *tracer, struct tracer_task *task)
{
	struct __ptrace_syscall_info information;
	int64_t result;

	if (!get_information(task, &information) || information.op != PTRACE_SYSCALL_INFO_EXIT) {
		go_on(task, task->state == TRACER_IN_CALL, 0);
		return;
	}
	result = information.exit.rval;
	if (was_cut_short(task, result)) {
		if (!is_late(task)) {
			let_it_restart(task);
			return;
		}
		result = -EAGAIN;
		machine_set_result(task->tid, result);
	}
	come_back(tracer, task, result);
}

/* A mask of signals, such as "SigIgn", from /proc/PID/status. */
static uint64_t read_mask(const struct tracer_task *task, const char *name)
{
	char path[64], line[128];
	uint64_t mask = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)task->pid, (int)task->tid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			mask = strtoull(line + strlen(name) + 1, NULL, 16);
	fclose(file);
	return mask;
}

/* Whether without us the kernel would not even have delivered it. */
static bool is_ignored(const struct tracer_task *task, int signal)
{
	const uint64_t bit = UINT64_C(1) << (signal - 1);
	bool is_ignored_by_default =
		signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH;

	return (read_mask(task, "SigIgn") & bit) != 0 ||
	       (is_ignored_by_default && (read_mask(task, "SigCgt") & bit) == 0);
}

/* A signal is about to be delivered. */
static void stop_of_signal(struct tracer *tracer, struct tracer_task *task, int signal)
{
	bool is_in_call = task->is_cut_short;

	task->signal = signal;
	if (is_in_call && !is_ignored(task, signal)) {
		task->is_cut_short = false;
		task->pending = signal;
		machine_interrupt(task->tid);
		come_back(tracer, task, -EINTR);
		return;
	}
	go_on(task, false, signal);
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

/* The process of a thread, by /proc: PTRACE_EVENT_CLONE does not tell. */
static pid_t process_of(pid_t tid)
{
	char path[48], line[128];
	pid_t pid = tid;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	file = fopen(path, "re");
	if (file == NULL)
		return tid;
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "Tgid: %d", &pid) == 1)
			break;
	fclose(file);
	return pid;
}

/* A task was born: waits for its first stop, so that parent and child come in one order always. */
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
	task = add_task(tracer, tid, process_of(tid), parent);
	if (task == NULL) {
		kill(tid, SIGKILL);
	} else if (status != 0 && !WIFSTOPPED(status)) {
		end_task(tracer, task, status);
	} else {
		task->is_vfork = event == PTRACE_EVENT_VFORK;
		task->state = TRACER_STANDS_FIRST;
		add_event(tracer, tracer->alive > tracer->tasks_max ? TRACER_CROWD : TRACER_BEGAN,
			task);
	}
	go_on(parent, parent->state == TRACER_IN_CALL, 0);
}

/* exec() ends all other threads of its process, and the one that called it gets the process's id. */
static void stop_after_exec(struct tracer *tracer, struct tracer_task *task)
{
	unsigned long former = 0;
	struct tracer_task *caller = NULL;

	ptrace(PTRACE_GETEVENTMSG, task->tid, NULL, &former);
	if ((pid_t)former != task->tid)
		caller = find(tracer, (pid_t)former);
	if (caller != NULL)
		end_task(tracer, caller, 0);
	task->is_vfork = false;
	task->state = TRACER_STANDS_FIRST;
	add_event(tracer, TRACER_EXECED, task);
}

static void stop_before_end(struct tracer *tracer, struct tracer_task *task)
{
	unsigned long status = 0;

	ptrace(PTRACE_GETEVENTMSG, task->tid, NULL, &status);
	task->status = (int)status;
	task->state = TRACER_STANDS_LAST;
	add_event(tracer, TRACER_LAST, task);
}

/* Group-stops, and the first stop of a child that its parent has not told of yet. */
static void stop_of_seize(struct tracer_task *task, int signal)
{
	if (signal == SIGTRAP) { /* SIGCONT came */
		go_on(task, false, 0);
		return;
	}
	task->state = TRACER_STOPPED;
	ptrace(PTRACE_LISTEN, task->tid, NULL, NULL);
}

static void stop(struct tracer *tracer, struct tracer_task *task, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	switch (event) {
	case PTRACE_EVENT_SECCOMP: stop_before(tracer, task); return;
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

/* One change of a child, if there is one. false: there is none. */
static bool look(struct tracer *tracer)
{
	struct tracer_task *task;
	int status;
	pid_t tid;

	do
		tid = waitpid(-1, &status, __WALL | __WNOTHREAD | WNOHANG);
	while (tid < 0 && errno == EINTR);
	if (tid <= 0)
		return false;
	task = find(tracer, tid);
	if (task == NULL) {
		if (WIFSTOPPED(status))
			add_early(tracer, tid);
		else
			take_early(tracer, tid);
	} else if (WIFSTOPPED(status)) {
		stop(tracer, task, status);
	} else {
		end_task(tracer, task, status);
	}
	return true;
}

/* ---- the tracer ---------------------------------------------------------------------------- */

bool tracer_create(struct tracer **created, const struct tracer_options *options,
	char reason[TRACER_REASON_MAX])
{
	struct tracer *tracer;
	sigset_t signals;

	*created = NULL;
#ifdef MACHINE_UNSUPPORTED
	snprintf(reason, TRACER_REASON_MAX,
		"programs can be controlled on x86-64 and aarch64 only; watch them instead (without --)");
	return false;
#endif
	tracer = calloc(1, sizeof(*tracer));
	if (tracer == NULL) {
		snprintf(reason, TRACER_REASON_MAX, "not enough memory");
		return false;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	tracer->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (tracer->signals < 0) {
		snprintf(reason, TRACER_REASON_MAX, "signalfd: %s", strerror(errno));
		free(tracer);
		return false;
	}
	tracer->tasks_max = options->tasks_max > 0 ? options->tasks_max : TRACER_TASKS_MAX;
	filter_write(&tracer->filter, options->calls, options->call_count);
	*created = tracer;
	return true;
}

/* The dying, and those that are born meanwhile, are let through their last stops. */
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
			struct tracer_task *task = find(tracer, tid);

			if (task != NULL)
				end_task(tracer, task, status);
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
			go_on(tracer->tasks[i], false, 0);
	}
	for (size_t i = 0; i < tracer->early_count; i++)
		kill(tracer->early[i], SIGKILL);
	bury_all(tracer);
	for (size_t i = 0; i < tracer->task_count; i++)
		free(tracer->tasks[i]);
	close(tracer->signals);
	free(tracer->tasks);
	free(tracer->early);
	free(tracer->events);
	free(tracer);
}

/* A program that was started runs our code until its exec. */
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
			snprintf(reason, TRACER_REASON_MAX, "was killed before it began");
			return false;
		}
		if (status >> 16 == PTRACE_EVENT_EXEC)
			break;
		go_on(task, false, status >> 16 == 0 ? WSTOPSIG(status) : 0);
	}
	task->state = TRACER_STANDS_FIRST;
	return add_event(tracer, TRACER_BEGAN, task);
}

bool tracer_start(struct tracer *tracer, const struct tracer_program *program,
	char reason[TRACER_REASON_MAX])
{
	struct tracer_task *task;
	pid_t pid;

	if (!launch_start(program, &tracer->filter, OPTIONS, &pid, reason))
		return false;
	task = add_task(tracer, pid, pid, NULL);
	if (task == NULL) {
		kill(pid, SIGKILL);
		snprintf(reason, TRACER_REASON_MAX, "not enough memory");
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

bool tracer_thaw(struct tracer *tracer, const struct frozen *frozen, char reason[TRACER_REASON_MAX])
{
	pid_t pid = frozen_copy(frozen);
	struct tracer_task *task = pid > 0 ? add_task(tracer, pid, pid, NULL) : NULL;

	if (task == NULL) {
		if (pid > 0)
			kill(pid, SIGKILL);
		snprintf(reason, TRACER_REASON_MAX, "could not be started again: %s",
			pid > 0 ? "not enough memory" : strerror(-pid));
		return false;
	}
	tracer->programs++;
	stop_before(tracer, task);
	return true;
}

/* false: nothing was there, neither kept nor from the kernel. */
static bool take_or_look(struct tracer *tracer, struct tracer_event *event)
{
	while (!take_event(tracer, event))
		if (!look(tracer))
			return false;
	return true;
}

bool tracer_wait(struct tracer *tracer, struct tracer_event *event, int64_t timeout_ns)
{
	int64_t deadline = timeout_ns < 0 ? INT64_MAX : now_ns() + timeout_ns;
	struct pollfd polled = {.fd = tracer->signals, .events = POLLIN};
	struct signalfd_siginfo signal;

	while (true) {
		struct timespec time;
		int64_t left;

		/* Before the look: a signal that comes after it wakes the poll. */
		while (read(tracer->signals, &signal, sizeof(signal)) > 0)
			continue;
		if (take_or_look(tracer, event))
			return true;
		left = deadline - (timeout_ns == 0 ? deadline : now_ns());
		if (left <= 0 || tracer->alive == 0)
			return false;
		time = (struct timespec){left / 1000000000, left % 1000000000};
		ppoll(&polled, 1, timeout_ns < 0 ? NULL : &time, NULL);
	}
}

int tracer_descriptor(const struct tracer *tracer)
{
	return tracer->signals;
}

void tracer_resume(struct tracer *tracer, struct tracer_task *task)
{
	int signal = task->pending;

	(void)tracer;
	if (!tracer_stands(task))
		return;
	task->pending = 0;
	if (task->state == TRACER_STANDS_BEFORE) {
		task->entered_ns = now_ns();
		enter_call(task);
	} else {
		go_on(task, false, signal);
	}
}

void tracer_kill(struct tracer *tracer, pid_t pid)
{
	(void)tracer;
	kill(pid, SIGKILL);
}

/* ---- looking ------------------------------------------------------------------------------- */

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

bool tracer_stands(const struct tracer_task *task)
{
	return task->state == TRACER_STANDS_FIRST || task->state == TRACER_STANDS_BEFORE ||
	       task->state == TRACER_STANDS_AFTER || task->state == TRACER_STANDS_LAST;
}

bool tracer_sleeps(const struct tracer_task *task, long *call)
{
	char path[64], line[256], state = 0;
	const char *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)task->pid, (int)task->tid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	/* "TID (NAME) STATE …": a name may hold anything, so look for its end from behind. */
	if (fgets(line, sizeof(line), file) != NULL && (end = strrchr(line, ')')) != NULL)
		state = end[1] != '\0' ? end[2] : 0;
	fclose(file);
	if (state != 'S' && state != 'D')
		return false;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", (int)task->pid, (int)task->tid);
	file = fopen(path, "re");
	*call = -1;
	if (file != NULL) {
		bool is_known = fscanf(file, "%ld", call) == 1;

		fclose(file);
		return is_known;
	}
	return true;
}

static struct iovec part_of(void *at, size_t count)
{
	return (struct iovec){at, count};
}

int tracer_read(const struct tracer_task *task, uint64_t address, void *bytes, size_t count)
{
	struct iovec here = part_of(bytes, count);
	struct iovec there = part_of((void *)(uintptr_t)address, count);
	ssize_t done = process_vm_readv(task->tid, &here, 1, &there, 1, 0);

	if (done < 0)
		return -errno;
	return (size_t)done == count ? 0 : -EFAULT;
}

int tracer_write(const struct tracer_task *task, uint64_t address, const void *bytes, size_t count)
{
	struct iovec here = part_of((void *)(uintptr_t)bytes, count);
	struct iovec there = part_of((void *)(uintptr_t)address, count);
	ssize_t done = process_vm_writev(task->tid, &here, 1, &there, 1, 0);

	if (done < 0)
		return -errno;
	return (size_t)done == count ? 0 : -EFAULT;
}

int tracer_answer(struct tracer_task *task, int64_t result)
{
	if (task->state == TRACER_STANDS_AFTER)
		return machine_set_result(task->tid, result);
	return machine_answer(task->tid, result);
}

int tracer_set_argument(struct tracer_task *task, unsigned number, uint64_t value)
{
	return machine_set_argument(task->tid, number, value);
}

/* virtual.c - see virtual.h. */
#include "virtual.h"

#include <elf.h>
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/timespec.h"

#define EPOCH_S        INT64_C(1767225600) /* 2026-01-01: the date that programs see */
/* The clock advances by this much each time it is read, so a loop that waits for a time ends. */
#define ASK_NS         INT64_C(1000000)
#define RANDOM_BYTES   256     /* written at once */
#define RANDOM_MAX     1048576 /* of one call */
#define NULL_DEVICE    makedev(1, 3)
#define RANDOM_DEVICE  makedev(1, 8)
#define URANDOM_DEVICE makedev(1, 9)
#define AUXV_BYTES     65536 /* of a new program's stack, searched for the auxiliary vector */

static const int calls[] = {
	SYS_nanosleep,
	SYS_clock_nanosleep,
	SYS_clock_gettime,
	SYS_gettimeofday,
	SYS_getrandom,
	SYS_read, /* of /dev/urandom and of the terminal */
	SYS_readv,
	SYS_sched_yield,
	SYS_wait4,
	SYS_waitid,
	SYS_futex,
	SYS_rt_sigsuspend,
	SYS_rt_sigaction,
	SYS_rt_sigreturn,
	SYS_ppoll,
	SYS_pselect6,
	SYS_getpid,
	SYS_kill,
	SYS_tgkill,
	SYS_gettid,
#ifdef SYS_time
	SYS_time,
	SYS_pause,
	SYS_poll,
	SYS_select,
#endif
};

size_t virtual_calls(const int **list)
{
	*list = calls;
	return sizeof(calls) / sizeof(calls[0]);
}

void virtual_begin(struct virtual *virtual, uint64_t seed, int input)
{
	struct stat status;

	memset(virtual, 0, sizeof(*virtual));
	virtual->seed = seed;
	if (fstat(input, &status) != 0)
		return;
	virtual->input_device = status.st_dev;
	virtual->input_inode = status.st_ino;
}

/* splitmix64 */
static uint64_t mix(uint64_t value)
{
	value += UINT64_C(0x9e3779b97f4a7c15);
	value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
	return value ^ (value >> 31);
}

/* ---- time ----------------------------------------------------------------------------------- */

static int64_t ask(struct virtual *virtual)
{
	virtual->was_asked = true;
	virtual->clock_ns += ASK_NS;
	return virtual->clock_ns;
}

/* Writes `bytes` to the program's memory, and makes the call return `result`. */
static void give(struct tracer_task *task, uint64_t address, const void *bytes, size_t size,
	int64_t result)
{
	int error = address != 0 ? tracer_write(task, address, bytes, size) : 0;

	tracer_answer(task, error != 0 ? error : result);
}

static void tell_time(struct virtual *virtual, struct tracer_task *task)
{
	const struct call *call = &task->call;
	int64_t now = ask(virtual);
	struct timespec time = timespec_of(now);
	struct timeval day = {EPOCH_S + time.tv_sec, time.tv_nsec / 1000};

	if (call->number == SYS_gettimeofday) {
		give(task, call->arguments[0], &day, sizeof(day), 0);
	} else if (call->number == SYS_clock_gettime) {
		if (call->arguments[0] == CLOCK_REALTIME ||
			call->arguments[0] == CLOCK_REALTIME_COARSE)
			time.tv_sec += EPOCH_S;
		give(task, call->arguments[1], &time, sizeof(time), 0);
	} else {
		time_t seconds = day.tv_sec;

		give(task, call->arguments[0], &seconds, sizeof(seconds), seconds);
	}
}

/* ---- chance --------------------------------------------------------------------------------- */

/* Fills the program's memory with random bytes, which are the call's result. */
static void tell_random(struct virtual *virtual, struct tracer_task *task, uint64_t address,
	uint64_t size)
{
	struct virtual_actor *asked = &virtual->actors[task->number % (ACTORS_MAX + 1)];
	uint64_t bytes[RANDOM_BYTES / sizeof(uint64_t)], done = 0;

	if (size > RANDOM_MAX)
		size = RANDOM_MAX;
	while (done < size) {
		size_t part = size - done < RANDOM_BYTES ? (size_t)(size - done) : RANDOM_BYTES;

		for (size_t i = 0; i < RANDOM_BYTES / sizeof(bytes[0]); i++)
			bytes[i] = mix(virtual->seed ^ ((uint64_t)task->number << 40) ^
				       ((uint64_t)asked->draws << 8) ^ i);
		asked->draws++;
		if (tracer_write(task, address + done, bytes, part) != 0)
			break;
		done += part;
	}
	tracer_answer(task, done > 0 || size == 0 ? (int64_t)done : -EFAULT);
}

/* namespaces.c mounts /dev/null over the terminal. */
static bool is_terminal(const char *path)
{
	static const char terminal[] = "/dev/tty";
	char opened[sizeof(terminal)];

	return readlink(path, opened, sizeof(opened)) == (ssize_t)strlen(terminal) &&
	       memcmp(opened, terminal, strlen(terminal)) == 0;
}

/* The memory that the call fills: of readv(2), the first part, since a call may read less. */
static struct iovec read_target(const struct tracer_task *task)
{
	const uint64_t *arguments = task->call.arguments;
	struct iovec target = {(void *)(uintptr_t)arguments[1], (size_t)arguments[2]};

	if (task->call.number == SYS_readv &&
		(arguments[2] == 0 ||
			tracer_read(task, arguments[1], &target, sizeof(target)) != 0))
		target = (struct iovec){0};
	return target;
}

static void note_read(struct virtual *virtual, struct tracer_task *task)
{
	struct iovec target;
	struct stat status;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)task->pid,
		(int)task->call.arguments[0]);
	if (stat(path, &status) != 0)
		return;
	if (status.st_dev == virtual->input_device && status.st_ino == virtual->input_inode) {
		virtual->reads_input = true;
		return;
	}
	if (!S_ISCHR(status.st_mode))
		return;
	if (status.st_rdev == RANDOM_DEVICE || status.st_rdev == URANDOM_DEVICE) {
		target = read_target(task);
		tell_random(virtual, task, (uintptr_t)target.iov_base, target.iov_len);
	} else if (status.st_rdev == NULL_DEVICE && is_terminal(path)) {
		virtual->reads_input = true;
	}
}

/* ---- calls ---------------------------------------------------------------------------------- */

static bool is_futex_wait(const struct call *call)
{
	int operation = (int)call->arguments[1] & FUTEX_CMD_MASK;

	return operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET;
}

static void note_action(struct virtual_actor *asked, const struct tracer_task *task)
{
	uint64_t handler = 0;

	if (task->call.arguments[1] != 0 &&
		tracer_read(task, task->call.arguments[1], &handler, sizeof(handler)) == 0 &&
		handler > 1)
		asked->has_handlers = true;
}

/* The kernel's timer would go off in real time; here the search decides when. */
static void note_alarm(struct virtual_actor *asked, struct tracer_task *task)
{
	asked->has_alarm = task->call.arguments[0] > 0;
	tracer_answer(task, 0);
}

void virtual_send(struct virtual *virtual)
{
	virtual->sends = virtual->has_sent = true;
}

enum control_treatment virtual_treat(struct virtual *virtual, struct control_actor *actor)
{
	struct tracer_task *task = actor->task;
	struct virtual_actor *asked = &virtual->actors[task->number % (ACTORS_MAX + 1)];
	int64_t ns;

	switch (task->call.number) {
	case SYS_clock_gettime:
	case SYS_gettimeofday:
#ifdef SYS_time
	case SYS_time:
#endif
		tell_time(virtual, task);
		return CONTROL_LET_THROUGH;
	case SYS_rt_sigreturn: asked->is_in_handler = false; return CONTROL_LET_THROUGH;
	case SYS_kill: return CONTROL_HOLD; /* virtual_send() */
	case SYS_tgkill: virtual_send(virtual); return CONTROL_LET_THROUGH;
	case SYS_getpid:
	case SYS_gettid: virtual->tells_pid = true; return CONTROL_LET_THROUGH;
	case SYS_getrandom:
		tell_random(virtual, task, task->call.arguments[0], task->call.arguments[1]);
		return CONTROL_LET_THROUGH;
	case SYS_read:
	case SYS_readv: note_read(virtual, task); return CONTROL_LET_THROUGH;
	case SYS_rt_sigaction: note_action(asked, task); return CONTROL_LET_THROUGH;
#ifdef SYS_alarm
	case SYS_alarm: note_alarm(asked, task); return CONTROL_LET_THROUGH;
#endif
	case SYS_futex: return is_futex_wait(&task->call) ? CONTROL_HOLD : CONTROL_LET_THROUGH;
	case SYS_wait4:
	case SYS_waitid:
	case SYS_rt_sigsuspend:
#ifdef SYS_pause
	case SYS_pause:
#endif
		return CONTROL_HOLD;
	default: return virtual_is_sleep(task, &ns) ? CONTROL_HOLD : CONTROL_LET_THROUGH;
	}
}

void virtual_returned(struct virtual *virtual, const struct tracer_task *task)
{
	if (task->call.kind == CALL_SEMOP && task->call.result == -EINTR)
		virtual->actors[task->number % (ACTORS_MAX + 1)].is_in_handler = true;
}

static int64_t read_timespec(const struct tracer_task *task, uint64_t address)
{
	struct timespec time = {0};

	if (address == 0 || tracer_read(task, address, &time, sizeof(time)) != 0)
		return 0;
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

bool virtual_is_sleep(const struct tracer_task *task, int64_t *ns)
{
	const struct call *call = &task->call;

	*ns = 0;
	switch (call->number) {
	case SYS_sched_yield: return true;
	case SYS_nanosleep: *ns = read_timespec(task, call->arguments[0]); return true;
	case SYS_clock_nanosleep:
		if ((call->arguments[1] & TIMER_ABSTIME) == 0)
			*ns = read_timespec(task, call->arguments[2]);
		return true;
	case SYS_ppoll:
		*ns = read_timespec(task, call->arguments[2]);
		return call->arguments[1] == 0 && call->arguments[2] != 0;
	case SYS_pselect6:
		*ns = read_timespec(task, call->arguments[4]);
		return call->arguments[0] == 0 && call->arguments[4] != 0;
#ifdef SYS_poll
	case SYS_poll:
		*ns = (int)call->arguments[2] * INT64_C(1000000);
		return call->arguments[1] == 0 && (int)call->arguments[2] >= 0;
	case SYS_select: return call->arguments[0] == 0 && call->arguments[4] != 0;
#endif
	default: return false;
	}
}

/* ---- a new program -------------------------------------------------------------------------- */

/*
 * Finds the auxiliary vector after argc, the arguments and the environment, each list ended by a
 * NULL. 0: it is not within `count` words.
 */
static size_t find_vector(const uint64_t *words, size_t count)
{
	size_t at;

	if (count == 0 || words[0] > count)
		return 0;
	at = (size_t)words[0] + 2;
	while (at < count && words[at] != 0)
		at++;
	return at + 1 < count ? at + 1 : 0;
}

void virtual_loaded(const struct virtual *virtual, struct tracer_task *task)
{
	static uint64_t words[AUXV_BYTES / sizeof(uint64_t)];
	struct registers registers = {0};
	size_t bytes = AUXV_BYTES, count;
	uint64_t stack, chance[2];

	if (registers_read(task->tid, &registers) != 0)
		return;
	stack = registers_stack(&registers);
	/* The end of the stack is not known: halve the size until a read succeeds. */
	while (bytes >= 512 && tracer_read(task, stack, words, bytes) != 0)
		bytes /= 2;
	count = bytes >= 512 ? bytes / sizeof(words[0]) : 0;
	for (size_t at = find_vector(words, count); at != 0 && at + 1 < count; at += 2) {
		if (words[at] == AT_NULL)
			return;
		if (words[at] == AT_SYSINFO_EHDR) {
			const uint64_t ignored = AT_IGNORE;

			tracer_write(task, stack + at * sizeof(words[0]), &ignored,
				sizeof(ignored));
		} else if (words[at] == AT_RANDOM) {
			chance[0] = mix(virtual->seed);
			chance[1] = mix(virtual->seed + 1);
			tracer_write(task, words[at + 1], chance, sizeof(chance));
		}
	}
}

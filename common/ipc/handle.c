/* handle.c - see handle.h. What every transition of the protocol goes through. */
#include "handle.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "segment.h"

enum { SECOND_NS = 1000000000 };

uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

struct deadline deadline_in(int64_t timeout_ns)
{
	int64_t now = (int64_t)clock_ns();

	if (timeout_ns <= 0)
		return (struct deadline){timeout_ns < 0 ? VITRINE_FOREVER : 0};
	return (struct deadline){timeout_ns > INT64_MAX - now ? VITRINE_FOREVER : now + timeout_ns};
}

int64_t deadline_left(struct deadline deadline)
{
	int64_t left;

	if (deadline.at_ns <= 0)
		return deadline.at_ns;
	left = deadline.at_ns - (int64_t)clock_ns();
	return left > 0 ? left : 0;
}

void handle_come_home(struct vitrine_channel *channel)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	bool *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	channel->pid = getpid();
	if (page == MAP_FAILED)
		return;
	if (madvise(page, size, MADV_WIPEONFORK) < 0) {
		munmap(page, size);
		return;
	}
	*page = true;
	channel->home = page;
}

void handle_leave_home(struct vitrine_channel *channel)
{
	if (channel->home != NULL)
		munmap((void *)(uintptr_t)channel->home, (size_t)sysconf(_SC_PAGESIZE));
	channel->home = NULL;
}

bool handle_is_home(const struct vitrine_channel *channel)
{
	return channel->home != NULL ? *channel->home : channel->pid == getpid();
}

int handle_check(struct vitrine_channel *channel, unsigned roles)
{
	if (channel == NULL)
		return VITRINE_EINVAL;
	if (!handle_is_home(channel))
		return fail(channel, VITRINE_EFORK,
			"this handle belongs to process %d; open one in this process",
			(int)channel->pid);
	channel->message[0] = '\0';
	if (channel->base == NULL || (!channel->joined && channel->info.role != VITRINE_INSPECTOR))
		return fail(channel, VITRINE_EINVAL, "this handle is not open");
	if ((roles & ROLE_BIT(channel->info.role)) == 0)
		return fail(channel, VITRINE_EINVAL, "this handle was opened for another role");
	return VITRINE_OK;
}

/* Sleeps that are short when both sides are busy. (Producers have claim_at_once() instead.) */
static bool is_worth_trying(enum transition transition)
{
	return transition == T_LOCK || transition == T_WAIT_AND_LOCK;
}

/* Does the array. A handle that can be woken sleeps in naps, and looks before each of them. */
static int do_or_sleep(struct vitrine_channel *channel, struct hope *hope,
	const struct sembuf *operations, unsigned count, int64_t timeout_ns)
{
	const int semid = channel->info.semid;
	struct deadline deadline;
	int64_t nap;
	int rc;

	if (!channel->wakeable || timeout_ns == 0)
		return hope_do(hope, semid, operations, count, timeout_ns);
	deadline = deadline_in(timeout_ns);
	rc = semset_do(semid, operations, count, 0);
	while (rc == -EAGAIN) {
		if (atomic_exchange(&channel->woken, false))
			return -EINTR;
		nap = deadline_left(deadline);
		if (nap == 0)
			break;
		if (nap < 0 || nap > NAP_NS)
			nap = NAP_NS;
		rc = hope_do(hope, semid, operations, count, nap);
	}
	return rc;
}

int handle_do(struct vitrine_channel *channel, enum transition transition, int slot, int latest,
	int64_t timeout_ns)
{
	struct hope *hope = is_worth_trying(transition) ? &channel->hope[transition] : NULL;
	struct binding binding = {
		.role = channel->info.role,
		.slots = channel->info.slots,
		.slot = slot,
		.latest = latest,
	};
	struct sembuf operations[OPERATIONS_MOST];
	unsigned count = transition_bind(transition, &binding, operations);
	struct vitrine_event event = {
		.name = transition_name(transition),
		.operations = operations,
		.count = count,
		.slot = slot,
		.latest = latest,
		.before = true,
	};
	uint64_t started;

	if (channel->observer == NULL)
		return do_or_sleep(channel, hope, operations, count, timeout_ns);
	channel->observer(&event, channel->observer_data);
	started = clock_ns();
	event.result = do_or_sleep(channel, hope, operations, count, timeout_ns);
	event.duration_ns = clock_ns() - started;
	event.before = false;
	channel->observer(&event, channel->observer_data);
	return event.result;
}

void handle_tell(const struct vitrine_channel *channel, const char *name, bool before, int result,
	uint64_t started_ns)
{
	struct vitrine_event event = {
		.name = name,
		.slot = -1,
		.latest = -1,
		.before = before,
		.result = result < 0 ? result : 0,
		.duration_ns = before ? 0 : clock_ns() - started_ns,
	};

	if (channel->observer != NULL)
		channel->observer(&event, channel->observer_data);
}

int handle_values(const struct vitrine_channel *channel, struct values *values)
{
	return semset_values_in(&channel->room, channel->info.semid,
		semaphore_count(channel->info.slots), values->semaphore);
}

int vitrine_wake(struct vitrine_channel *channel)
{
	if (channel == NULL || !channel->wakeable)
		return VITRINE_EINVAL;
	atomic_store(&channel->woken, true);
	return VITRINE_OK;
}

int succeed(struct vitrine_channel *channel, int result)
{
	channel->message[0] = '\0';
	return result;
}

int fail(struct vitrine_channel *channel, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(channel->message, sizeof(channel->message), format, arguments);
	va_end(arguments);
	return error;
}

/* In English, and safe for threads: glibc's strerror() is neither, musl's is both. */
static const char *reason_of(int error)
{
#ifdef __GLIBC__
	return strerrordesc_np(error);
#else
	return strerror(error);
#endif
}

int fail_system(struct vitrine_channel *channel, int minus_errno, const char *call)
{
	const char *reason = reason_of(-minus_errno);

	switch (-minus_errno) {
	case EIDRM:
	case EINVAL:
		return fail(channel, VITRINE_EREMOVED,
			"%s: the channel was removed (ipcrm, `vitrine clean`, or systemd's "
			"RemoveIPC); open it again",
			call);
	case EINTR:
		return fail(channel, VITRINE_EINTR,
			"%s: interrupted by a signal, or by vitrine_wake()", call);
	case EAGAIN: return fail(channel, VITRINE_ETIMEDOUT, "%s: the time given is over", call);
	case ENOSPC:
		return fail(channel, VITRINE_ELIMIT,
			"%s: %s. This does not mean that a disk is full: a kernel limit on shared "
			"memory (kernel.shmmni, kernel.shmall) or semaphores (kernel.sem) is "
			"reached. `ipcs -l` shows the limits, `ipcs` what is there, `ipcrm` "
			"removes what nobody needs",
			call, reason);
	case E2BIG:
		return fail(channel, VITRINE_ELIMIT,
			"%s: kernel.sem allows fewer operations in one semop (its third number) "
			"than the %d that may be needed",
			call, OPERATIONS_MOST);
	case ENOMEM:
		return fail(channel, VITRINE_ENOMEM,
			"%s: %s. Use fewer or smaller slots (--slots, --slot-size), or look at "
			"vm.overcommit_memory and the memory limit of the container",
			call, reason);
	case EACCES:
	case EPERM:
		return fail(channel, VITRINE_EACCES,
			"%s: %s. The channel's mode keeps this user out; its owner may choose "
			"another with --mode",
			call, reason);
	case ERANGE:
		return fail(channel, VITRINE_EDAMAGED,
			"%s: a semaphore would leave its range: some other program has changed "
			"the set. Remove the channel with ipcrm and start again",
			call);
	default:
		return fail(channel, VITRINE_ESYSTEM, "%s: %s", call,
			reason ? reason : "unknown error");
	}
}

bool set_is_the_same(const struct vitrine_channel *channel)
{
	struct semset_status status;

	/* One that may not be looked at, or is gone: the next call on it says so. */
	return semset_status(channel->info.semid, &status) < 0 ||
	       (status.owner == channel->info.owner_uid &&
		       status.count == semaphore_count(channel->info.slots));
}

bool segment_is_lost(struct vitrine_channel *channel)
{
	struct segment_status status;
	uint64_t now = clock_ns();
	int rc;

	if (now - channel->checked_ns >= SECOND_NS) {
		channel->checked_ns = now;
		rc = segment_status(channel->info.shmid, &status);
		/* Not to be told (-EACCES) is not to be told that it is gone. */
		channel->segment_lost = rc == -EIDRM || rc == -EINVAL ||
					(rc == 0 && status.removed) || !set_is_the_same(channel);
	}
	return channel->segment_lost;
}

int fail_damaged(struct vitrine_channel *channel, const char *what)
{
	return fail(channel, VITRINE_EDAMAGED,
		"%s: the semaphores contradict each other: some other program has changed set %d. "
		"Remove the channel with ipcrm and start again",
		what, channel->info.semid);
}

int fail_transition(struct vitrine_channel *channel, int rc, const char *what, int slot)
{
	char call[64];

	if (slot < 0)
		snprintf(call, sizeof(call), "%s", what);
	else
		snprintf(call, sizeof(call), "%s %d", what, slot);
	return fail_system(channel, rc, call);
}

int fail_locked(struct vitrine_channel *channel, int rc, enum transition transition,
	const char *name)
{
	handle_do(channel, transition, -1, -1, 0);
	return rc == -EAGAIN ? fail_damaged(channel, name) : fail_transition(channel, rc, name, -1);
}

int fail_sleep(struct vitrine_channel *channel, int rc, const char *what)
{
	/* What did not come while it slept. */
	static const struct {
		const char *what, *why;
	} vain[] = {
		{"reserve", "no slot came free in the time given: a consumer frees them, if one is "
			    "there and not paused"},
		{"wait and lock",
			"no image came in the time given: is somebody publishing under this key?"},
		{"lock", "another program held the mutex all the time given: `vitrine status` "
			 "names it"},
	};

	if (rc == -EAGAIN && segment_is_lost(channel))
		rc = -EIDRM;
	for (size_t i = 0; rc == -EAGAIN && i < sizeof(vain) / sizeof(vain[0]); i++)
		if (strcmp(what, vain[i].what) == 0)
			return fail(channel, VITRINE_ETIMEDOUT, "%s", vain[i].why);
	return fail_transition(channel, rc, what, -1);
}

const char *size_text(uint64_t bytes, char text[24])
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	unsigned unit = 0;
	double amount = (double)bytes;

	while (amount >= 1024 && unit < 6) {
		amount /= 1024;
		unit++;
	}
	if (amount == (double)(uint64_t)amount || amount >= 100)
		snprintf(text, 24, "%.0f %s", amount, units[unit]);
	else
		snprintf(text, 24, amount >= 10 ? "%.1f %s" : "%.2f %s", amount, units[unit]);
	return text;
}

const char *vitrine_message(const struct vitrine_channel *channel)
{
	return channel == NULL ? vitrine_strerror(VITRINE_ENOMEM) : channel->message;
}

const struct vitrine_info *vitrine_info(const struct vitrine_channel *channel)
{
	return &channel->info;
}

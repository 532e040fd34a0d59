/* fail.c - see fail.h. */
#include "fail.h"

#include <errno.h>
#include <libintl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "handle.h"

int succeed(struct vitrine_channel *channel, int result)
{
	channel->message[0] = '\0';
	return result;
}

/* English, unless the program has chosen another language by setlocale(3). */
__attribute__((format_arg(1))) static const char *translated(const char *format)
{
	return dgettext("vitrine", format);
}

int fail(struct vitrine_channel *channel, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(channel->message, sizeof(channel->message), translated(format), arguments);
	va_end(arguments);
	return error;
}

/* Thread-safe, as strerror() of glibc is not. */
static const char *reason_of(int error)
{
#ifdef __GLIBC__
	const char *reason = strerrordesc_np(error);

	return reason != NULL ? dgettext("libc", reason) : NULL;
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
	case EAGAIN: return fail(channel, VITRINE_ETIMEDOUT, "%s: the timeout expired", call);
	case ENOSPC:
		return fail(channel, VITRINE_ELIMIT,
			"%s: %s. This does not mean that a disk is full: a kernel limit on shared "
			"memory (kernel.shmmni, kernel.shmall) or semaphores (kernel.sem) is "
			"reached. `ipcs -l` shows the limits, `ipcs` the objects; `ipcrm` removes "
			"objects that nobody needs, and `vitrine doctor` prints the command that "
			"raises a limit",
			call, reason);
	case E2BIG:
		return fail(channel, VITRINE_ELIMIT,
			"%s: kernel.sem allows fewer operations in one semop (its third number) "
			"than the %d that Vitrine needs; `vitrine doctor` prints the command that "
			"raises it",
			call, OPERATIONS_MOST);
	case ENOMEM:
		return fail(channel, VITRINE_ENOMEM,
			"%s: %s. Use fewer or smaller slots (--slots, --slot-size), or look at "
			"`ulimit -v`, vm.overcommit_memory and the memory limit of the container",
			call, reason);
	case EACCES:
	case EPERM:
		return fail(channel, VITRINE_EACCES,
			"%s: %s. The channel's mode denies this user access; its owner can create "
			"it with another --mode",
			call, reason);
	case ERANGE:
		return fail(channel, VITRINE_EDAMAGED,
			"%s: a semaphore value would be out of range: another program has changed "
			"the set. Remove the channel with ipcrm and start again",
			call);
	default:
		return fail(channel, VITRINE_ESYSTEM, "%s: %s", call,
			reason != NULL ? reason : vitrine_strerror(VITRINE_ESYSTEM));
	}
}

int fail_damaged(struct vitrine_channel *channel, const char *what)
{
	return fail(channel, VITRINE_EDAMAGED,
		"%s: the semaphores contradict each other: another program has changed set %d. "
		"Remove the channel with ipcrm and start again",
		what, channel->info.semid);
}

int fail_transition(struct vitrine_channel *channel, int rc, enum transition transition, int slot)
{
	char call[64];

	snprintf(call, sizeof(call), slot < 0 ? "%s" : "%s %d", transition_name(transition), slot);
	return rc == -EAGAIN ? fail_damaged(channel, call) : fail_system(channel, rc, call);
}

int fail_locked(struct vitrine_channel *channel, int rc, enum transition unlock,
	enum transition transition)
{
	do_transition(channel, unlock, 0);
	return fail_transition(channel, rc, transition, -1);
}

/* The timeout expired: says what the caller waited for. */
static int fail_timeout(struct vitrine_channel *channel, enum transition transition)
{
	switch (transition) {
	case T_RESERVE:
		return fail(channel, VITRINE_ETIMEDOUT,
			"timed out: no slot became free. A consumer frees slots, if one is running "
			"and not paused");
	case T_WAIT_AND_LOCK:
		return fail(channel, VITRINE_ETIMEDOUT,
			"timed out: no image arrived. Is a producer publishing under this key?");
	default:
		return fail(channel, VITRINE_ETIMEDOUT,
			"timed out: another program held the mutex all the time. `vitrine status` "
			"names it");
	}
}

int fail_wait(struct vitrine_channel *channel, int rc, enum transition transition)
{
	if (rc == -EAGAIN && segment_is_lost(channel))
		rc = -EIDRM;
	if (rc == -EAGAIN)
		return fail_timeout(channel, transition);
	return fail_transition(channel, rc, transition, -1);
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

/* errors.c - see errors.h. */
#include "errors.h"

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

/* Texts are in English, unless the program has chosen another language with setlocale(3). */
#define _(text) dgettext("vitrine", text)

int fail(struct vitrine_channel *channel, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(channel->message, sizeof(channel->message), _(format), arguments);
	va_end(arguments);
	return error;
}

/* The description of an errno in the language of the program; NULL: unknown. */
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
			"memory (kernel.shmmni, kernel.shmall) or semaphores (kernel.sem) was "
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
			"%s: %s. Use fewer or smaller slots (--slots, --slot-size), or check "
			"`ulimit -v`, `ulimit -l`, vm.overcommit_memory and the memory limit of the "
			"container",
			call, reason);
	case EPERM:
		return fail(channel, VITRINE_EACCES,
			"%s: %s. Only root, the owner and the creator of the channel can remove it",
			call, reason);
	case EACCES:
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

/*
 * Writes the message for an expired timeout, which names what the caller waited for. A take waits
 * for an image and for the mutex.
 */
static int fail_timeout(struct vitrine_channel *channel, enum transition transition)
{
	struct values values;

	switch (transition) {
	case T_RESERVE:
		return fail(channel, VITRINE_ETIMEDOUT,
			"timed out: no slot became free. A consumer frees slots, if one is running "
			"and not paused");
	case T_WAIT_AND_LOCK:
		if (handle_values(channel, &values) == 0 && values.semaphore[SEM_FULL] > 0 &&
			values.semaphore[SEM_MUTEX] == 0)
			break;
		return fail(channel, VITRINE_ETIMEDOUT,
			"timed out: no image arrived. Is a producer publishing under this key?");
	default: break;
	}
	return fail(channel, VITRINE_ETIMEDOUT,
		"timed out: another process held the mutex throughout; `vitrine status` shows its "
		"pid");
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

const char *vitrine_strerror(int error)
{
	switch (error) {
	case VITRINE_EINVAL: return _("an argument is invalid");
	case VITRINE_ETIMEDOUT: return _("the timeout expired");
	case VITRINE_EINTR: return _("interrupted by a signal or by vitrine_wake()");
	case VITRINE_EREMOVED: return _("the channel was removed; open it again");
	case VITRINE_ETOOLARGE: return _("larger than a slot of the channel");
	case VITRINE_EFULL: return _("no slot is free");
	case VITRINE_ENONE: return _("no such channel, or no image yet");
	case VITRINE_EFOREIGN:
		return _("the object under this key belongs to another program or user, or the key "
			 "file is not trusted");
	case VITRINE_EVERSION:
		return _("a channel of another layout version, or a library of another ABI");
	case VITRINE_EKEY: return _("not a usable key");
	case VITRINE_EBUSY: return _("another process is taking too long to create the channel");
	case VITRINE_ELIMIT: return _("a kernel limit on shared memory or semaphores was reached");
	case VITRINE_ENOMEM: return _("not enough memory");
	case VITRINE_EACCES: return _("the channel's mode denies this user access");
	case VITRINE_EDAMAGED:
		return _("the channel's semaphores or descriptors contradict each "
			 "other");
	case VITRINE_EFORK: return _("the handle belongs to another process");
	case VITRINE_ESYSTEM: return _("a system call failed");
	default: return error >= 0 ? _("success") : _("unknown error");
	}
}

const char *vitrine_message(const struct vitrine_channel *channel)
{
	return channel == NULL ? vitrine_strerror(VITRINE_ENOMEM) : channel->message;
}

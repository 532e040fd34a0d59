/* error.c - a one-sentence description of each error code; fail.c writes the longer messages. */
#include <libintl.h>

#include "vitrine.h"

/* English, unless the program has chosen another language by setlocale(3). */
#define _(text) dgettext("vitrine", text)

uint32_t vitrine_abi(void)
{
	return VITRINE_ABI;
}

const char *vitrine_version(void)
{
	return VITRINE_VERSION;
}

const char *vitrine_strerror(int error)
{
	switch (error) {
	case VITRINE_EINVAL: return _("an argument makes no sense");
	case VITRINE_ETIMEDOUT: return _("the timeout expired");
	case VITRINE_EINTR: return _("interrupted by a signal or by vitrine_wake()");
	case VITRINE_EREMOVED: return _("the channel was removed; open it again");
	case VITRINE_ETOOLARGE: return _("larger than a slot of the channel");
	case VITRINE_EFULL: return _("no slot is free");
	case VITRINE_ENONE: return _("no such channel, or no image yet");
	case VITRINE_EFOREIGN: return _("the object under this key is not ours to use");
	case VITRINE_EVERSION:
		return _("a channel of another layout version, or a library of another ABI");
	case VITRINE_EKEY: return _("not a usable key");
	case VITRINE_EBUSY: return _("another process is taking too long to create the channel");
	case VITRINE_ELIMIT: return _("a kernel limit on shared memory or semaphores is reached");
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

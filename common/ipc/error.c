/* error.c - a sentence for each error code; handle.c writes the longer messages. */
#include "vitrine.h"

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
	case VITRINE_EINVAL: return "an argument makes no sense";
	case VITRINE_ETIMEDOUT: return "the time given is over";
	case VITRINE_EINTR: return "interrupted by a signal";
	case VITRINE_EREMOVED: return "the channel was removed; open it again";
	case VITRINE_ETOOLARGE: return "larger than a slot of the channel";
	case VITRINE_EFULL: return "no slot is free";
	case VITRINE_ENONE: return "there is nothing there";
	case VITRINE_EFOREIGN: return "what lies under this key belongs to somebody else";
	case VITRINE_EVERSION:
		return "a channel of another layout version, or a library of another ABI";
	case VITRINE_EKEY: return "not a usable key";
	case VITRINE_EBUSY: return "somebody has been making the channel for too long";
	case VITRINE_ELIMIT: return "a kernel limit on shared memory or semaphores is reached";
	case VITRINE_ENOMEM: return "not enough memory";
	case VITRINE_EACCES: return "the channel's mode keeps this user out";
	case VITRINE_EDAMAGED: return "the channel's numbers contradict each other";
	case VITRINE_EFORK: return "the handle belongs to another process";
	case VITRINE_ESYSTEM: return "a system call failed";
	default: return error >= 0 ? "success" : "unknown error";
	}
}

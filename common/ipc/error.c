/* error.c - a one-sentence description of each error code; fail.c writes the longer messages. */
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
	case VITRINE_ETIMEDOUT: return "the timeout expired";
	case VITRINE_EINTR: return "interrupted by a signal or by vitrine_wake()";
	case VITRINE_EREMOVED: return "the channel was removed; open it again";
	case VITRINE_ETOOLARGE: return "larger than a slot of the channel";
	case VITRINE_EFULL: return "no slot is free";
	case VITRINE_ENONE: return "no such channel, or no image yet";
	case VITRINE_EFOREIGN: return "the object under this key is not ours to use";
	case VITRINE_EVERSION:
		return "a channel of another layout version, or a library of another ABI";
	case VITRINE_EKEY: return "not a usable key";
	case VITRINE_EBUSY: return "another process is taking too long to create the channel";
	case VITRINE_ELIMIT: return "a kernel limit on shared memory or semaphores is reached";
	case VITRINE_ENOMEM: return "not enough memory";
	case VITRINE_EACCES: return "the channel's mode denies this user access";
	case VITRINE_EDAMAGED:
		return "the channel's semaphores or descriptors contradict each "
		       "other";
	case VITRINE_EFORK: return "the handle belongs to another process";
	case VITRINE_ESYSTEM: return "a system call failed";
	default: return error >= 0 ? "success" : "unknown error";
	}
}

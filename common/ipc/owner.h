/*
 * owner.h - whose a System V object is. Two users may do all with it: the one that made it (cuid),
 * and the one that it was given to (uid; shmctl(IPC_SET) may name anybody). So an object is this
 * user's own only if both are; otherwise it belongs to the one of the two that is somebody else.
 */
#ifndef VITRINE_OWNER_H
#define VITRINE_OWNER_H

#include <sys/ipc.h>
#include <unistd.h>

static inline uid_t owner_of(const struct ipc_perm *permissions)
{
	return permissions->uid != geteuid() ? permissions->uid : permissions->cuid;
}

#endif

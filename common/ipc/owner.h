/*
 * owner.h - the owner of a System V object. Two users have full rights to it: its creator (cuid)
 * and its owner (uid), which shmctl(IPC_SET) can set to any user. owner_of() returns this user only
 * if both are this user; otherwise it returns the other one (the owner, if both are other users).
 */
#ifndef VITRINE_IPC_OWNER_H
#define VITRINE_IPC_OWNER_H

#include <sys/ipc.h>
#include <unistd.h>

static inline uid_t owner_of(const struct ipc_perm *permissions)
{
	return permissions->uid != geteuid() ? permissions->uid : permissions->cuid;
}

#endif

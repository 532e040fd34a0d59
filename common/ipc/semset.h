/*
 * semset.h - one System V semaphore set: semget, semtimedop, semctl and nothing else.
 * It knows neither the protocol nor what a semaphore means; it can be read and used alone.
 *
 * Every call returns 0, an id or a value, or -errno. None prints or exits; only semset_do sleeps.
 * A set that was removed gives -EIDRM to those asleep in it and -EINVAL to every later call.
 */
#ifndef VITRINE_SEMSET_H
#define VITRINE_SEMSET_H

#include <stdint.h>
#include <sys/sem.h>
#include <sys/types.h>
#include <time.h>

struct semset_status {
	uid_t owner;
	unsigned mode;  /* permission bits */
	unsigned count; /* of semaphores */
	time_t used;    /* when the last semop was done; 0: never, it is brand new */
};

/*
 * Makes a new set of `count` semaphores, all 0 (Linux promises that, POSIX does not). Returns its
 * id. -EEXIST: the key is taken; -ENOSPC: too many sets or semaphores (kernel.sem); -ENOMEM.
 */
int semset_create(key_t key, unsigned count, unsigned mode);

/* The id of the set under `key`, whoever owns it. -ENOENT. */
int semset_find(key_t key);

/* -EACCES: this user may not look; -EINVAL, -EIDRM: it is gone. */
int semset_status(int id, struct semset_status *status);

/*
 * Does the array whole or not at all. May sleep `timeout_ns` nanoseconds (0: not at all, below 0:
 * without limit) at the first operation without IPC_NOWAIT that cannot be done. -EAGAIN: it would
 * have to sleep, or slept long enough; -EINTR; -ERANGE; -ENOSPC, -ENOMEM: no room for the undo.
 */
int semset_do(int id, const struct sembuf *operations, unsigned count, int64_t timeout_ns);

/* All values in one atomic snapshot; `values` has room for the set's count. */
int semset_values(int id, unsigned short *values);

/* Last pid that changed semaphore `number`; how many sleep until it rises; until it is zero. */
int semset_pid(int id, unsigned number);
int semset_ncnt(int id, unsigned number);
int semset_zcnt(int id, unsigned number);

/* Removes it at once and wakes everybody who sleeps in it. -EPERM: not the owner. */
int semset_remove(int id);

#endif

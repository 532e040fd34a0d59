/*
 * semset.h - one System V semaphore set: wraps semget, semtimedop and semctl. It depends neither on
 * the protocol nor on the meaning of a semaphore, and can be read and used alone.
 *
 * Every call that returns int returns 0, an id or a value, or -errno. None prints or exits; only
 * semset_do sleeps.
 *
 * When a set is removed, a sleeping call fails with -EIDRM, and every later call with -EINVAL. The
 * kernel eventually gives the id of a removed set to a new one, so an id may come to name another
 * user's set of any size. If a call detects that the size is different, it fails with -EIDRM as
 * well.
 */
#ifndef VITRINE_IPC_SEMSET_H
#define VITRINE_IPC_SEMSET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/sem.h>
#include <sys/types.h>
#include <time.h>

struct semset_status {
	uid_t owner;    /* see owner.h */
	unsigned mode;  /* permission bits */
	unsigned count; /* number of semaphores */
	time_t used;    /* time of the last semop; 0: never, the set is new */
};

/*
 * Creates a new set of `count` semaphores, all 0 (Linux guarantees that, POSIX does not). Returns
 * its id. -EEXIST: the key is taken; -EINVAL: more semaphores than a set may have (the first number
 * of kernel.sem); -ENOSPC: too many sets or semaphores (kernel.sem); -ENOMEM.
 */
int semset_create(key_t key, unsigned count, unsigned mode);

/*
 * The maximum number of operations in an array (the third number of kernel.sem); UINT_MAX: unknown.
 */
unsigned semset_operations_most(void);

/* Returns the id of the set under `key`, regardless of its owner. -ENOENT: there is none. */
int semset_find(key_t key);

/* -EACCES: this user may not read the status; -EINVAL, -EIDRM: the set is gone. */
int semset_status(int id, struct semset_status *status);

/*
 * Executes the array whole or not at all. May sleep `timeout_ns` nanoseconds (0: not at all,
 * negative: without limit) at the first operation without IPC_NOWAIT that cannot proceed. -EAGAIN:
 * it would have to sleep, or the timeout expired; -EINTR; -ERANGE; -E2BIG: too many operations;
 * -ENOSPC, -ENOMEM: no room for the undo entry.
 */
int semset_do(int id, const struct sembuf *operations, unsigned count, int64_t timeout_ns);

/*
 * Memory for the values of a set, followed by a page that cannot be written. GETALL writes as many
 * values as the set has, with no limit; if the set has more than expected, the page makes GETALL
 * fail with EFAULT.
 */
struct semset_room {
	unsigned short *end;
	void *mapping;
	size_t size;
};

/* Allocates a room for up to `most` values. semset_room_free() accepts a room of all zeros. */
int semset_room_make(struct semset_room *room, unsigned most);
void semset_room_free(struct semset_room *room);

/*
 * Reads all values of a set of `count` semaphores in one atomic snapshot. -EIDRM: the set has
 * another size. semset_values() creates a room for this one call, so it may also fail with -ENOMEM.
 */
int semset_values_in(const struct semset_room *room, int id, unsigned count,
	unsigned short *values);
int semset_values(int id, unsigned count, unsigned short *values);

/*
 * The pid of the process that last operated on semaphore `number`; the number of processes asleep
 * until it increases; the number asleep until it is zero.
 */
int semset_pid(int id, unsigned number);
int semset_ncnt(int id, unsigned number);
int semset_zcnt(int id, unsigned number);

/*
 * Removes the set at once and wakes all processes asleep in it. -EPERM: this user does not own it.
 */
int semset_remove(int id);

#endif

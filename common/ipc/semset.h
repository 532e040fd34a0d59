/*
 * semset.h - one System V semaphore set: semget, semtimedop, semctl and nothing else.
 * It knows neither the protocol nor what a semaphore means; it can be read and used alone.
 *
 * Every call returns 0, an id or a value, or -errno. None prints or exits; only semset_do sleeps.
 * A set that was removed gives -EIDRM to those asleep in it and -EINVAL to every later call. The
 * kernel gives the id of a removed set to a new one, sooner or later, so an id may come to name a
 * set of any size that belongs to anybody: a size that does not fit is -EIDRM as well.
 */
#ifndef VITRINE_SEMSET_H
#define VITRINE_SEMSET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/sem.h>
#include <sys/types.h>
#include <time.h>

struct semset_status {
	uid_t owner;    /* owner.h */
	unsigned mode;  /* permission bits */
	unsigned count; /* of semaphores */
	time_t used;    /* when the last semop was done; 0: never, it is brand new */
};

/*
 * Makes a new set of `count` semaphores, all 0 (Linux promises that, POSIX does not). Returns its
 * id. -EEXIST: the key is taken; -ENOSPC: too many sets or semaphores (kernel.sem); -ENOMEM.
 */
int semset_create(key_t key, unsigned count, unsigned mode);

/* How many operations an array may have (kernel.sem's third number); UINT_MAX: it is not told. */
unsigned semset_operations_most(void);

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

/*
 * Memory for the values of a set that ends where a page begins that cannot be written. GETALL
 * writes as many values as the set has, and takes no limit: the page is what stops it.
 */
struct semset_room {
	unsigned short *end;
	void *mapping;
	size_t size;
};

/* For up to `most` values. semset_room_free does nothing to a room that is all zeros. */
int semset_room_make(struct semset_room *room, unsigned most);
void semset_room_free(struct semset_room *room);

/*
 * All values of a set of `count` semaphores in one atomic snapshot. A set of another size is
 * -EIDRM. The second form makes a room for the one call, and may be -ENOMEM.
 */
int semset_values_in(const struct semset_room *room, int id, unsigned count,
	unsigned short *values);
int semset_values(int id, unsigned count, unsigned short *values);

/* Last pid that changed semaphore `number`; how many sleep until it rises; until it is zero. */
int semset_pid(int id, unsigned number);
int semset_ncnt(int id, unsigned number);
int semset_zcnt(int id, unsigned number);

/* Removes it at once and wakes everybody who sleeps in it. -EPERM: not the owner. */
int semset_remove(int id);

#endif

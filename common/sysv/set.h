/*
 * set.h - reads one semaphore set and never changes it: its owner, its values, the waiting
 * processes and the last process that operated on each semaphore. Nothing here sleeps or does a
 * semop(). Errors are negative errno values; -EIDRM and -EINVAL mean that the set is gone.
 */
#ifndef VITRINE_SYSV_SET_H
#define VITRINE_SYSV_SET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct sysv_set {
	int id;
	int32_t key; /* 0: IPC_PRIVATE */
	uid_t owner;
	uint32_t mode;  /* permission bits */
	uint32_t count; /* semaphores in it */
};

/* Needs read permission on the set. Returns 0 or a negative errno. */
int sysv_set_stat(int id, struct sysv_set *set);

/*
 * A buffer for GETALL. The kernel writes as many values as the set has at the time of the call, and
 * the id may by then belong to another, larger set. So the buffer ends at a page that cannot be
 * written, and GETALL fails with -EFAULT if the set has more values than semaphore numbers allow.
 */
struct sysv_values {
	uint16_t *values;
};

/* Returns 0 or a negative errno. Call sysv_values_end() after either. */
int sysv_values_begin(struct sysv_values *buffer);
void sysv_values_end(struct sysv_values *buffer);

/*
 * Reads all values of the set at one moment, into buffer->values. Returns their number, or a
 * negative errno.
 */
int sysv_values_read(struct sysv_values *buffer, int id);

/* The processes that wait for one semaphore, and the last process that operated on it. */
struct sysv_waiters {
	int32_t for_more; /* processes that sleep until the value has grown: GETNCNT */
	int32_t for_zero; /* processes that sleep until it is 0: GETZCNT */
	pid_t last;       /* the last process that operated on it, or tested it for 0: GETPID */
};

/*
 * Makes three calls, so the members may be from different moments. Returns 0 or a negative errno.
 */
int sysv_waiters_read(int id, uint32_t number, struct sysv_waiters *waiters);

/* The parts of sysv_waiters_read(): the two counts alone, and the last process alone. */
int sysv_waiters_count(int id, uint32_t number, struct sysv_waiters *waiters);
int sysv_waiters_last(int id, uint32_t number, struct sysv_waiters *waiters);

#endif

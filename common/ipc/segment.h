/*
 * segment.h - one System V shared memory segment: wraps shmget, shmat, shmdt and shmctl, and reads
 * /proc/sysvipc/shm. It depends neither on the protocol nor on the layout, and can be read and used
 * alone.
 *
 * Every call except segment_memory() returns 0 or an id, or -errno. None sleeps, prints or exits.
 * create and remove act on the kernel's object, attach and detach on this process's mapping of it.
 */
#ifndef VITRINE_IPC_SEGMENT_H
#define VITRINE_IPC_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct segment_status {
	uid_t owner;
	unsigned mode;     /* permission bits */
	uint64_t size;     /* bytes, as reported by the kernel */
	uint64_t attached; /* number of attachments in all processes */
	pid_t creator;
	bool removed; /* marked for destruction: disappears when the last process detaches */
};

/*
 * Creates a new segment of `size` zero bytes; its pages use no memory until they are touched
 * (SHM_NORESERVE). Returns its id. -EEXIST: the key is taken; -ENOSPC: too many segments or pages
 * (kernel.shmmni, kernel.shmall); -EINVAL: above kernel.shmmax; -ENOMEM.
 */
int segment_create(key_t key, uint64_t size, unsigned mode);

/* Returns the id of the segment under `key`, regardless of its owner. -ENOENT: there is none. */
int segment_find(key_t key);

/* -EACCES: this user may not read the status; -EINVAL, -EIDRM: the segment is gone. */
int segment_status(int id, struct segment_status *status);

/*
 * The number of bytes of the segment that are in memory or swap; pages that were never touched do
 * not count. Reads /proc, which takes some microseconds. UINT64_MAX: unknown.
 */
uint64_t segment_memory(int id);

/*
 * Maps the segment, read-only unless `writable`, and excludes it from core dumps. A write to a
 * read-only mapping kills the process with SIGSEGV.
 */
int segment_attach(int id, bool writable, void **address);
int segment_detach(const void *address);

/*
 * Marks the segment for destruction: it disappears when the last process detaches. -EPERM: this
 * user does not own it.
 */
int segment_remove(int id);

#endif

/*
 * segment.h - one System V shared memory segment: shmget, shmat, shmdt, shmctl and nothing else.
 * It knows neither the protocol nor the layout; it can be read and used alone.
 *
 * Every call returns 0 or an id, or -errno. None sleeps, prints or exits. create/remove is the
 * kernel's object, attach/detach is this process's hold on it.
 */
#ifndef VITRINE_SEGMENT_H
#define VITRINE_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct segment_status {
	uid_t owner;
	unsigned mode;     /* permission bits */
	uint64_t size;     /* bytes, as the kernel knows it */
	uint64_t attached; /* how often it is attached, by all processes together */
	pid_t creator;
	bool removed; /* marked for destruction: it goes when the last one detaches */
};

/*
 * Makes a new segment of `size` zero bytes; its pages cost nothing until they are touched
 * (SHM_NORESERVE). Returns its id. -EEXIST: the key is taken; -ENOSPC: too many segments or pages
 * (kernel.shmmni, kernel.shmall); -EINVAL: above kernel.shmmax; -ENOMEM.
 */
int segment_create(key_t key, uint64_t size, unsigned mode);

/* The id of the segment under `key`, whoever owns it. -ENOENT. */
int segment_find(key_t key);

/* -EACCES: this user may not look; -EINVAL, -EIDRM: it is gone. */
int segment_status(int id, struct segment_status *status);

/*
 * How many bytes of it really are in memory or swap: most pages of a large one may never have been
 * touched. Reads /proc, which takes some microseconds. UINT64_MAX: it cannot be told.
 */
uint64_t segment_memory(int id);

/*
 * Maps the segment, read-only unless `writable`, and keeps it out of core dumps. A write into a
 * read-only mapping kills the writer with SIGSEGV: the hardware holds it to that.
 */
int segment_attach(int id, bool writable, void **address);
int segment_detach(const void *address);

/* Marks it for destruction. Who is attached keeps it until the detach. -EPERM: not the owner. */
int segment_remove(int id);

#endif

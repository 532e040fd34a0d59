/*
 * objects.h - the System V objects of this machine, as listed in /proc/sysvipc: those of all users,
 * even ones that this user may not read; and the POSIX named semaphores in /dev/shm. (The library
 * reads some columns of these lists by itself: ipc/ipcs.h.)
 */
#ifndef VITRINE_SYSV_OBJECTS_H
#define VITRINE_SYSV_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum sysv_kind { SYSV_SETS, SYSV_SEGMENTS, SYSV_QUEUES, SYSV_KINDS };

struct sysv_object {
	enum sysv_kind kind;
	int32_t key; /* 0: IPC_PRIVATE, or a segment that was removed and is still attached */
	int id;
	uint32_t mode; /* permission bits */
	uid_t owner;
	uint64_t size;   /* set: semaphores; segment: bytes; queue: bytes in it */
	uint64_t count;  /* segment: number of mappings (nattch); queue: messages */
	pid_t creator;   /* creator of a segment; it may have ended */
	pid_t last;      /* segment: last to attach or detach; queue: last to send */
	pid_t reader;    /* queue: last to receive */
	int64_t used;    /* the last semop, shmat or msgsnd: seconds since 1970; 0: none yet */
	int64_t changed; /* sets: the creation, or the last SETVAL or SETALL; seconds since 1970 */
};

struct sysv_objects {
	struct sysv_object *objects;
	size_t count;
};

/* Appends the list of one kind, in the kernel's order. Returns 0 or -errno. */
int sysv_objects_read(struct sysv_objects *list, enum sysv_kind kind);
void sysv_objects_end(struct sysv_objects *list);

/* ---- POSIX ---------------------------------------------------------------------------------- */

struct sysv_named {
	char name[256]; /* "/mutex", as sem_open() takes it */
	dev_t device;
	ino_t inode; /* differs if the semaphore was unlinked and created again */
	uid_t owner;
	bool is_readable;
	uint32_t value;   /* valid if it is readable, and glibc made it */
	uint32_t waiters; /* processes that sleep in sem_wait() */
};

struct sysv_nameds {
	struct sysv_named *semaphores;
	size_t count;
};

int sysv_nameds_read(struct sysv_nameds *list);
void sysv_nameds_end(struct sysv_nameds *list);

#endif

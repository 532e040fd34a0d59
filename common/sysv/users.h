/*
 * users.h - the processes that use System V objects, as far as /proc shows them to this user: which
 * have a segment attached, and which sleep in which call. It reads /proc of every process and may
 * be slow: do not call it from a drawing thread.
 */
#ifndef VITRINE_SYSV_USERS_H
#define VITRINE_SYSV_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/sem.h>
#include <sys/types.h>

#include "sysv/objects.h"

#define SYSV_NAME_MAX       32
#define SYSV_OPERATIONS_MAX 16 /* operations kept of a sleeper's array */

/* A process that has a segment, or the file of a POSIX semaphore, mapped. */
struct sysv_mapping {
	pid_t pid;
	char name[SYSV_NAME_MAX]; /* of the process; may contain any bytes */
	int segment;              /* -1: it is a POSIX semaphore: see `inode` */
	ino_t inode;
	uint64_t address; /* where the mapping begins in that process */
	bool writes;      /* the mapping is writable */
};

enum sysv_sleep {
	SYSV_IN_SEMOP,
	SYSV_IN_MSGSND,
	SYSV_IN_MSGRCV,
};

/* A thread that sleeps in a System V call. */
struct sysv_sleeper {
	pid_t pid, tid;
	char name[SYSV_NAME_MAX];
	enum sysv_sleep sleep;
	bool is_known;  /* this user may see its arguments: the members below are valid */
	int id;         /* of the set or queue */
	uint32_t count; /* operations of the array; 0: it could not be read */
	struct sembuf operations[SYSV_OPERATIONS_MAX];
};

struct sysv_users {
	struct sysv_mapping *mappings;
	size_t mapping_count, mapping_room;
	struct sysv_sleeper *sleepers;
	size_t sleeper_count, sleeper_room;
	bool is_incomplete; /* there was no memory for one of them */
};

/* Replaces the list with all current mappings. */
void sysv_users_find_mappings(struct sysv_users *users, const struct sysv_nameds *nameds);

/* Replaces the list with all current sleepers; the second function appends those of one process. */
void sysv_users_find_sleepers(struct sysv_users *users);
void sysv_users_add_sleepers(struct sysv_users *users, pid_t pid);

void sysv_users_end(struct sysv_users *users);

/* The name of a process, from /proc/PID/comm; "" if it is gone. */
void sysv_process_name(pid_t pid, char name[SYSV_NAME_MAX]);

#endif

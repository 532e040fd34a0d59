/*
 * users.h - the processes that use System V objects, as far as /proc lets this user see them: which
 * have a segment attached, and which sleep in which call. It reads /proc of every process and may
 * be slow: not for a drawing thread.
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
#define SYSV_OPERATIONS_MAX 16 /* that are kept of the array of a sleeper */

/* A process that has a segment, or the file of a POSIX semaphore, mapped. */
struct sysv_mapping {
	pid_t pid;
	char name[SYSV_NAME_MAX]; /* of the process; may hold any bytes */
	int segment;              /* -1: it is a POSIX semaphore: `inode` */
	ino_t inode;
	uint64_t address; /* in that process, where the mapping begins */
	bool writes;      /* its mapping lets it write */
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
	bool is_known; /* this user may see its arguments: the members below hold */
	int id;        /* of the set or queue */
	bool has_timeout;
	uint32_t count; /* operations of the array; 0: it could not be read */
	struct sembuf operations[SYSV_OPERATIONS_MAX];
};

struct sysv_users {
	struct sysv_mapping *mappings;
	size_t mapping_count, mapping_room;
	struct sysv_sleeper *sleepers;
	size_t sleeper_count, sleeper_room;
};

/* Finds all mappings anew. */
void sysv_users_find_mappings(struct sysv_users *users, const struct sysv_nameds *nameds);

/* Finds all sleepers anew; or only those of one process, behind what is there. */
void sysv_users_find_sleepers(struct sysv_users *users);
void sysv_users_add_sleepers(struct sysv_users *users, pid_t pid);

void sysv_users_end(struct sysv_users *users);

/* The name of a process, by /proc/PID/comm; "" if it is gone. */
void sysv_process_name(pid_t pid, char name[SYSV_NAME_MAX]);

#endif

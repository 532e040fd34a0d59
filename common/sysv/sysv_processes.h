/*
 * sysv_processes.h - the processes that use System V objects, as far as /proc shows them to this
 * user: which have a segment attached, and which sleep in which call. It reads /proc of every
 * process and may be slow: do not call it from a drawing thread.
 *
 * /proc also shows processes of other IPC namespaces, as of containers. Their ids name other
 * objects, so their mappings are left out, and their sleepers are marked.
 */
#ifndef VITRINE_SYSV_SYSV_PROCESSES_H
#define VITRINE_SYSV_SYSV_PROCESSES_H

#include <dirent.h>
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
	int64_t since_ns; /* when it was found asleep, in CLOCK_MONOTONIC */
	bool is_outside;  /* it is in another IPC namespace: its object is not one of this list */
	bool is_known;    /* this user may see its arguments: the members below are valid */
	int id;           /* of the set or queue */
	uint32_t count;   /* operations of the array; 0: it could not be read */
	struct sembuf operations[SYSV_OPERATIONS_MAX];
};

/* A process that has been found asleep, and what is known of it. */
struct sysv_process {
	pid_t pid;
	char name[SYSV_NAME_MAX]; /* "" until it is needed */
	bool is_outside;          /* valid if it has a name */
	bool is_single;           /* it has one thread */
};

struct sysv_processes {
	struct sysv_mapping *mappings; /* sorted by segment, inode and pid */
	size_t mapping_count;
	struct sysv_sleeper *sleepers;
	size_t sleeper_count;
	struct sysv_process *known; /* sorted by pid */
	size_t known_count;
	bool is_incomplete; /* there was no memory for one of them */
};

/* Replaces the list with all current mappings. */
void sysv_processes_find_mappings(struct sysv_processes *users, const struct sysv_nameds *nameds);

/*
 * The mappings of a segment (`inode` is then its id), or of a POSIX semaphore (`segment` is -1).
 * Returns their number; *first is the first one.
 */
size_t sysv_processes_of(const struct sysv_processes *users, int segment, ino_t inode,
	const struct sysv_mapping **first);

/* Replaces the list with all current sleepers, sorted by pid. */
void sysv_processes_find_sleepers(struct sysv_processes *users);

/*
 * Like sysv_processes_find_sleepers(), but much faster: it looks only at processes that that
 * function has found asleep before, and reuses their names and threads. It does not even look at a
 * process if `is_same` returns true for all of its sleepers, but keeps those sleepers in the list.
 */
void sysv_processes_find_sleepers_again(struct sysv_processes *users,
	bool (*is_same)(const void *data, const struct sysv_sleeper *sleeper), const void *data);

/* Appends the sleepers of one process. */
void sysv_processes_add_sleepers(struct sysv_processes *users, pid_t pid);

void sysv_processes_end(struct sysv_processes *users);

/* The name of a process, from /proc/PID/comm; "" if it is gone. */
void sysv_process_name(pid_t pid, char name[SYSV_NAME_MAX]);

/*
 * True if a process is in another IPC namespace than the caller. Only processes that this user may
 * inspect can be told: false for others.
 */
bool sysv_process_is_outside(pid_t pid);

/*
 * True if /proc shows the PID namespace of the caller. Otherwise its numbers belong to other
 * processes: a program in a new PID namespace needs a new /proc, too.
 */
bool sysv_proc_is_own(void);

/* The next entry of a folder of /proc whose name is a number, a pid or tid; 0: no more. */
pid_t sysv_proc_next(DIR *folder);

#endif

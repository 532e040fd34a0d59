/*
 * namespaces.h - the namespaces of a worker and its programs, as far as the system allows them:
 * System V objects and POSIX shared memory that no other program can reach, and PIDs that are the
 * same in each run.
 */
#ifndef VITRINE_SEARCH_NAMESPACES_H
#define VITRINE_SEARCH_NAMESPACES_H

#include <stdbool.h>

/* Kinds of System V objects. */
enum namespaces_kind { NAMESPACES_SEM, NAMESPACES_SHM, NAMESPACES_MSG, NAMESPACES_KINDS };

struct namespaces {
	bool has_objects; /* an IPC namespace */
	bool has_files;   /* a /dev/shm of their own, emptied by namespaces_rewind() */
	bool has_pids;    /* a PID namespace, for processes that are started from now on */
	int counter;      /* socket to the first process of the PID namespace; -1: there is none */
	int next_ids[NAMESPACES_KINDS]; /* files for namespaces_next_id(); -1: not allowed */
};

/* Enters new namespaces, with the calling process, which must have one thread. */
void namespaces_enter(struct namespaces *namespaces);

/*
 * Before each run: empties /dev/shm, and lets the next process get the same PID as the last time.
 * The processes of earlier runs must have ended, except `models`, the first ones of the first run.
 */
void namespaces_rewind(const struct namespaces *namespaces, unsigned models);

/*
 * Sets the id of the next object that is created, so that ids are the same in each run. An id in
 * use is skipped. Where the system forbids it, ids differ from run to run.
 */
void namespaces_next_id(const struct namespaces *namespaces, enum namespaces_kind kind,
	unsigned id);

/* In a new process of the PID namespace, before its exec: /proc shows this namespace. */
void namespaces_mount_proc(void);

/* Ends the first process of the PID namespace; the kernel then ends all others. */
void namespaces_leave(struct namespaces *namespaces);

#endif

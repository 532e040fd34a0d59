/*
 * clocks.h - which events of processes are ordered, by vector clocks (Fidge and Mattern, 1988). A
 * process releases what it did so far into an object, such as a semaphore that it raises; a process
 * that acquires from the object comes after that. Pure.
 */
#ifndef VITRINE_SEARCH_CLOCKS_H
#define VITRINE_SEARCH_CLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/sem.h>

#include "search/decision.h"

struct clock {
	uint32_t times[ACTORS_MAX];
};

/* Objects other than semaphores; `a` and `b` of clocks_release() tell those of a kind apart. */
enum clocks_kind {
	CLOCKS_SET,         /* of semaphores, as a whole: a program that reads values acquires it */
	CLOCKS_KEY,         /* created under a key, or removed */
	CLOCKS_QUEUE,       /* of messages */
	CLOCKS_ATTACHMENTS, /* of all segments */
	CLOCKS_FILE,        /* a pipe, socket or file: device and inode */
	CLOCKS_NAMES,       /* of files that are created exclusively, renamed or removed */
	CLOCKS_FUTEX,       /* all of them */
	CLOCKS_WORD,        /* 8 bytes of a segment that an atomic instruction has accessed */
	CLOCKS_WORDS,       /* all of a segment */
	CLOCKS_BLIND,       /* a segment whose accesses were not all seen */
};

struct clocks_object {
	enum clocks_kind kind;
	uint64_t a, b;
	struct clock clock;
};

/* Units of a semaphore's value, raised at once. They are taken in the order of their arrival. */
struct clocks_units {
	uint32_t count;
	struct clock clock;
};

struct clocks_semaphore {
	int set;
	uint32_t number;
	struct clocks_units *units;
	size_t count;
	struct clock lowered; /* of all that lowered it */
};

struct clocks {
	struct clock processes[ACTORS_MAX]; /* by the number of the actor that began the process */
	struct clocks_object *objects;
	size_t object_count;
	struct clocks_semaphore *semaphores;
	size_t semaphore_count;
	/* there was no memory: events may be ordered although they seem unordered */
	bool is_incomplete;
};

void clocks_clear(struct clocks *clocks);
void clocks_end(struct clocks *clocks);

/* A process begins; if it is a child, after all that its parent did so far. Parent 0: none. */
void clocks_begin(struct clocks *clocks, unsigned process, unsigned parent);

/* What the process does from now on comes after all that the other one did so far. */
void clocks_join(struct clocks *clocks, unsigned process, unsigned other);

void clocks_release(struct clocks *clocks, unsigned process, enum clocks_kind kind, uint64_t a,
	uint64_t b);
void clocks_acquire(struct clocks *clocks, unsigned process, enum clocks_kind kind, uint64_t a,
	uint64_t b);
/* True if any process has released into it. */
bool clocks_knows(const struct clocks *clocks, enum clocks_kind kind, uint64_t a, uint64_t b);

/* A semop() that was done: all its operations acquire first, then all of them release. */
void clocks_operate(struct clocks *clocks, unsigned process, int set,
	const struct sembuf *operations, uint32_t count);

/* A semaphore was set to a value. */
void clocks_set(struct clocks *clocks, unsigned process, int set, uint32_t number, uint32_t value);

/* True if what `other` did at its time `when` comes before what the process does now. */
bool clocks_is_before(const struct clocks *clocks, unsigned other, uint32_t when, unsigned process);
uint32_t clocks_now(const struct clocks *clocks, unsigned process);

/* A hash of all that is known. */
uint64_t clocks_hash(const struct clocks *clocks);

#endif

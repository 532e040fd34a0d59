/*
 * accesses.h - the accesses of processes to segments. It finds races: two accesses that conflict
 * and that nothing orders. It also finds lost updates: while one process increments a number,
 * another process changes it between the read and the write. Pure.
 */
#ifndef VITRINE_SEARCH_ACCESSES_H
#define VITRINE_SEARCH_ACCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "search/clocks.h"

#define ACCESSES_MAX   8192 /* remembered in one run; further ones are not compared */
#define ACCESSES_PLACE 200

struct access {
	unsigned process, actor;
	int segment;
	uint64_t offset, size;
	bool reads, writes;
	uint64_t counter;       /* the address of the instruction */
	uint64_t before, after; /* the value, of at most 8 bytes */
	/* Filled in by accesses_add(). */
	uint32_t when;   /* the process's own time */
	uint64_t number; /* of the access, in order */
	char *place;     /* where in the source, or NULL */
};

/*
 * Instructions of a program that read a number and write it increased. They are recognised when
 * they have changed two different numbers by the same amount, and are the same in all runs.
 */
struct accesses_increment {
	uint64_t reader, writer; /* addresses of instructions */
	uint64_t before, change;
	bool is_certain;
};

struct increments {
	struct accesses_increment *list;
	size_t count;
};

struct accesses {
	struct access *list;
	size_t count;
	uint64_t number;
};

enum accesses_verdict {
	ACCESSES_RIGHT,
	ACCESSES_RACE, /* `other` conflicts with the access, and nothing orders them */
	ACCESSES_LOST, /* `other` wrote between `read` and the access, which is an increment */
};

struct accesses_finding {
	enum accesses_verdict verdict;
	const struct access *other, *read; /* valid until the next accesses_add() */
	bool adds; /* ACCESSES_RACE: both are parts of an increment, which can be lost */
};

/*
 * Adds an access and compares it with the earlier ones. `place` is copied. *order must know all
 * events before it.
 */
struct accesses_finding accesses_add(struct accesses *accesses, const struct access *access,
	const char *place, const struct clocks *order, struct increments *increments);

/* The place of an earlier access by the same instruction of the same actor. NULL: there is none. */
const char *accesses_place(const struct accesses *accesses, unsigned actor, uint64_t counter);

/* Processes that have written to these bytes without an atomic instruction: one bit each. */
uint64_t accesses_writers(const struct accesses *accesses, int segment, uint64_t offset,
	uint64_t size);

void accesses_clear(struct accesses *accesses);
void accesses_end(struct accesses *accesses);
void increments_end(struct increments *increments);

#endif

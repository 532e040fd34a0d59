/*
 * search.h - all schedules of programs, or as many as the time allows; and the shortest way to each
 * fault that is found. In this order:
 *
 *	1. schedules without a preemption, then with one, then with two; a state that was reached before
 *	   at no higher cost is not gone on from again
 *	2. if there are more: all schedules, reduced by sleep sets to one of each that differ only in the
 *	   order of independent steps
 *	3. if the time is half over: random ones, by the seed
 */
#ifndef VITRINE_SEARCH_SEARCH_H
#define VITRINE_SEARCH_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "search/decision.h"
#include "search/execution.h"

#define SEARCH_FINDINGS 16

struct search_options {
	struct execution_options execution;
	unsigned workers;     /* 0: one a processor */
	int64_t time_ns;      /* at most */
	unsigned preemptions; /* of the first part, at most */
	bool bounded_only;    /* no more than that */
	bool kills;
	uint64_t seed;
	uint32_t steps;     /* of one run, at most */
	int interrupt;      /* a descriptor that ends the search when it is readable; -1: none */
	int64_t shorten_ns; /* so long it goes on after it has found something, for a shorter way */
};

struct finding {
	struct fault fault;
	bool was_killed;
	bool is_reproduced; /* the schedule led there again */
	uint32_t count;     /* decisions */
	uint32_t cost;      /* preemptions and kills; UINT32_MAX: not known */
	struct decision *decisions;
	uint32_t *identities;
	char *text; /* as struct report has it, of one that is told */
};

enum search_extent {
	EXTENT_ALL,         /* every schedule */
	EXTENT_EQUIVALENT,  /* one of each that differ only in the order of independent steps */
	EXTENT_PREEMPTIONS, /* every one of at most `preemptions` */
	EXTENT_PART,
};

struct search_result {
	struct finding findings[SEARCH_FINDINGS];
	size_t finding_count;
	enum search_extent extent;
	unsigned preemptions; /* whose schedules are all done; UINT32_MAX: none */
	uint64_t runs, random_runs, redundant, cut, diverged;
	uint64_t steps;      /* of all runs */
	uint32_t longest;    /* run, in steps */
	bool has_calls;      /* a program made a call of System V */
	bool is_apart;       /* crew_is_apart() */
	bool is_interrupted; /* by `interrupt` */
	int64_t took_ns;
	char reason[512]; /* why nothing can be said, if not "" */
};

/* Searches, shortens and tells. search_end() is needed whatever it returns. */
void search_run(struct search_result *result, const struct search_options *options);

/* Runs one schedule, told: it becomes the finding, with FAULT_NONE if nothing is wrong with it. */
void search_replay(struct search_result *result, const struct search_options *options,
	const struct decision *decisions, const uint32_t *identities, uint32_t count);

void search_end(struct search_result *result);

#endif

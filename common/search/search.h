/*
 * search.h - runs all schedules of some programs, or as many as the time allows, and finds the
 * shortest schedule for each fault. The order is:
 *
 *	1. schedules without a preemption, then with one, then with two; a state that was
 *	   reached before at no higher cost is not explored again
 *	2. if there are more: all schedules, reduced by sleep sets to one of each group that
 *	   differ only in the order of independent steps
 *	3. if half of the time has passed: random schedules, by the seed
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
	unsigned workers;     /* 0: one per processor */
	int64_t time_ns;      /* time limit */
	unsigned preemptions; /* the largest number of preemptions in the first stage */
	bool bounded_only;    /* run only the first stage */
	/* only search, shortest first, for schedules of fewer steps; 0: off */
	uint32_t shorter_than;
	bool kills;
	uint64_t seed;
	uint32_t steps;     /* of one run */
	int interrupt;      /* descriptor that ends the search when it becomes readable; -1: none */
	int64_t shorten_ns; /* how long to go on after a fault was found, for a shorter schedule */
};

struct finding {
	struct fault fault;
	bool was_killed;
	bool is_reproduced; /* the schedule led to the fault again */
	uint32_t count;     /* number of decisions */
	uint32_t cost;      /* preemptions and kills; UINT32_MAX: not known */
	struct decision *decisions;
	uint32_t *identities;
	char *text; /* as in struct report, for a run that is told */
};

enum search_extent {
	EXTENT_ALL, /* every schedule */
	/* one of each group that differ only in the order of independent steps */
	EXTENT_EQUIVALENT,
	EXTENT_SHORTER,     /* every schedule of fewer than `shorter_than` steps */
	EXTENT_PREEMPTIONS, /* every schedule of at most `preemptions` */
	EXTENT_PART,
};

struct search_result {
	struct finding findings[SEARCH_FINDINGS];
	size_t finding_count;
	enum search_extent extent;
	uint32_t shorter_than;
	unsigned preemptions; /* the bound whose schedules were all run; UINT32_MAX: none */
	uint64_t runs, random_runs, cut, diverged;
	uint64_t steps;        /* of all runs */
	uint32_t longest;      /* the longest run, in steps */
	bool has_calls;        /* a program made a System V call */
	bool shares_otherwise; /* races were not looked for: see struct report */
	bool reads_input;      /* a program asked for standard input, which is empty */
	bool is_apart;         /* crew_is_apart() */
	bool is_interrupted;   /* by `interrupt` */
	int64_t took_ns;
	char reason[512]; /* why there is no verdict, or "" */
};

/* Searches, shortens and reports. Call search_end() whatever it returns. */
void search_run(struct search_result *result, const struct search_options *options);

/* Runs and reports one schedule. The finding has FAULT_NONE if nothing is wrong with it. */
void search_replay(struct search_result *result, const struct search_options *options,
	const struct decision *decisions, const uint32_t *identities, uint32_t count);

void search_end(struct search_result *result);

#endif

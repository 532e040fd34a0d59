/*
 * frontier.h - the schedules that remain to be run: a heap of branches, cheapest first and, of
 * equal cost, shortest first; and the states already reached, so that none is explored twice. Pure:
 * it starts nothing. The cost of a branch is the number of its preemptions, plus one for a kill.
 */
#ifndef VITRINE_SEARCH_FRONTIER_H
#define VITRINE_SEARCH_FRONTIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "search/decision.h"

/* A decision that follows its parent's; the path from the root to a node is a schedule. */
struct frontier_node {
	uint32_t parent; /* 0: the root */
	struct decision decision;
	uint32_t identity;
};

struct frontier_item {
	uint32_t node;
	uint32_t length; /* number of decisions */
	uint32_t cost;
	uint64_t sleep;
};

struct frontier_seen {
	uint64_t fingerprint; /* 0: unused */
	uint32_t cost;        /* the lowest cost at which it was reached */
};

struct frontier {
	bool by_length; /* the cost of a schedule is its length, not its preemptions */
	bool reduces;   /* reduce by sleep sets instead of by states reached before */
	struct frontier_node *nodes;
	size_t node_count;
	struct frontier_item *heap;
	size_t count;
	struct frontier_seen *seen;
	size_t seen_count, seen_room; /* a power of two */
	bool is_full; /* out of memory, or a report was full: the search is incomplete */
};

/* Starts with the empty schedule. */
void frontier_begin(struct frontier *frontier, bool reduces);
void frontier_end(struct frontier *frontier);

/* The cost of what frontier_take() would return; UINT32_MAX: nothing is left. */
uint32_t frontier_cost(const struct frontier *frontier);

/* Takes the next schedule and writes its prefix to the job. false: nothing is left. */
bool frontier_take(struct frontier *frontier, struct frontier_item *item, struct job *job);

/* Adds the branches that the run of that item has found. */
void frontier_add(struct frontier *frontier, const struct frontier_item *item,
	const struct report *report);

#endif

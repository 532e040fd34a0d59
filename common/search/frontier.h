/*
 * frontier.h - the schedules that are still to be run: a heap of branches, the cheapest first, and of
 * those the shortest; and the states that were seen, so that none is gone on from twice. Pure: it
 * starts nothing. A branch's cost is the number of its preemptions (and of its kill).
 */
#ifndef VITRINE_SEARCH_FRONTIER_H
#define VITRINE_SEARCH_FRONTIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "search/decision.h"

/* A decision behind those of its parent; a schedule is the way to one of them. */
struct frontier_node {
	uint32_t parent; /* 0: the beginning */
	struct decision decision;
	uint32_t identity;
};

struct frontier_item {
	uint32_t node;
	uint32_t length; /* decisions */
	uint32_t cost;
	uint64_t sleep;
};

struct frontier_seen {
	uint64_t fingerprint; /* 0: free */
	uint32_t cost;        /* the lowest with which it was reached */
};

struct frontier {
	bool reduces; /* by sleep sets, and not by states that were seen */
	struct frontier_node *nodes;
	size_t node_count, node_room;
	struct frontier_item *heap;
	size_t count, room;
	struct frontier_seen *seen;
	size_t seen_count, seen_room; /* a power of two */
	bool is_full; /* no memory: what comes is not kept, and the search is not whole */
};

/* With the empty schedule in it. */
void frontier_begin(struct frontier *frontier, bool reduces);
void frontier_end(struct frontier *frontier);

/* The cost of what frontier_take() would give; UINT32_MAX: nothing is left. */
uint32_t frontier_cost(const struct frontier *frontier);

/* Takes the next one, and writes its prefix to the job. false: nothing is left. */
bool frontier_take(struct frontier *frontier, struct frontier_item *item, struct job *job);

/* Adds what a run of that item has shown. */
void frontier_add(struct frontier *frontier, const struct frontier_item *item,
	const struct report *report);

#endif

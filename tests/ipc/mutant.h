/*
 * mutant.h - the table of transitions with one operation changed. A good test detects the change. A
 * program linked with mutant.c uses this table instead of the library's transitions.o; if no
 * mutation is chosen, both are the same.
 */
#ifndef MUTANT_H
#define MUTANT_H

#include <stdbool.h>

#include "transitions.h"

struct mutation {
	enum transition transition;
	int operation; /* -1: none */
	enum { WITHOUT_UNDO, WITHOUT_OPERATION } kind;
};

/* What transition_bind changes in this process from now on. */
extern struct mutation mutation;

/* If not NULL, transition_bind notes here which transitions were used: T_COUNT of them. */
extern bool *used_transitions;

/* Finds the mutation after *at that removes SEM_UNDO from an operation. False: there is none. */
bool next_undo_mutation(struct mutation *at);

/*
 * Finds the mutation that `text` describes. "take: ready_i -1U?" removes the undo from that
 * operation, in the first array of that name that has it; "-publish: latest_L -1?" removes the
 * operation itself.
 */
bool find_mutation(const char *text, struct mutation *found);

/* "publish, variant 12: mutex +1U without its undo". Returns `text`. */
const char *mutation_text(const struct mutation *at, char *text, size_t size);

#endif

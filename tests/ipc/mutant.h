/*
 * mutant.h - the table of transitions with one operation changed: a test that cannot see the
 * difference is no test. A program linked with mutant.c uses it instead of the library's
 * transitions.o; with no mutation chosen it is the same table.
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

/* What transition_bind of this process changes from now on. */
extern struct mutation mutation;

/* The mutation after *at that takes SEM_UNDO out of an operation; false: there is none. */
bool next_undo_mutation(struct mutation *at);

/*
 * The mutation that `text` describes: "take: ready_i -1U?" takes the undo out of that operation of
 * the first array of that name which has it, "-publish: latest_L -1?" the operation itself.
 */
bool find_mutation(const char *text, struct mutation *found);

/* "publish, variant 12: mutex +1U without its undo". Returns `text`. */
const char *mutation_text(const struct mutation *at, char *text, size_t size);

#endif

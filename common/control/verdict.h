/*
 * verdict.h - finds out whether programs under control are deadlocked and which one waits for
 * which, and writes a sentence about it with the programs' source lines.
 */
#ifndef VITRINE_CONTROL_VERDICT_H
#define VITRINE_CONTROL_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/call.h"
#include "control/control.h"

#define VERDICT_EDGES 16
#define VERDICT_TEXT  2048

enum verdict_kind {
	VERDICT_NONE, /* a program can continue */
	/* all sleep; but a signal, or a process that is not under control, may wake one */
	VERDICT_LOOKS_SO,
	/* all sleep, and no other process that ever used these objects is left to wake them */
	VERDICT_CERTAIN,
};

/* `waiter` sleeps on a semaphore or queue that `giver` could raise. */
struct verdict_edge {
	unsigned waiter;
	unsigned giver; /* 0: no living actor */
	int id;         /* of the set or queue */
	uint32_t semaphore;
	bool is_held; /* the giver took it and has not given it back */
};

struct verdict {
	enum verdict_kind kind;
	bool is_cycle; /* the edges lead from each waiter to the next, and back to the first */
	size_t count;
	struct verdict_edge edges[VERDICT_EDGES];
	char text[VERDICT_TEXT]; /* one sentence */
};

/* Judges the current state: call control_look() first. `name` as in call_text(). */
void verdict_find(struct verdict *verdict, struct control *control, call_namer *name, void *data);

#endif

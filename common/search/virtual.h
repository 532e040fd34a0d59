/*
 * virtual.h - time and chance of a program under control, answered by us, so that the same schedule
 * does the same again: a clock that only sleeps and questions move, random bytes by a seed. The vDSO
 * is hidden from a new program, so that it has to ask the kernel for the time, where we can answer.
 */
#ifndef VITRINE_SEARCH_VIRTUAL_H
#define VITRINE_SEARCH_VIRTUAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/control.h"
#include "search/decision.h"

struct virtual_actor {
	uint32_t draws;    /* how often it asked for random bytes */
	bool has_handlers; /* it called sigaction() */
	bool has_alarm;    /* alarm() or setitimer(), which has not gone off */
};

struct virtual
{
	uint64_t seed;
	int64_t clock_ns;
	bool was_asked; /* for the time */
	bool sends;     /* a program has just sent a signal: whoever gets it may end by it */
	bool tells_pid; /* a program asked for its pid, and a copy of it has another */
	struct virtual_actor actors[ACTORS_MAX + 1];
};

/* The calls that it wants to see, for struct control_options. Returns how many. */
size_t virtual_calls(const int **calls);

void virtual_begin(struct virtual *virtual, uint64_t seed);

/* As control_options asks; answers what is to be answered. */
enum control_treatment virtual_treat(struct virtual *virtual, struct control_actor *actor);
void virtual_loaded(const struct virtual *virtual, struct tracer_task *task);

/* A call that only lets time pass: sleep, yield. *ns is how long. */
bool virtual_is_sleep(const struct tracer_task *task, int64_t *ns);

#endif

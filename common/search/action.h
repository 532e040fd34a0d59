/*
 * action.h - what a stopped actor would do next: whether the kernel could do it at once, which
 * objects it concerns, and so whether the order of two such actions makes a difference.
 */
#ifndef VITRINE_SEARCH_ACTION_H
#define VITRINE_SEARCH_ACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "control/call.h"

#define ACTION_OBJECTS 12

enum action_enabled {
	ACTION_WAITS,   /* it would sleep */
	ACTION_GOES_ON, /* the kernel does it at once */
	ACTION_FORCED,  /* its timeout or a signal makes it fail, and it changes nothing */
};

/*
 * One thing that two actions may have in common: a semaphore, a key, a queue, a list of children.
 */
struct action_object {
	uint64_t name;
	bool is_whole; /* all semaphores of the set `name` */
	bool writes;
};

struct action {
	enum action_enabled enabled;
	int answer;        /* if ACTION_FORCED: the negative errno that the call returns */
	uint32_t identity; /* what it is; the same in each run, although ids and pids differ */
	bool is_sleep;     /* it only lets time pass */
	bool has_signal;   /* its sleep is ended by a signal that could also arrive before it */
	bool touches_all;  /* or it is not known what it touches */
	unsigned pid;      /* the threads of one process share all their memory */
	unsigned count;
	struct action_object objects[ACTION_OBJECTS];
};

/* The objects of a System V call. */
void action_add_call(struct action *action, const struct call *call);
void action_add(struct action *action, struct action_object object);

void action_add_semaphore(struct action *action, int set, unsigned semaphore, bool writes);

/* The children of a process. */
uint64_t action_children(int pid);

/*
 * Returns true if both orders of the two actions lead to the same state, and neither enables or
 * disables the other. Assumes that semaphores order what the programs do to segments between their
 * calls.
 */
bool action_is_independent(const struct action *one, const struct action *other);

/* Mixes a number into a hash. */
uint64_t action_mix(uint64_t hash, uint64_t value);

/* Identifies a call independently of the ids, addresses and pids of this run. */
uint32_t action_identity(const struct call *call);

#endif

/*
 * action.h - what an actor that stands would do next: whether the kernel could do it at once, on which
 * objects, and so whether it makes a difference in which order two of them are done.
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
	ACTION_FORCED,  /* it ends by its timeout or by a signal only, without having been done */
};

/* One thing that two actions may have in common: a semaphore, a key, a queue, a list of children. */
struct action_object {
	uint64_t name;
	bool is_whole; /* all semaphores of the set `name` */
	bool writes;
};

struct action {
	enum action_enabled enabled;
	int answer;        /* if ACTION_FORCED: the negative errno that it gets */
	uint32_t identity; /* what it is; the same in each run, whatever ids and pids are */
	bool is_sleep;     /* it only lets time pass */
	bool touches_all;  /* or nobody knows what it touches */
	unsigned pid;      /* threads of one process have all their memory in common */
	unsigned count;
	struct action_object objects[ACTION_OBJECTS];
};

/* The objects of a call of System V. */
void action_add_call(struct action *action, const struct call *call);
void action_add(struct action *action, struct action_object object);

void action_add_semaphore(struct action *action, int set, unsigned semaphore, bool writes);

/* The children of a process. */
uint64_t action_children(int pid);

/*
 * Whether doing one and then the other leads to the same state as the other way round, and neither
 * enables or disables the other; of what the programs do between their calls, accesses to segments
 * are taken to be ordered by semaphores.
 */
bool action_is_independent(const struct action *one, const struct action *other);

/* Mixes a number into a hash. */
uint64_t action_mix(uint64_t hash, uint64_t value);

/* What a call is, whatever ids, addresses and pids it has in this run. */
uint32_t action_identity(const struct call *call);

#endif

/*
 * victim.h - a process that runs a script on a channel and is ended at its k-th event. Each
 * transition, and each other system call that changes the channel, is two events, one before and
 * one after it. The victim records what it has done in memory that the test can read.
 */
#ifndef VICTIM_H
#define VICTIM_H

#include "support.h"
#include "transitions.h"

/* What the script works with. Only the script itself closes it, if at all. */
struct victim {
	struct vitrine_options options;
	struct vitrine_channel *channel;
};
typedef void script(struct victim *victim);

/* In memory shared with the victim. A transition is counted as soon as it has been executed. */
struct deeds {
	unsigned events;
	unsigned published, dropped, released, removed_sets;
	enum transition last; /* last transition; T_COUNT: another system call */
	bool before;          /* the last event was before it */
	int result;           /* of the call, if the event was after it */
	char name[24];        /* of the last event */
};

enum end {
	RAN_TO_ITS_END,
	DIED,    /* by SIGKILL, at event `at` */
	STOPPED, /* by SIGSTOP, at event `at` */
	FAILED,  /* an assertion of the script failed; it printed which */
};

/* Runs the script as `role` and ends it at event `at` (1, 2 …) by `signal`. */
enum end run_victim(script *play, enum vitrine_role role, uint32_t slots, unsigned at, int signal,
	struct deeds **deeds, int *pid);

/* ---- the scripts --------------------------------------------------------------------------- */

script produces, produces_in_a_hurry, produces_dropping, produces_dropping_nothing,
	produces_dropping_late, produces_while_it_reads, produces_after_it_read,
	produces_and_abandons, trims, prepares, consumes, consumes_and_requeues, mirrors,
	mirrors_nothing, comes_and_goes, removes, comes_publishes_and_goes;

#endif

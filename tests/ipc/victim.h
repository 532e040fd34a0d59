/*
 * victim.h - a process that runs a script on a channel and is ended at its k-th event: each
 * transition and each other system call that changes the channel is two events, one before and one
 * after it. What it had achieved by then is noted where the test can read it.
 */
#ifndef VICTIM_H
#define VICTIM_H

#include "support.h"
#include "transitions.h"

/* What the script runs on; closed by itself, if at all. */
struct victim {
	struct vitrine_options options;
	struct vitrine_channel *channel;
};
typedef void script(struct victim *victim);

/* Lives in memory shared with the victim. A transition is counted as soon as it is done. */
struct deeds {
	unsigned events;
	unsigned published, dropped, released, removed_sets;
	enum transition last; /* of the table; T_COUNT: another system call */
	bool before;          /* the last event came before it */
	int result;           /* of the call, if it came after it */
	char name[24];        /* of the last event */
};

enum end {
	RAN_TO_ITS_END,
	DIED,    /* by SIGKILL, at the event it was to die at */
	STOPPED, /* by SIGSTOP, there */
	FAILED,  /* an assertion of the script; it has said which */
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

/*
 * decision.h - the words that the search and its workers share: a decision of a scheduler, what a
 * worker is asked to run, and what it tells of it. A job and its report lie in memory that master and
 * worker share, so they hold no pointers.
 */
#ifndef VITRINE_SEARCH_DECISION_H
#define VITRINE_SEARCH_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#define DECISIONS_MAX 4096 /* steps of one run */
#define BRANCHES_MAX  32768
#define REPORT_TEXT   262144
#define ACTORS_MAX    64 /* of one run, the ended ones too: the bits of a mask */

enum decision_kind {
	DECIDE_STEP,       /* its call, and on to before its next one */
	DECIDE_EARLY,      /* the same, before those that are about to sleep do: GETNCNT is 0 */
	DECIDE_KILL,       /* kill -9 of its process */
	DECIDE_KILL_AGAIN, /* the same, and its program is started once more */
	DECIDE_SIGNAL,     /* the alarm that it has set goes off */
};

struct decision {
	uint16_t actor; /* from 1, in the order of their beginnings */
	uint8_t kind;
};

/* How one run is scheduled behind its prefix. */
enum job_policy {
	JOB_STRAIGHT, /* whoever runs goes on until it has to wait */
	JOB_TURNS,    /* each does one step in turn */
	JOB_RANDOM,   /* by the seed */
};

struct job {
	enum job_policy policy;
	uint64_t seed;
	bool reduces;   /* by sleep sets: `sleep` holds, and no run is equivalent to another */
	bool is_told;   /* with the words for people: source lines, calls, the sentence */
	bool kills;     /* kill -9 may be decided, once a run */
	uint32_t limit; /* most steps of the run */
	uint64_t sleep; /* who must not be chosen first behind the prefix: a bit an actor */
	uint32_t count; /* decisions of the prefix */
	struct decision prefix[DECISIONS_MAX];
	uint32_t
		identities[DECISIONS_MAX]; /* what each of them was about to do when it was found */
};

/* Another decision that could have been made at a node of a run. */
struct branch {
	struct decision decision;
	uint8_t cost; /* 1: it takes a turn from somebody that could go on, or kills */
	uint32_t identity;
	uint64_t sleep; /* behind it */
};

/* One step of a run, and the choice that was there. */
struct node {
	struct decision decision;
	uint32_t identity; /* of what it was about to do: the same in each run */
	uint64_t
		fingerprint; /* of the state before it; 0: none, it must not be taken for another */
	uint32_t first_branch, branch_count;
};

enum outcome {
	OUTCOME_ENDED,     /* all have ended */
	OUTCOME_FAULT,     /* `fault` */
	OUTCOME_LIMIT,     /* more steps than the limit */
	OUTCOME_REDUNDANT, /* an equivalent run is looked at elsewhere */
	OUTCOME_DIVERGED,  /* the same decisions led elsewhere than before: `reason` */
	OUTCOME_UNJUDGED,  /* `reason` says why nothing can be said */
};

enum fault_kind {
	FAULT_NONE,
	FAULT_DEADLOCK,
	FAULT_SLEEPS,  /* for ever, while others have ended */
	FAULT_UNDO,    /* sleeps for what SEM_UNDO took back when another ended */
	FAULT_ERROR,   /* a call failed as no right program's does */
	FAULT_REMOVED, /* an object is used that was removed */
	FAULT_STATUS,  /* it ended with a status that is not 0 */
	FAULT_CRASH,   /* a signal ended it */
	FAULT_BOUND,   /* a semaphore is above its bound */
	FAULT_OUTPUT,  /* not the expected one */
	FAULT_LEFT,    /* objects were left behind */
	FAULT_BUSY,    /* it asks again and again instead of waiting */
	FAULT_STARVED, /* it waits while others pass */
	FAULT_EINTR,   /* a call that a signal has ended was taken for done */
	FAULT_KINDS,
};

struct fault {
	enum fault_kind kind;
	uint32_t actor;     /* whose it is; 0: nobody's */
	uint64_t signature; /* two with the same are one fault */
};

struct report {
	enum outcome outcome;
	struct fault fault;
	bool was_killed; /* kill -9 was decided in it */
	bool has_calls;  /* a program made a call of System V */
	uint32_t count;
	struct node nodes[DECISIONS_MAX];
	uint32_t branch_count;
	struct branch branches[BRANCHES_MAX];
	char reason[512];
	uint32_t text_length;
	/* If it is told: a line a step, with tabs between actor, name, what it did, result and place;
	 * then a line of the sentence. */
	char text[REPORT_TEXT];
};

#endif

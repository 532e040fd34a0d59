/*
 * decision.h - the data that the search shares with its workers: scheduling decisions, the job of a
 * worker, and the report of a run. Jobs and reports are in memory shared by master and worker, so
 * they hold no pointers.
 */
#ifndef VITRINE_SEARCH_DECISION_H
#define VITRINE_SEARCH_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#define DECISIONS_MAX 4096 /* steps of one run */
#define BRANCHES_MAX  32768
#define REPORT_TEXT   262144
#define ACTORS_MAX    64 /* actors of one run, ended ones included: the bits of a mask */

enum decision_kind {
	DECIDE_STEP,       /* execute its call and stop before the next one */
	DECIDE_EARLY,      /* the same, before the waiting actors enter their semop: GETNCNT is 0 */
	DECIDE_KILL,       /* kill -9 its process */
	DECIDE_KILL_AGAIN, /* the same, and restart its program */
	DECIDE_SIGNAL,     /* let the alarm that it has set go off */
	DECIDE_INTERRUPT,  /* let its pending signals arrive before its call, not during it */
};

struct decision {
	uint16_t actor; /* from 1, in the order in which actors begin */
	uint8_t kind;
};

/* How a run is scheduled after its prefix. */
enum job_policy {
	JOB_STRAIGHT, /* an actor goes on until it has to wait */
	JOB_TURNS,    /* one step of each actor in turn */
	JOB_RANDOM,   /* chosen by the seed */
};

struct job {
	enum job_policy policy;
	uint64_t seed;
	bool reduces; /* reduce by sleep sets: `sleep` is valid, equivalent runs are skipped */
	bool is_told; /* report with text: source lines, calls, the sentence */
	/*
	 * if told: the signature of the fault; of races and lost updates, only this one ends the
	 * run. 0: any
	 */
	uint64_t wanted;
	bool kills;     /* allow kill -9, once per run */
	uint32_t limit; /* maximum number of steps */
	uint64_t sleep; /* sleep set after the prefix: actors not to choose first, one bit each */
	uint32_t count; /* number of decisions in the prefix */
	struct decision prefix[DECISIONS_MAX];
	/* what each step was about to do when the schedule was found */
	uint32_t identities[DECISIONS_MAX];
};

/* An alternative decision at a node of a run. */
struct branch {
	struct decision decision;
	uint8_t cost; /* 1: a preemption or a kill */
	uint32_t identity;
	uint64_t sleep; /* the sleep set after it */
};

/* One step of a run, and the alternatives to it. */
struct node {
	struct decision decision;
	uint32_t identity;    /* identity of the step; the same in each run */
	uint64_t fingerprint; /* hash of the state before it; 0: not to be compared */
	uint32_t first_branch, branch_count;
};

enum outcome {
	OUTCOME_ENDED,     /* all actors have ended */
	OUTCOME_FAULT,     /* see `fault` */
	OUTCOME_LIMIT,     /* the run reached its step limit */
	OUTCOME_REDUNDANT, /* an equivalent run is examined elsewhere */
	OUTCOME_DIVERGED,  /* the same decisions led to another state than before: `reason` */
	OUTCOME_UNJUDGED,  /* no verdict: `reason` says why */
};

enum fault_kind {
	FAULT_NONE,
	FAULT_DEADLOCK,
	FAULT_SLEEPS,  /* sleeps for ever, while others have ended */
	FAULT_UNDO,    /* sleeps because SEM_UNDO lowered a semaphore when another process ended */
	FAULT_ERROR,   /* a call failed in a way that no correct program causes */
	FAULT_REMOVED, /* uses an object after its removal */
	FAULT_STATUS,  /* exit status other than 0 */
	FAULT_CRASH,   /* ended by a signal */
	FAULT_BOUND,   /* a semaphore is above its bound */
	FAULT_OUTPUT,  /* output other than expected */
	FAULT_LEFT,    /* objects were left behind */
	FAULT_BUSY,    /* polls instead of waiting */
	FAULT_STARVED, /* waits while others keep passing */
	FAULT_EINTR,   /* a call that failed with EINTR was taken for done */
	FAULT_RACE,    /* two accesses to a segment that nothing orders */
	FAULT_LOST,    /* a number was changed between the read and the write of an increment */
	FAULT_KINDS,
};

struct fault {
	enum fault_kind kind;
	uint32_t actor;     /* the actor at fault; 0: none */
	uint64_t signature; /* equal signatures are one fault */
};

#define ASIDES_MAX 16

/* A race or a lost update. It does not end the run, so that its consequences are found, too. */
struct aside {
	struct fault fault;
	uint32_t count; /* decisions that led to it */
};

struct report {
	enum outcome outcome;
	struct fault fault;
	uint32_t aside_count;
	struct aside asides[ASIDES_MAX];
	bool shares_otherwise; /* memory that is not observed, which may order processes */
	bool reads_input;      /* a program asked for standard input, which is empty */
	bool was_killed;       /* kill -9 was one of the decisions */
	bool has_calls;        /* a program made a System V call */
	uint32_t count;
	struct node nodes[DECISIONS_MAX];
	uint32_t branch_count;
	struct branch branches[BRANCHES_MAX];
	char reason[512];
	uint32_t text_length;
	/*
	 * If the job is told: one line per step, with tabs between actor, name, call, result and
	 * place; the last line is the sentence.
	 */
	char text[REPORT_TEXT];
};

#endif

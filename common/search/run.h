/*
 * run.h - what the parts of one run share. begin.c starts and ends the programs, standing.c knows what
 * each could do, choose.c decides, step.c carries the decision out, state.c hashes the state,
 * faults.c judges it, telling.c reports it. execution.c is the loop. Private to this room.
 */
#ifndef VITRINE_SEARCH_RUN_H
#define VITRINE_SEARCH_RUN_H

#include "control/control.h"
#include "search/action.h"
#include "search/decision.h"
#include "search/execution.h"
#include "search/memory.h"
#include "search/messages.h"
#include "search/virtual.h"
#include "sysv/set.h"

#define RUN_SETS   64
#define RUN_UNDONE 32

/* What a run knows of one actor beside what control does. */
struct part {
	bool is_known;
	bool is_reaped;      /* its parent has waited for it */
	bool was_killed;     /* by a decision */
	bool is_yielded;     /* it asked or slept in vain: first somebody else */
	bool spins;          /* it computes without a call; the others go on */
	bool is_removed;     /* the set in which it waits was removed: EIDRM */
	bool was_cut_short;  /* its last semop returned EINTR */
	int64_t computed_ns; /* by its process, when the step began to settle; 0: not yet asked */
	unsigned sleeps;     /* one after the other, without anybody else's step */
	unsigned asks;       /* the same question with the same answer */
	uint64_t asked;      /* which one */
	uint64_t passes;     /* takes of others since it has to wait */
	uint64_t history;    /* a hash of all that it has done and can have seen */
	int failed_id;     /* its last call on this object failed, since it was removed; -1: none */
	unsigned unwaited; /* V operations that followed a semop that a signal had ended */
};

/* A semaphore that the end of an actor has lowered: SEM_UNDO. */
struct undone {
	unsigned actor;
	int set;
	uint32_t semaphore;
	int32_t change;
};

/* A set that a program has opened. */
struct run_set {
	int id;
	uint64_t name; /* the same in each run */
};

struct execution {
	struct execution_options options;
	struct control *control;
	struct virtual virtual;
	/* Programs before their first call, of which each run begins with copies, and the virtual world
	 * of that moment; unless they cannot be copied. */
	struct frozen frozen[EXECUTION_PROGRAMS];
	struct virtual thawed;
	bool is_frozen, was_tried;
	struct memory memory;
	struct messages messages;
	struct sysv_values values;
	struct part parts[ACTORS_MAX + 1];
	struct action actions[ACTORS_MAX + 1];
	struct run_set sets[RUN_SETS];
	size_t set_count;
	struct undone undone[RUN_UNDONE];
	size_t undone_count;
	uint64_t alive, enabled, forced, yielded; /* a bit an actor: 1 << number */
	uint64_t state;                           /* a hash of what the kernel holds */
	uint64_t contents;                        /* of the segments */
	bool has_contents;
	struct decision killed;     /* if report->was_killed */
	unsigned current;           /* that did the last step */
	char place[PLACE_TEXT_MAX]; /* where it stood before it, if the run is told */
	uint64_t random;
	int outputs[EXECUTION_PROGRAMS];
	const struct job *job;
	struct report *report;
};

static inline uint64_t bit_of(unsigned actor)
{
	return UINT64_C(1) << (actor & 63);
}

/* ---- begin.c --------------------------------------------------------------------------------- */

/* Starts the programs, or copies of them that stand before their first call. false: a reason is set. */
bool run_begin(struct execution *execution);
void run_end(struct execution *execution);

/* Waits until no actor is on its way to its next stop. */
void run_settle(struct execution *execution);

/* Begins the records of actors that were born. */
void run_meet_new(struct execution *execution);

/* ---- state.c --------------------------------------------------------------------------------- */

void run_note_set(struct execution *execution, unsigned actor, const struct call *call);
void run_hash_state(struct execution *execution);
uint64_t run_fingerprint(const struct execution *execution);
void run_add_history(struct execution *execution, unsigned actor, const struct call *call);

/* ---- choose.c -------------------------------------------------------------------------------- */

struct decision run_choose(struct execution *execution, uint64_t sleep, bool *redundant);
void run_add_branches(struct execution *execution, struct node *node, uint64_t sleep);
uint64_t run_still_asleep(const struct execution *execution, uint64_t sleep, unsigned actor);

/* ---- step.c ---------------------------------------------------------------------------------- */

void run_act(struct execution *execution, struct decision decision);

/* ---- standing.c ------------------------------------------------------------------------------ */

/* Finds out what each actor would do next, and whether it could. */
void run_describe(struct execution *execution);

/* GETNCNT and GETZCNT count those that stand before a semop as sleepers. */
int run_count_sleepers(const struct execution *execution, const struct call *call);

/* ---- faults.c -------------------------------------------------------------------------------- */

/* The call of an actor that has just come back; before its next one. */
void run_judge_call(struct execution *execution, unsigned actor, const struct call *call);
void run_judge_spinning(struct execution *execution);
void run_judge_end(struct execution *execution, unsigned actor);
/* All have ended; or nobody can go on. */
void run_judge_all_ended(struct execution *execution);
void run_judge_stuck(struct execution *execution);

/* Puts a fault into the report, if it has none. true: it was put. */
bool run_fault(struct execution *execution, enum fault_kind kind, unsigned actor,
	uint64_t signature);
__attribute__((format(printf, 2, 3))) void run_unjudged(struct execution *execution,
	const char *format, ...);

/* ---- telling.c ------------------------------------------------------------------------------- */

/* A line of the report, if it is told. */
__attribute__((format(printf, 2, 3))) void run_say(struct execution *execution, const char *format,
	...);

/* What an actor is about to do and where, before its step; and then what came of it. */
void run_say_step(struct execution *execution, struct decision decision);
void run_say_result(struct execution *execution, const struct call *call);

/* " at pair.c:58 in produce()", or nothing. Returns `text`. */
char *run_place(struct execution *execution, unsigned actor, char text[PLACE_TEXT_MAX]);

/* The sentence of a deadlock: they are let into their calls, and the kernel confirms it. */
void run_say_stuck(struct execution *execution);

#endif

/*
 * run.h - what the parts of one run share. execution.c is the loop. start_programs.c starts and
 * ends the programs, enabled.c finds out what each actor could do, choose_step.c decides, step.c
 * carries the decision out, happens_before.c finds out what orders the processes, races.c finds
 * races and lost updates, state.c hashes the state, faults.c judges it, run_report.c reports it.
 * Private to this folder.
 */
#ifndef VITRINE_SEARCH_RUN_H
#define VITRINE_SEARCH_RUN_H

#include "control/attachments.h"
#include "control/control.h"
#include "search/accesses.h"
#include "search/action.h"
#include "search/clocks.h"
#include "search/decision.h"
#include "search/execution.h"
#include "search/messages.h"
#include "search/virtual.h"
#include "sysv/set.h"

/* The name of the files that are a program's standard input and its output. */
#define EXECUTION_FILE "vitrine-check"

#define RUN_SETS   64
#define RUN_UNDONE 32
#define RUN_BLIND  32
#define RUN_PAIRS  64

/* What a run knows about an actor, in addition to control. */
struct part {
	bool is_known;
	bool was_killed;    /* by a decision */
	bool is_yielded;    /* it polled or slept in vain: let others go first */
	bool spins;         /* it computes without a call; do not wait for it */
	bool is_removed;    /* the set in which it waits was removed: EIDRM */
	bool is_in_handler; /* its last call was made by the handler of a signal */
	bool was_cut_short; /* its last semop returned EINTR */
	/* processor time of its process when the step began to settle; 0: not read */
	int64_t computed_ns;
	unsigned sleeps;  /* in a row, without a step of another actor */
	unsigned asks;    /* identical questions in a row, with the same answer */
	uint64_t asked;   /* the question */
	uint64_t passes;  /* times that others took since it began to wait */
	uint64_t history; /* a hash of everything it has done and could have seen */
	int failed_id; /* object on which its last call failed, because of its removal; -1: none */
};

/* A semaphore that was lowered by SEM_UNDO when an actor ended. */
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

/* A process whose accesses to a segment are not all seen until its next call. */
struct blind {
	unsigned process;
	int segment;
};

/* Two instructions of which it is known that they race. */
struct pair {
	uint64_t one, other;
};

/* What is known about accesses to segments, if they are observed. */
struct races {
	struct clocks order;
	struct accesses accesses;
	struct increments increments; /* kept from run to run */
	bool is_rehearsed;            /* a first run has shown which instructions increment */
	unsigned known;               /* actors whose clocks have begun */
	struct run_set segments[RUN_SETS];
	size_t segment_count;
	struct blind blind[RUN_BLIND];
	size_t blind_count;
	struct pair pairs[RUN_PAIRS];
	size_t pair_count;
	char sentence[1024];   /* reported after the step */
	bool shares_otherwise; /* a program has memory that is not observed; kept */
};

struct execution {
	struct execution_options options;
	struct races races;
	struct control *control;
	struct virtual virtual;
	/*
	 * Programs stopped before their first call, and the virtual world at that moment: each run
	 * starts copies of them, unless they cannot be copied.
	 */
	struct frozen frozen[EXECUTION_PROGRAMS];
	struct virtual thawed;
	bool is_frozen, was_tried;
	bool has_strangers; /* other programs attach the segments, too, unknown how often; kept */
	bool asks_last;     /* a program calls GETPID: the last pids are part of the state; kept */
	struct attachments attachments;
	struct messages messages;
	struct sysv_values values; /* filled by run_values() */
	struct sysv_values kept;   /* the values of one set since the last step: */
	int kept_set, kept_count;  /* which set; -1: none */
	struct part parts[ACTORS_MAX + 1];
	struct action actions[ACTORS_MAX + 1];
	struct run_set sets[RUN_SETS];
	size_t set_count;
	unsigned created; /* objects, in this run */
	struct undone undone[RUN_UNDONE];
	size_t undone_count;
	uint64_t alive, enabled, forced, yielded; /* one bit per actor: 1 << number */
	uint64_t state;                           /* a hash of what the kernel holds */
	uint64_t contents;                        /* a hash of the segments */
	bool has_contents;
	unsigned current;                 /* the actor of the last step */
	char place[SOURCE_LINE_TEXT_MAX]; /* where it stood before that step, if the run is told */
	uint64_t random;
	int input; /* an empty file */
	int outputs[EXECUTION_PROGRAMS];
	const struct job *job;
	struct report *report;
};

static inline uint64_t bit_of(unsigned actor)
{
	return UINT64_C(1) << (actor & 63);
}

/* ---- happens_before.c ------------------------------------------------------------------------ */

/* Lists the calls to stop that order processes, in addition to virtual_calls(). */
size_t run_order_calls(const int **calls);

/*
 * The number of the actor that began this actor's process; all threads of a process share a clock.
 */
unsigned run_process(const struct execution *execution, const struct control_actor *actor);

/* Begins the clocks of new processes. */
void run_order_begin(struct execution *execution);
/* Before a call, after a call, and before the end of a process. */
void run_order_before(struct execution *execution, const struct control_actor *actor);
void run_order_after(struct execution *execution, struct control_actor *actor);
void run_order_end(struct execution *execution, const struct control_actor *actor);

/* ---- races.c --------------------------------------------------------------------------------- */

void run_races_begin(struct execution *execution);
void run_races_end(struct execution *execution);

/* A call has returned, perhaps before the run began: mmap() may have created shared memory. */
void run_races_call(struct execution *execution, const struct control_actor *actor);

/* An access to a segment; or one of the kernel to the buffer of a read() or write(). */
void run_races_access(struct execution *execution, struct control_actor *actor,
	const struct tracer_access *access);

void run_races_name(struct execution *execution, unsigned actor, const struct call *call);

/* A process whose accesses were not all seen makes a call: the unseen accesses are over. */
void run_races_again(struct execution *execution, unsigned process);

/* Says what the last step has shown. */
void run_races_say(struct execution *execution);

/* ---- start_programs.c ------------------------------------------------------------------------ */

/* Starts the programs, or copies stopped before their first call. false: a reason is set. */
bool run_begin(struct execution *execution);
void run_end(struct execution *execution);

/* Waits until no actor is running towards its next stop. */
void run_settle(struct execution *execution);

/* Sets up the records of new actors. */
void run_meet_new(struct execution *execution);

/* ---- state.c --------------------------------------------------------------------------------- */

/*
 * Reads a set's values into execution->values, which the caller may change. Between two steps they
 * stay the same, so that one set is read once. Returns their number, or a negative errno.
 */
int run_values(struct execution *execution, int set);
/* Call after everything that may have changed them. */
void run_forget_values(struct execution *execution);

void run_note_set(struct execution *execution, unsigned actor, const struct call *call);
void run_hash_state(struct execution *execution);
uint64_t run_fingerprint(const struct execution *execution);
void run_add_history(struct execution *execution, unsigned actor, const struct call *call);

/* ---- choose_step.c --------------------------------------------------------------------------- */

struct decision run_choose(struct execution *execution, uint64_t sleep, bool *redundant);
void run_add_branches(struct execution *execution, struct node *node, uint64_t sleep);
uint64_t run_still_asleep(const struct execution *execution, uint64_t sleep, unsigned actor);

/* ---- step.c ---------------------------------------------------------------------------------- */

void run_act(struct execution *execution, struct decision decision);

/* ---- enabled.c ------------------------------------------------------------------------------- */

/* Finds out what each actor would do next, and whether it could do it now. */
void run_describe(struct execution *execution);

/* What GETNCNT or GETZCNT returns: actors that wait before a semop count as sleepers. */
int run_count_sleepers(const struct execution *execution, const struct call *call);

/* ---- faults.c -------------------------------------------------------------------------------- */

/* Judges the call from which an actor has just returned, before its next one. */
void run_judge_call(struct execution *execution, unsigned actor, const struct call *call);
void run_judge_spinning(struct execution *execution);
void run_judge_end(struct execution *execution, unsigned actor);
/* Judge a run in which all actors have ended, or in which none can go on. */
void run_judge_all_ended(struct execution *execution);
void run_judge_stuck(struct execution *execution);

__attribute__((format(printf, 2, 3))) void run_unjudged(struct execution *execution,
	const char *format, ...);

/* ---- run_report.c ---------------------------------------------------------------------------- */

/* Adds text to the report, if the run is told. */
__attribute__((format(printf, 2, 3))) void run_say(struct execution *execution, const char *format,
	...);

/* Describe what an actor is about to do and where, and afterwards the result. */
void run_say_step(struct execution *execution, struct decision decision);
void run_say_result(struct execution *execution, const struct call *call);

/* " at pair.c:58 in produce()", or "". Returns `text`. */
char *run_place(struct execution *execution, unsigned actor, char text[SOURCE_LINE_TEXT_MAX]);

/*
 * Adds the sentence about a deadlock. The actors enter their calls, so that the kernel confirms it.
 */
void run_say_stuck(struct execution *execution);

#endif

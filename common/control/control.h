/*
 * control.h - programs under control as people see them: actors P1, P2 …, one step at a time, in the
 * order that the user decides; what each wants and why it sleeps, at which line, and what the kernel
 * would undo if it died now. Stands on tracer.h: for one thread, as that is.
 *
 * A step of an actor is: its call, and on to before its next one. If the call puts it to sleep, the
 * step ends there. An actor that another one's call has woken stands after its call, until its own
 * next step: so never more than one runs between two calls, as far as it is for us to decide.
 */
#ifndef VITRINE_CONTROL_CONTROL_H
#define VITRINE_CONTROL_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/ledger.h"
#include "control/place.h"
#include "control/tracer.h"
#include "sysv/array.h"
#include "sysv/set.h"
#include "sysv/users.h"

#define CONTROL_NAME_MAX SYSV_NAME_MAX
#define CONTROL_UNKNOWN  UINT32_MAX

struct control_actor;

/* What becomes of a call that is none of System V's. */
enum control_treatment {
	CONTROL_LET_THROUGH, /* it is no step: on at once; perhaps the caller has answered it */
	CONTROL_HOLD,        /* it is a step like those of System V */
};

struct control_options {
	const struct tracer_program *programs; /* kept by the caller */
	size_t program_count;
	const struct frozen *frozen; /* as many: start copies of these; NULL: start the programs */
	unsigned tasks_max;          /* 0: TRACER_TASKS_MAX */
	/* System calls to stop beside those of System V, at most 60; kept by the caller. */
	const int *calls;
	size_t call_count;
	/*
	 * Asked before each call. It may change or answer it: tracer_set_argument(), tracer_answer().
	 * Those of System V are held whatever it says.
	 */
	enum control_treatment (*treat)(void *data, struct control_actor *actor);
	/* Before a new program's first instruction, after its exec. NULL: nothing is done. */
	void (*loaded)(void *data, struct tracer_task *task);
	void *data;
	int64_t patience_ns; /* how long a step may compute before it is left to go on; 0: 2 s */
	int64_t glance_ns; /* how long a step is awaited before it is asked whether it sleeps; 0: 100 us */
};

/* What an actor is doing. */
enum control_doing {
	CONTROL_BEGINS,     /* stands before its first instruction */
	CONTROL_BEFORE,     /* stands before a call */
	CONTROL_WOKEN,      /* its call is done, after a sleep; stands behind it */
	CONTROL_SLEEPS,     /* in its call, until another process does something */
	CONTROL_ELSEWHERE,  /* sleeps in another system call: `elsewhere` */
	CONTROL_RUNS,       /* computes */
	CONTROL_BEFORE_END, /* stands before its end: the undo is still to come */
	CONTROL_STOPPED,    /* by SIGSTOP or the like */
	CONTROL_ENDED,
};

/* One actor; the control owns it, and its number never changes. */
struct control_actor {
	struct tracer_task *task;
	char name[CONTROL_NAME_MAX]; /* of its program: "producer" */
	enum control_doing doing;
	long elsewhere;      /* CONTROL_ELSEWHERE: the number of the system call */
	uint32_t blocked_at; /* CONTROL_SLEEPS in semop: which operation; CONTROL_UNKNOWN */
	int blocked_value;   /* the value of its semaphore then */
	int64_t since_ns;    /* since when it is doing that: CLOCK_MONOTONIC */
	int64_t took_ns;     /* how long its last call took */
	bool has_timer;      /* it set an alarm or a timer: a signal may come at any time */
	bool was_killed;     /* by control_kill() */
	struct place place;  /* of its call */
	struct call done;    /* the last call that came back, if has_done */
	bool has_done;
	bool creates;   /* its call is a …get that would create the object */
	bool is_passed; /* its call is none that anybody asked to see */
};

struct control;

/* Starts all programs, each up to before its first call. false: `reason` names it and the remedy. */
bool control_create(struct control **control, const struct control_options *options,
	char reason[TRACER_REASON_MAX]);
void control_destroy(struct control *control); /* NULL is allowed; all programs are killed */

/* ---- looking ------------------------------------------------------------------------------- */

size_t control_count(const struct control *control);
struct control_actor *control_actor(struct control *control, unsigned number); /* from 1; NULL */
const struct ledger *control_ledger(const struct control *control);
unsigned control_alive(const struct control *control);

/*
 * If no program has done a call of System V or begun another process yet: keeps each as a model, for
 * `frozen` of other controls of this thread. Then this control has nothing more to do.
 */
bool control_freeze(struct control *control, struct frozen *frozen);

/* Kills all, and removes the objects that they created under control: only destroying it is left. */
void control_clean(struct control *control);

/* How many objects that the programs created are there still. */
size_t control_left(const struct control *control);

/* How many steps were done since the start; control_back() takes one away. */
size_t control_steps(const struct control *control);

/* Calls that were done: a number that grows, and that ledger entries know as `taken_at`. */
uint64_t control_calls(const struct control *control);

/* The lines of an actor's place, or of a ledger entry's of its process. Returns how many. */
size_t control_lines(struct control *control, struct control_actor *actor,
	const struct place *place, struct place_line found[PLACE_FRAMES]);

/* Updates what each actor is doing, and what it sleeps on. */
void control_look(struct control *control);

/* ---- acting -------------------------------------------------------------------------------- */

enum control_result {
	CONTROL_DONE,
	CONTROL_GOES_ON,  /* it sleeps elsewhere or computes, longer than the step waits for it */
	CONTROL_NOBODY,   /* there is no such actor, or it has ended */
	CONTROL_ASLEEP,   /* it sleeps: only another process can wake it */
	CONTROL_TOO_MANY, /* more actors than allowed: all were killed */
	CONTROL_DIVERGED, /* the same steps led elsewhere than before */
	CONTROL_FAILED,   /* it could not be started again: control_reason() */
};

/* Starts one of the programs once more, up to before its first call. NULL: control_reason(). */
struct control_actor *control_begin(struct control *control, size_t program);

/* One step of this actor. 0: of the next one that can, in turn. *stepped, if not NULL: which. */
enum control_result control_step(struct control *control, unsigned number, unsigned *stepped);

/*
 * Lets all run without stops for `ns`, or until all living ones sleep for good. CONTROL_DONE: none
 * can continue; CONTROL_GOES_ON: the time has expired, and running ones continue to their next
 * call.
 */
enum control_result control_run(struct control *control, int64_t ns);

/* Processes pending events without letting any actor continue. */
void control_settle(struct control *control, int64_t ns);

/* kill -9 of its process, and waits for the end: the kernel has then done its undo. */
enum control_result control_kill(struct control *control, unsigned number);

/*
 * Starts all programs again. The System V objects that they created under control are removed
 * first, so that the programs find the same state as the first time.
 */
enum control_result control_restart(struct control *control);

/*
 * Goes back one step: restarts and repeats all steps except the last. CONTROL_NOBODY: there is no
 * step.
 */
enum control_result control_back(struct control *control);

/* Readable when something may have happened: for poll(2). */
int control_descriptor(const struct control *control);

/* Why the last CONTROL_FAILED, CONTROL_DIVERGED or CONTROL_TOO_MANY. */
const char *control_reason(const struct control *control);

/* ---- schedules ------------------------------------------------------------------------------ */

/* What was done, in order: the number of an actor, or minus that for a kill. */
const int *control_schedule(const struct control *control, size_t *count);

/* Starts all programs again and executes these steps. */
enum control_result control_replay(struct control *control, const int *schedule, size_t count);

#endif

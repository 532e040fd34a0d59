/*
 * control.h - programs under control as the user sees them: actors P1, P2 …, which make one step at
 * a time, in the order that the user decides. Tells what each actor wants, why it sleeps, at which
 * source line, and what the kernel would undo if the actor died now. Built on tracer.h; like it, it
 * belongs to one thread.
 *
 * A step of an actor: it executes its call and continues to its next one. If the call sleeps, the
 * step ends there. An actor woken by another actor's call stops after its own call and waits for
 * its next step. So only one actor runs between two calls, as far as control can decide that.
 */
#ifndef VITRINE_CONTROL_CONTROL_H
#define VITRINE_CONTROL_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/ledger.h"
#include "control/source_line.h"
#include "control/tracer.h"
#include "sysv/semop_apply.h"
#include "sysv/set.h"
#include "sysv/sysv_processes.h"

#define CONTROL_NAME_MAX SYSV_NAME_MAX
#define CONTROL_UNKNOWN  UINT32_MAX

struct control_actor;

/* What to do with a call that is not a System V call. */
enum control_treatment {
	CONTROL_LET_THROUGH, /* no step: continue at once; the caller may have answered it */
	CONTROL_HOLD,        /* a step, like a System V call */
};

struct control_options {
	const struct tracer_program *programs; /* kept by the caller */
	size_t program_count;
	struct frozen *frozen; /* one per program: start copies; NULL: start the programs */
	unsigned tasks_max;    /* 0: TRACER_TASKS_MAX */
	bool skips_places;     /* nobody asks for source lines: actors' places are not read */
	/* System calls to stop in addition to those of System V, at most 60; kept by the caller. */
	const int *calls;
	size_t call_count;
	/*
	 * Called before each call. It may change or answer the call: tracer_set_argument(),
	 * tracer_answer(). System V calls are held whatever it returns.
	 */
	enum control_treatment (*treat)(void *data, struct control_actor *actor);
	/* Called after the exec of a new program, before its first instruction. May be NULL. */
	void (*loaded)(void *data, struct tracer_task *task);
	/* Called after each call, before the program goes on. May be NULL. */
	void (*returned)(void *data, struct control_actor *actor);
	/*
	 * Called at each access to an attached segment, which is slow. NULL: accesses are not
	 * observed.
	 */
	void (*accessed)(void *data, struct control_actor *actor,
		const struct tracer_access *access);
	void *data;
	int64_t patience_ns; /* how long to wait for a step that computes; 0: 2 s */
	/* how long to wait before the first check whether it sleeps; 0: 100 us */
	int64_t glance_ns;
};

/* What an actor is doing. */
enum control_doing {
	CONTROL_BEGINS,     /* is stopped before its first instruction */
	CONTROL_BEFORE,     /* is stopped before a call */
	CONTROL_WOKEN,      /* its call returned after a sleep; it is stopped after the call */
	CONTROL_SLEEPS,     /* in its call, until another process acts */
	CONTROL_ELSEWHERE,  /* sleeps in another system call: `elsewhere` */
	CONTROL_RUNS,       /* computes */
	CONTROL_BEFORE_END, /* is stopped before its end: the kernel has not yet applied its undo */
	CONTROL_STOPPED,    /* by SIGSTOP or another stop signal */
	CONTROL_ENDED,
};

/* One actor. The control owns it; its number never changes. */
struct control_actor {
	struct tracer_task *task;
	char name[CONTROL_NAME_MAX]; /* of its program: "producer" */
	enum control_doing doing;
	long elsewhere;         /* CONTROL_ELSEWHERE: the number of the system call */
	uint32_t blocked_at;    /* CONTROL_SLEEPS in semop: the operation; or CONTROL_UNKNOWN */
	int blocked_value;      /* the value of that semaphore at that time */
	int64_t since_ns;       /* since when `doing` holds: CLOCK_MONOTONIC */
	bool has_timer;         /* it set an alarm or a timer: a signal may arrive at any time */
	bool was_killed;        /* by control_kill() */
	struct call_site place; /* of its call */
	struct call done;       /* the last call that returned, if has_done */
	bool has_done;
	bool creates;   /* its call is a …get that would create the object */
	bool is_passed; /* the caller did not ask to stop at this call */
	/*
	 * It was in another IPC namespace at its last …get call: the tracer cannot reach the
	 * objects that its ids name, so it does not know their values and does not compute its
	 * undo.
	 */
	bool is_outside;
};

struct control;

/*
 * Starts all programs, each up to its first call. false: `reason` names the program and the remedy.
 */
bool control_create(struct control **control, const struct control_options *options,
	char reason[TRACER_REASON_MAX]);
/* Kills all programs. NULL is allowed. */
void control_destroy(struct control *control);

/*
 * Kills all programs. If one of them was still running, also removes what they created, because no
 * program is left to do it. If all had ended, what they left behind stays for their author to see.
 * NULL is allowed.
 */
void control_end(struct control *control);

/* ---- looking ------------------------------------------------------------------------------- */

size_t control_count(const struct control *control);
/* Numbers start at 1. NULL: there is no such actor. */
struct control_actor *control_actor(struct control *control, unsigned number);
const struct ledger *control_ledger(const struct control *control);
unsigned control_alive(const struct control *control);

/*
 * Keeps each program as a model from which other controls of this thread start copies (`frozen`).
 * Succeeds only if no program has made a System V call or started a process yet. Afterwards this
 * control can only be destroyed.
 */
bool control_freeze(struct control *control, struct frozen *frozen);

/*
 * Kills all programs and removes the objects that they created under control. Afterwards this
 * control can only be destroyed.
 */
void control_clean(struct control *control);

/* The number of objects that the programs created and that still exist. */
size_t control_left(const struct control *control);

/* The number of steps since the start; control_back() takes one away. */
size_t control_steps(const struct control *control);

/* The number of calls that were done. It only grows; ledger entries have it as `taken_at`. */
uint64_t control_calls(const struct control *control);

/*
 * The source lines of an actor's place, or of the place in a ledger entry of its process. Returns
 * their number.
 */
size_t control_lines(struct control *control, struct control_actor *actor,
	const struct call_site *place, struct source_line found[SOURCE_LINE_FRAMES]);

/* source_lines_library() of a place of the actor. */
char *control_library(struct control *control, struct control_actor *actor,
	const struct call_site *place, char text[SOURCE_LINE_LIBRARY_MAX]);

/* Updates what each actor is doing and what it sleeps on. */
void control_look(struct control *control);

/* True if it sleeps in its call without a timeout: only another process can wake it. */
bool control_sleeps_for_good(const struct control_actor *actor);

/* True if it waits for its child or another thread: if they are in a deadlock, so is it. */
bool control_waits_for_family(const struct control_actor *actor);

/* tracer_has_failed() */
bool control_has_failed(const struct control *control);

/* ---- acting -------------------------------------------------------------------------------- */

enum control_result {
	CONTROL_DONE,
	/* it sleeps outside System V or computes for longer than a step may take */
	CONTROL_GOES_ON,
	CONTROL_NOBODY,   /* there is no such actor, or it has ended */
	CONTROL_ASLEEP,   /* it sleeps: only another process can wake it */
	CONTROL_TOO_MANY, /* more actors than allowed: all were killed */
	CONTROL_DIVERGED, /* the same steps led to another state than before */
	CONTROL_FAILED,   /* it could not be started again: control_reason() */
};

/* Starts one of the programs again, up to its first call. NULL: control_reason(). */
struct control_actor *control_begin(struct control *control, size_t program);

/*
 * Lets an actor make one step; 0: the next one in turn that can. *stepped (may be NULL): which one.
 */
enum control_result control_step(struct control *control, unsigned number, unsigned *stepped);

/*
 * Lets the signals that are pending for an actor arrive before the call at which it is stopped: the
 * actor runs their handlers, and stops before a call of a handler, or again before its own call.
 */
enum control_result control_interrupt(struct control *control, unsigned number);

/*
 * Lets all run without stops for `ns`, or until all living ones sleep for good. CONTROL_DONE: none
 * can continue; CONTROL_GOES_ON: the time has expired, and running ones continue to their next
 * call.
 */
enum control_result control_run(struct control *control, int64_t ns);

/* Processes pending events without letting any actor continue. */
void control_settle(struct control *control, int64_t ns);

/*
 * Kills its process with SIGKILL, and waits until it has ended: the kernel has then applied its
 * undo.
 */
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

/* The reason for the last CONTROL_FAILED, CONTROL_DIVERGED or CONTROL_TOO_MANY. */
const char *control_reason(const struct control *control);

/* ---- schedules ------------------------------------------------------------------------------ */

/* What was done, in order: the number of the actor for a step, its negative for a kill. */
const int *control_schedule(const struct control *control, size_t *count);

#endif

/*
 * control_parts.h - what the parts of control share. control.c starts and repeats, events.c
 * interprets the stops of actors, stepping.c lets actors continue. Private to this folder.
 */
#ifndef VITRINE_CONTROL_CONTROL_PARTS_H
#define VITRINE_CONTROL_CONTROL_PARTS_H

#include <sys/syscall.h>

#include "control/control.h"
#include "control/created_objects.h"
#include "control/filter.h"
#include "sysv/sysv_processes.h"

#define COMPUTES_NS INT64_C(2000000000) /* limit for a step that computes */
#define GLANCE_NS   INT64_C(100000)     /* between two checks whether it sleeps, at first */
#define GLANCE_MOST INT64_C(10000000)
#define DEATH_NS    INT64_C(10000000000)

#ifdef SYS_alarm
#define CONTROL_TIMERS 3
#else
#define CONTROL_TIMERS 2
#endif

struct control {
	struct tracer *tracer;
	struct control_options options;
	int calls_to_stop[FILTER_CALLS_MAX];
	struct control_actor **actors; /* by number - 1 */
	size_t count;
	struct source_lines **lines; /* by number - 1; those of a process are at its first thread */
	struct ledger ledger;
	struct created_objects created;
	struct sysv_values values;
	uint64_t calls;
	int *schedule;
	size_t steps;
	bool runs;       /* control_run(): no actor is held */
	unsigned moving; /* the actor whose step it is; 0: none */
	unsigned last;   /* the actor of the last step */
	bool is_crowded;
	char reason[TRACER_REASON_MAX];
};

/* ---- events.c -------------------------------------------------------------------------------- */

/* Calls after which a signal may wake the actor: no deadlock with it is certain. */
extern const int control_timers[CONTROL_TIMERS];

void control_change(struct control_actor *actor, enum control_doing doing);

/* True if another thread of its process is alive. */
bool control_has_siblings(const struct control *control, const struct control_actor *actor);

/* Tells the caller of an access: tracer_observer. */
void control_observe(void *data, struct tracer_task *task, const struct tracer_access *access);

/* Lets the actor continue from where it is stopped. */
void control_let(struct control *control, struct control_actor *actor);

/* Adds to the schedule. false: no memory. */
bool control_add_step(struct control *control, int step);

/* Handles one event, if there is one within `ns`. false: there was none. */
bool control_pump(struct control *control, int64_t ns);

/* Kills all programs and sets the reason. Returns CONTROL_TOO_MANY. */
enum control_result control_refuse_crowd(struct control *control);

/* ---- stepping.c ------------------------------------------------------------------------------ */

/* Makes a step without recording it in the schedule. */
enum control_result control_move(struct control *control, struct control_actor *actor);

#endif

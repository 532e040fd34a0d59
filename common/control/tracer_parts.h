/* tracer_parts.h - what tracer.c and tracer_stops.c share. Private to this folder. */
#ifndef VITRINE_CONTROL_TRACER_PARTS_H
#define VITRINE_CONTROL_TRACER_PARTS_H

#include "filter.h"
#include "guard.h"
#include "tracer.h"

struct tracer {
	struct filter filter;
	bool observes; /* accesses to segments, by `guard` */
	struct guard guard;
	unsigned tasks_max;
	unsigned programs;
	unsigned alive;
	bool is_quiet; /* the last look was in vain, and no signal has come since then */
	struct tracer_task **tasks; /* by number - 1 */
	size_t task_count;
	/* Children whose first stop came before their parent's event. */
	pid_t *early;
	size_t early_count;
	/* Further events that one stop has caused. */
	struct tracer_event *events;
	size_t event_first, event_count;
};

/* ---- tracer.c -------------------------------------------------------------------------------- */

/* The task with this tid that has not ended; NULL: there is none. */
struct tracer_task *tracer_find(const struct tracer *tracer, pid_t tid);

/* Adds a thread, which must exist. NULL: no memory. */
struct tracer_task *tracer_add_task(struct tracer *tracer, pid_t tid,
	const struct tracer_task *parent);

/* false: no memory; the event is lost, and the task is never resumed. */
bool tracer_add_event(struct tracer *tracer, enum tracer_event_kind kind, struct tracer_task *task);
void tracer_end_task(struct tracer *tracer, struct tracer_task *task, int status);

/* ---- tracer_stops.c -------------------------------------------------------------------------- */

/* Lets a task run to its next stop, or to the end of its call. */
void tracer_go_on(struct tracer_task *task, bool to_end_of_call, int signal);

/* Lets a task enter its call, for the first time or because the kernel restarts it. */
void tracer_enter_call(struct tracer_task *task);

/* Handles a task that is stopped before a call. */
void tracer_stop_before(struct tracer *tracer, struct tracer_task *task);

/* Handles one change of a child, if there is one. false: there is none. */
bool tracer_look(struct tracer *tracer);

#endif

/* events.c - interprets the stops of tasks for their actors. See control_parts.h. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/monotonic.h"
#include "base/translate.h"
#include "control_parts.h"

const int control_timers[CONTROL_TIMERS] = {
#ifdef SYS_alarm
	SYS_alarm,
#endif
	SYS_setitimer,
	SYS_timer_settime,
};

/* ---- actors -------------------------------------------------------------------------------- */

void control_change(struct control_actor *actor, enum control_doing doing)
{
	if (actor->doing != doing)
		actor->since_ns = monotonic_ns();
	actor->doing = doing;
}

static void name_actor(struct control *control, struct control_actor *actor)
{
	const struct control_actor *parent = control_actor(control, actor->task->parent);
	const char *path = control->options.programs[actor->task->program].argv[0];
	const char *slash = strrchr(path, '/');

	if (parent != NULL) {
		snprintf(actor->name, sizeof(actor->name), "%s", parent->name);
		return;
	}
	snprintf(actor->name, sizeof(actor->name), "%s", slash != NULL ? slash + 1 : path);
}

/* The actor of a task; created at the task's first event. */
static struct control_actor *actor_of(struct control *control, struct tracer_task *task)
{
	struct control_actor **actors, *actor;
	struct source_lines **lines;

	if (task->data != NULL)
		return task->data;
	actor = calloc(1, sizeof(*actor));
	actors = reallocarray(control->actors, task->number, sizeof(struct control_actor *));
	if (actors != NULL)
		control->actors = actors;
	lines = reallocarray(control->lines, task->number, sizeof(struct source_lines *));
	if (lines != NULL)
		control->lines = lines;
	if (actor == NULL || actors == NULL || lines == NULL) {
		free(actor);
		return NULL;
	}
	while (control->count < task->number) {
		lines[control->count] = NULL;
		actors[control->count++] = NULL;
	}
	actor->task = task;
	actor->blocked_at = CONTROL_UNKNOWN;
	actor->since_ns = monotonic_ns();
	if (task->parent != 0 && control_actor(control, task->parent) != NULL)
		actor->is_outside = control_actor(control, task->parent)->is_outside;
	name_actor(control, actor);
	actors[task->number - 1] = actor;
	task->data = actor;
	return actor;
}

static void forget_lines(struct control *control, const struct control_actor *actor)
{
	for (size_t i = 0; i < control->count; i++) {
		if (control->actors[i] == NULL || control->actors[i]->task->pid != actor->task->pid)
			continue;
		source_lines_destroy(control->lines[i]);
		control->lines[i] = NULL;
	}
}

bool control_has_siblings(const struct control *control, const struct control_actor *actor)
{
	for (size_t i = 0; i < control->count; i++) {
		const struct control_actor *other = control->actors[i];

		if (other != NULL && other != actor && other->task->pid == actor->task->pid &&
			other->task->state != TRACER_ENDED)
			return true;
	}
	return false;
}

static bool is_timer(const struct call *call)
{
	for (size_t i = 0; i < CONTROL_TIMERS; i++)
		if (call->number == control_timers[i])
			return true;
	return false;
}

/* ---- events -------------------------------------------------------------------------------- */

/* True if this task may continue from its stop at once. */
static bool is_free(const struct control *control, const struct tracer_task *task)
{
	return control->runs || control->moving == task->number;
}

void control_let(struct control *control, struct control_actor *actor)
{
	/* Asked only now: since the actor stopped here, another one may have removed the object. */
	if (actor->task->state == TRACER_STANDS_BEFORE && !actor->is_passed)
		actor->creates = !actor->is_outside && created_objects_is_new(&actor->task->call);
	control_change(actor, CONTROL_RUNS);
	tracer_resume(control->tracer, actor->task);
}

bool control_add_step(struct control *control, int step)
{
	int *schedule = grow_array(control->schedule, control->steps, sizeof(*schedule));

	if (schedule == NULL)
		return false;
	schedule[control->steps++] = step;
	control->schedule = schedule;
	return true;
}

/* True if this call is a step, or continues at once. */
static enum control_treatment treat(struct control *control, struct control_actor *actor)
{
	enum control_treatment treatment = CONTROL_LET_THROUGH;

	if (is_timer(&actor->task->call))
		actor->has_timer = true;
	if (control->options.treat != NULL)
		treatment = control->options.treat(control->options.data, actor);
	return actor->task->call.kind != CALL_OTHER ? CONTROL_HOLD : treatment;
}

/* Before its first such call, a process knows no ids of its IPC namespace. */
static bool gets_object(const struct call *call)
{
	return call->kind == CALL_SEMGET || call->kind == CALL_SHMGET || call->kind == CALL_MSGGET;
}

static void stands_before(struct control *control, struct control_actor *actor)
{
	actor->is_passed = treat(control, actor) == CONTROL_LET_THROUGH;
	if (actor->is_passed) {
		control_let(control, actor);
		return;
	}
	if (gets_object(&actor->task->call))
		actor->is_outside = sysv_process_is_outside(actor->task->pid);
	if (!control->options.skips_places)
		call_site_keep(&actor->place, actor->task);
	control_change(actor, CONTROL_BEFORE);
	if (!control->runs)
		return;
	control_add_step(control, (int)actor->task->number);
	control_let(control, actor);
}

/* Copies only the operations in use: there is room for 500. */
static void copy_call(struct call *to, const struct call *from)
{
	uint32_t count = from->count < CALL_OPERATIONS_MAX ? from->count : CALL_OPERATIONS_MAX;

	memcpy(to, from, offsetof(struct call, operations) + count * sizeof(from->operations[0]));
}

void control_observe(void *data, struct tracer_task *task, const struct tracer_access *access)
{
	struct control *control = data;
	struct control_actor *actor = actor_of(control, task);

	if (actor != NULL)
		control->options.accessed(control->options.data, actor, access);
}

static void stands_after(struct control *control, struct control_actor *actor)
{
	if (control->options.returned != NULL)
		control->options.returned(control->options.data, actor);
	if (actor->is_passed) {
		control_let(control, actor);
		return;
	}
	copy_call(&actor->done, &actor->task->call);
	actor->has_done = true;
	actor->blocked_at = CONTROL_UNKNOWN;
	control->calls++;
	if (!actor->is_outside) {
		ledger_note(&control->ledger, actor->task->pid, &actor->task->call, &actor->place,
			control->calls);
		created_objects_note(&control->created, &actor->task->call, actor->creates);
	}
	control_change(actor, CONTROL_WOKEN);
	if (is_free(control, actor->task))
		control_let(control, actor);
}

static void tell_loaded(struct control *control, struct tracer_task *task)
{
	if (control->options.loaded != NULL)
		control->options.loaded(control->options.data, task);
}

static void handle(struct control *control, const struct tracer_event *event)
{
	struct control_actor *actor = actor_of(control, event->task);

	if (actor == NULL) {
		tracer_kill(control->tracer, event->task->pid);
		return;
	}
	switch (event->kind) {
	case TRACER_CROWD: control->is_crowded = true; break;
	case TRACER_BEGAN:
		control_change(actor, CONTROL_BEGINS);
		if (event->task->parent == 0)
			tell_loaded(control, event->task);
		/* The parent sleeps until the child calls exec, so it could not be stepped. */
		if (control->runs || event->task->is_vfork)
			control_let(control, actor);
		break;
	case TRACER_EXECED:
		forget_lines(control, actor);
		sysv_process_name(actor->task->pid, actor->name);
		control_change(actor, CONTROL_BEGINS);
		tell_loaded(control, event->task);
		control_let(control, actor);
		break;
	case TRACER_BEFORE: stands_before(control, actor); break;
	case TRACER_AFTER: stands_after(control, actor); break;
	case TRACER_LAST:
		control_change(actor, CONTROL_BEFORE_END);
		if (control->runs || actor->was_killed)
			tracer_resume(control->tracer, actor->task);
		break;
	case TRACER_END:
		control_change(actor, CONTROL_ENDED);
		if (!control_has_siblings(control, actor)) {
			ledger_forget(&control->ledger, actor->task->pid);
			forget_lines(control, actor);
		}
		break;
	}
}

bool control_pump(struct control *control, int64_t ns)
{
	struct tracer_event event;

	if (!tracer_wait(control->tracer, &event, ns))
		return false;
	handle(control, &event);
	return true;
}

static void kill_all(struct control *control)
{
	for (size_t i = 0; i < control->count; i++)
		if (control->actors[i] != NULL && control->actors[i]->task->state != TRACER_ENDED) {
			control->actors[i]->was_killed = true;
			tracer_kill(control->tracer, control->actors[i]->task->pid);
			tracer_resume(control->tracer, control->actors[i]->task);
		}
	for (int64_t end = monotonic_ns() + DEATH_NS;
		tracer_alive(control->tracer) > 0 && monotonic_ns() < end;)
		control_pump(control, GLANCE_MOST);
}

enum control_result control_refuse_crowd(struct control *control)
{
	kill_all(control);
	snprintf(control->reason, sizeof(control->reason),
		_("more than %u processes and threads at once: all were killed; does a "
		  "program fork without end?"),
		control->options.tasks_max);
	return CONTROL_TOO_MANY;
}

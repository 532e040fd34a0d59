/*
 * stepping.c - finds out where each actor is, and lets one or all of them continue. See control.h.
 */
#include "base/monotonic.h"
#include "control_parts.h"

/* how long a step waits for a sleep outside System V calls */
#define ELSEWHERE_NS INT64_C(150000000)
/* after this long without an event, check whether all sleep */
#define STUCK_NS     INT64_C(50000000)

/* ---- looking ------------------------------------------------------------------------------- */

/* Finds the operation at which it sleeps, by the current values. */
static void find_block(struct control *control, struct control_actor *actor)
{
	const struct call *call = &actor->task->call;
	size_t at = 0;
	int count;

	actor->blocked_at = CONTROL_UNKNOWN;
	if (call->kind != CALL_SEMOP || call->count > CALL_OPERATIONS_MAX || call->is_unreadable ||
		actor->is_outside)
		return;
	count = sysv_values_read(&control->values, call->id);
	if (count < 0 || sysv_semop_apply(control->values.values, (size_t)count, call->operations,
				 call->count, &at) != SYSV_SLEEPS)
		return;
	actor->blocked_at = (uint32_t)at;
	actor->blocked_value = control->values.values[call->operations[at].sem_num];
}

static void look_at(struct control *control, struct control_actor *actor)
{
	const struct tracer_task *task = actor->task;
	long call;

	if (task->state == TRACER_STOPPED) {
		control_change(actor, CONTROL_STOPPED);
		return;
	}
	if (task->state != TRACER_RUNS && task->state != TRACER_IN_CALL)
		return;
	if (!tracer_sleeps(task, &call)) {
		control_change(actor, CONTROL_RUNS);
	} else if (task->state == TRACER_IN_CALL) {
		control_change(actor, CONTROL_SLEEPS);
		find_block(control, actor);
	} else {
		control_change(actor, CONTROL_ELSEWHERE);
		actor->elsewhere = call;
	}
}

void control_look(struct control *control)
{
	for (size_t i = 0; i < control->count; i++)
		if (control->actors[i] != NULL)
			look_at(control, control->actors[i]);
}

/* ---- acting -------------------------------------------------------------------------------- */

static bool can_step(const struct control_actor *actor)
{
	return actor != NULL && tracer_stands(actor->task);
}

/* The next actor in turn that is stopped. NULL: none is. */
static struct control_actor *choose(struct control *control)
{
	for (size_t i = 0; i < control->count; i++) {
		struct control_actor *actor = control->actors[(control->last + i) % control->count];

		if (can_step(actor))
			return actor;
	}
	return NULL;
}

/* True if it sleeps for a given time: it reaches its next call by itself. */
static bool has_alarm_clock(const struct control_actor *actor)
{
	if (actor->doing != CONTROL_ELSEWHERE)
		return false;
#ifdef SYS_nanosleep
	if (actor->elsewhere == SYS_nanosleep)
		return true;
#endif
	return actor->elsewhere == SYS_clock_nanosleep;
}

/* True if an actor is about to stop: woken by the last step or by a timeout. */
static bool is_one_moving(const struct control *control)
{
	for (size_t i = 0; i < control->count; i++) {
		const struct control_actor *actor = control->actors[i];

		if (actor != NULL && (actor->doing == CONTROL_RUNS || has_alarm_clock(actor)))
			return true;
	}
	return false;
}

/* The next actor in turn. While none is stopped, waits for those that run. NULL: none will stop. */
static struct control_actor *choose_or_wait(struct control *control)
{
	int64_t end = monotonic_ns() + COMPUTES_NS;
	struct control_actor *actor;

	while ((actor = choose(control)) == NULL && is_one_moving(control) &&
		monotonic_ns() < end) {
		control_pump(control, GLANCE_MOST);
		control_look(control);
	}
	return actor;
}

/* True if this actor's step is over: it is stopped again, sleeps, or has ended. */
static bool is_settled(const struct control_actor *actor)
{
	return actor->doing != CONTROL_RUNS && actor->doing != CONTROL_ELSEWHERE;
}

/* Waits until the actor is stopped again, sleeps in its call, has ended, or takes too long. */
static enum control_result follow(struct control *control, struct control_actor *actor)
{
	int64_t glance = control->options.glance_ns;

	while (!is_settled(actor)) {
		if (control->is_crowded)
			return control_refuse_crowd(control);
		if (control_pump(control, glance)) {
			glance = control->options.glance_ns;
			continue;
		}
		look_at(control, actor);
		if (monotonic_ns() - actor->since_ns >
			(actor->doing == CONTROL_ELSEWHERE ? ELSEWHERE_NS
							   : control->options.patience_ns))
			return CONTROL_GOES_ON;
		glance = glance * 2 < GLANCE_MOST ? glance * 2 : GLANCE_MOST;
	}
	return control->is_crowded ? control_refuse_crowd(control) : CONTROL_DONE;
}

/* An actor that sleeps outside System V or computes reaches its next call by itself. */
static enum control_result await(struct control *control, struct control_actor *actor)
{
	int64_t end = monotonic_ns() + COMPUTES_NS;

	while (!can_step(actor)) {
		look_at(control, actor);
		if (actor->doing == CONTROL_SLEEPS)
			return CONTROL_ASLEEP;
		if (actor->doing == CONTROL_ENDED)
			return CONTROL_NOBODY;
		if (monotonic_ns() > end)
			return CONTROL_GOES_ON;
		control_pump(control, GLANCE_MOST);
	}
	return CONTROL_DONE;
}

/* Resumes an actor that is stopped, and waits until its step is over. */
static enum control_result move(struct control *control, struct control_actor *actor,
	void (*let)(struct control *control, struct control_actor *actor))
{
	enum control_result result;

	control->moving = actor->task->number;
	control->last = actor->task->number;
	let(control, actor);
	result = follow(control, actor);
	control->moving = 0;
	if (result != CONTROL_TOO_MANY)
		control_settle(control, 0);
	return result;
}

/* Makes a step without recording it in the schedule. */
enum control_result control_move(struct control *control, struct control_actor *actor)
{
	enum control_result result = await(control, actor);

	return result == CONTROL_DONE ? move(control, actor, control_let) : result;
}

static void interrupt(struct control *control, struct control_actor *actor)
{
	(void)control;
	control_change(actor, CONTROL_RUNS);
	tracer_interrupt(actor->task);
}

enum control_result control_interrupt(struct control *control, unsigned number)
{
	struct control_actor *actor = control_actor(control, number);

	if (actor == NULL || actor->doing != CONTROL_BEFORE)
		return CONTROL_NOBODY;
	return move(control, actor, interrupt);
}

enum control_result control_step(struct control *control, unsigned number, unsigned *stepped)
{
	struct control_actor *actor = control_actor(control, number);
	enum control_result result;

	control_settle(control, 0);
	if (number == 0)
		actor = choose_or_wait(control);
	if (actor == NULL)
		return CONTROL_NOBODY;
	if (stepped != NULL)
		*stepped = actor->task->number;
	result = control_move(control, actor);
	if (result == CONTROL_DONE || result == CONTROL_GOES_ON)
		control_add_step(control, (int)actor->task->number);
	return result;
}

void control_settle(struct control *control, int64_t ns)
{
	int64_t end = monotonic_ns() + ns;

	do
		while (control_pump(control, 0))
			continue;
	while (monotonic_ns() < end && control_pump(control, end - monotonic_ns()));
	control_look(control);
}

bool control_waits_for_family(const struct control_actor *actor)
{
	const struct call *call = &actor->task->call;

	if (actor->doing == CONTROL_SLEEPS) /* the caller asked for a stop before the wait */
		return call->kind == CALL_OTHER &&
		       (call->number == SYS_wait4 || call->number == SYS_waitid);
	return actor->doing == CONTROL_ELSEWHERE &&
	       (actor->elsewhere == SYS_wait4 || actor->elsewhere == SYS_waitid ||
		       actor->elsewhere == SYS_futex);
}

bool control_sleeps_for_good(const struct control_actor *actor)
{
	return actor->doing == CONTROL_SLEEPS && !control_waits_for_family(actor) &&
	       actor->task->call.timeout_ns == CALL_FOREVER;
}

/* True if all living actors sleep in calls that only another one of them could end. */
static bool is_stuck(struct control *control)
{
	control_look(control);
	for (size_t i = 0; i < control->count; i++) {
		const struct control_actor *actor = control->actors[i];

		if (actor == NULL || actor->doing == CONTROL_ENDED)
			continue;
		if (!control_sleeps_for_good(actor) && !control_waits_for_family(actor))
			return false;
	}
	return true;
}

enum control_result control_run(struct control *control, int64_t ns)
{
	int64_t end = monotonic_ns() + ns, left;
	enum control_result result = CONTROL_GOES_ON;

	control->runs = true;
	for (size_t i = 0; i < control->count; i++) {
		struct control_actor *actor = control->actors[i];

		if (!can_step(actor))
			continue;
		if (actor->doing == CONTROL_BEFORE)
			control_add_step(control, (int)actor->task->number);
		control_let(control, actor);
	}
	while (result == CONTROL_GOES_ON && (left = end - monotonic_ns()) > 0) {
		bool happened = control_pump(control, left < STUCK_NS ? left : STUCK_NS);

		if (control->is_crowded)
			result = control_refuse_crowd(control);
		else if (tracer_alive(control->tracer) == 0 ||
			 (!happened && left > STUCK_NS && is_stuck(control)))
			result = CONTROL_DONE;
	}
	control->runs = false;
	if (result != CONTROL_TOO_MANY)
		control_settle(control, 0);
	return result;
}

enum control_result control_kill(struct control *control, unsigned number)
{
	struct control_actor *actor = control_actor(control, number);
	int64_t end = monotonic_ns() + DEATH_NS;

	if (actor == NULL || actor->task->state == TRACER_ENDED)
		return CONTROL_NOBODY;
	for (size_t i = 0; i < control->count; i++)
		if (control->actors[i] != NULL && control->actors[i]->task->pid == actor->task->pid)
			control->actors[i]->was_killed = true;
	control_add_step(control, -(int)number);
	tracer_kill(control->tracer, actor->task->pid);
	tracer_resume(control->tracer, actor->task);
	while ((actor->task->state != TRACER_ENDED || control_has_siblings(control, actor)) &&
		monotonic_ns() < end)
		control_pump(control, GLANCE_MOST);
	/* Actors woken by its undo stop after their calls. */
	control_settle(control, GLANCE_NS * 10);
	return CONTROL_DONE;
}

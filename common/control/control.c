/* control.c - see control.h. */
#include "control.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "control/filter.h"
#include "control/made.h"
#include "sysv/users.h"

#define ELSEWHERE_NS                                                                               \
	INT64_C(150000000) /* so long a step waits for a sleep that is no call of ours */
#define COMPUTES_NS INT64_C(2000000000) /* and so long for one that computes */
#define GLANCE_NS   INT64_C(100000)     /* between two looks whether it sleeps, at first */
#define GLANCE_MOST INT64_C(10000000)
#define STUCK_NS    INT64_C(50000000) /* nothing happened for so long: do all sleep? */
#define DEATH_NS    INT64_C(10000000000)

/* A signal may wake one that called these, so that no deadlock of it is certain. */
static const int timer_calls[] = {
#ifdef SYS_alarm
	SYS_alarm,
#endif
	SYS_setitimer,
	SYS_timer_settime,
};

struct control {
	struct tracer *tracer;
	struct control_options options;
	int calls_to_stop[FILTER_CALLS_MAX];
	struct control_actor **actors; /* by number - 1 */
	size_t count;
	struct lines **lines; /* by number - 1; of processes: by their first thread's number */
	struct ledger ledger;
	struct made made;
	struct sysv_values values;
	uint64_t calls;
	int *schedule;
	size_t steps, steps_room;
	bool runs;       /* control_run(): nobody is held */
	unsigned moving; /* whose step it is; 0: nobody's */
	unsigned last;   /* whose the last step was */
	bool is_crowded;
	char reason[TRACER_REASON_MAX];
};

/* ---- actors -------------------------------------------------------------------------------- */

static void change(struct control_actor *actor, enum control_doing doing)
{
	if (actor->doing != doing)
		actor->since_ns = tracer_now_ns();
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

/* The actor of a task; made at its first event. */
static struct control_actor *actor_of(struct control *control, struct tracer_task *task)
{
	struct control_actor **actors, *actor;
	struct lines **lines;

	if (task->data != NULL)
		return task->data;
	actor = calloc(1, sizeof(*actor));
	actors = reallocarray(control->actors, task->number, sizeof(struct control_actor *));
	if (actors != NULL)
		control->actors = actors;
	lines = reallocarray(control->lines, task->number, sizeof(struct lines *));
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
	actor->since_ns = tracer_now_ns();
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
		lines_destroy(control->lines[i]);
		control->lines[i] = NULL;
	}
}

/* Whether another thread of its process lives. */
static bool has_siblings(const struct control *control, const struct control_actor *actor)
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
	for (size_t i = 0; i < sizeof(timer_calls) / sizeof(timer_calls[0]); i++)
		if (call->number == timer_calls[i])
			return true;
	return false;
}

/* ---- events -------------------------------------------------------------------------------- */

/* Whether this task may go on from where it stands without being asked. */
static bool is_free(const struct control *control, const struct tracer_task *task)
{
	return control->runs || control->moving == task->number;
}

static void let(struct control *control, struct control_actor *actor)
{
	/* Not when it came to stand there: another one may have removed the object since. */
	if (actor->task->state == TRACER_STANDS_BEFORE && !actor->is_passed)
		actor->creates = made_is_new(&actor->task->call);
	change(actor, CONTROL_RUNS);
	tracer_resume(control->tracer, actor->task);
}

static bool add_step(struct control *control, int step)
{
	if (control->steps == control->steps_room) {
		size_t room = 2 * control->steps_room + 64;
		int *schedule = reallocarray(control->schedule, room, sizeof(*schedule));

		if (schedule == NULL)
			return false;
		control->schedule = schedule;
		control->steps_room = room;
	}
	control->schedule[control->steps++] = step;
	return true;
}

/* Whether this call is a step, or goes on at once. */
static enum control_treatment treat(struct control *control, struct control_actor *actor)
{
	enum control_treatment treatment = CONTROL_LET_THROUGH;

	if (is_timer(&actor->task->call))
		actor->has_timer = true;
	if (control->options.treat != NULL)
		treatment = control->options.treat(control->options.data, actor);
	return actor->task->call.kind != CALL_OTHER ? CONTROL_HOLD : treatment;
}

static void stands_before(struct control *control, struct control_actor *actor)
{
	actor->is_passed = treat(control, actor) == CONTROL_LET_THROUGH;
	if (actor->is_passed) {
		let(control, actor);
		return;
	}
	place_keep(&actor->place, actor->task);
	change(actor, CONTROL_BEFORE);
	if (!control->runs)
		return;
	add_step(control, (int)actor->task->number);
	let(control, actor);
}

/* Of its operations, of which there may be 500, only those that it has. */
static void copy_call(struct call *to, const struct call *from)
{
	uint32_t count = from->count < CALL_OPERATIONS_MAX ? from->count : CALL_OPERATIONS_MAX;

	memcpy(to, from, offsetof(struct call, operations) + count * sizeof(from->operations[0]));
}

static void stands_after(struct control *control, struct control_actor *actor)
{
	int64_t took = tracer_now_ns() - actor->since_ns;

	if (actor->is_passed) {
		let(control, actor);
		return;
	}
	actor->took_ns = took;
	copy_call(&actor->done, &actor->task->call);
	actor->has_done = true;
	actor->blocked_at = CONTROL_UNKNOWN;
	ledger_note(&control->ledger, actor->task->pid, &actor->task->call, &actor->place,
		++control->calls);
	made_note(&control->made, &actor->task->call, actor->creates);
	change(actor, CONTROL_WOKEN);
	if (is_free(control, actor->task))
		let(control, actor);
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
		change(actor, CONTROL_BEGINS);
		if (event->task->parent == 0)
			tell_loaded(control, event->task);
		/* Its parent sleeps until it calls exec: nobody could step that parent. */
		if (control->runs || event->task->is_vfork)
			let(control, actor);
		break;
	case TRACER_EXECED:
		forget_lines(control, actor);
		sysv_process_name(actor->task->pid, actor->name);
		change(actor, CONTROL_BEGINS);
		tell_loaded(control, event->task);
		let(control, actor);
		break;
	case TRACER_BEFORE: stands_before(control, actor); break;
	case TRACER_AFTER: stands_after(control, actor); break;
	case TRACER_LAST:
		change(actor, CONTROL_BEFORE_END);
		if (control->runs || actor->was_killed)
			tracer_resume(control->tracer, actor->task);
		break;
	case TRACER_END:
		change(actor, CONTROL_ENDED);
		if (!has_siblings(control, actor)) {
			ledger_forget(&control->ledger, actor->task->pid);
			forget_lines(control, actor);
		}
		break;
	}
}

/* Takes one event within `ns`; false: there was none. */
static bool pump(struct control *control, int64_t ns)
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
	for (int64_t end = tracer_now_ns() + DEATH_NS;
		tracer_alive(control->tracer) > 0 && tracer_now_ns() < end;)
		pump(control, GLANCE_MOST);
}

static enum control_result refuse_crowd(struct control *control)
{
	kill_all(control);
	snprintf(control->reason, sizeof(control->reason),
		"more than %u processes and threads at once: all were killed; does it fork without end?",
		control->options.tasks_max);
	return CONTROL_TOO_MANY;
}

/* ---- looking ------------------------------------------------------------------------------- */

/* In which operation of its array it sleeps, by the values of this moment. */
static void find_block(struct control *control, struct control_actor *actor)
{
	const struct call *call = &actor->task->call;
	size_t at = 0;
	int count;

	actor->blocked_at = CONTROL_UNKNOWN;
	if (call->kind != CALL_SEMOP || call->count > CALL_OPERATIONS_MAX || call->is_unreadable)
		return;
	count = sysv_values_read(&control->values, call->id);
	if (count < 0 || sysv_array_apply(control->values.values, (size_t)count, call->operations,
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
		change(actor, CONTROL_STOPPED);
		return;
	}
	if (task->state != TRACER_RUNS && task->state != TRACER_IN_CALL)
		return;
	if (!tracer_sleeps(task, &call)) {
		change(actor, CONTROL_RUNS);
	} else if (task->state == TRACER_IN_CALL) {
		change(actor, CONTROL_SLEEPS);
		find_block(control, actor);
	} else {
		change(actor, CONTROL_ELSEWHERE);
		actor->elsewhere = call;
	}
}

void control_look(struct control *control)
{
	for (size_t i = 0; i < control->count; i++)
		if (control->actors[i] != NULL)
			look_at(control, control->actors[i]);
}

size_t control_count(const struct control *control)
{
	return control->count;
}

struct control_actor *control_actor(struct control *control, unsigned number)
{
	return number >= 1 && number <= control->count ? control->actors[number - 1] : NULL;
}

const struct ledger *control_ledger(const struct control *control)
{
	return &control->ledger;
}

unsigned control_alive(const struct control *control)
{
	return tracer_alive(control->tracer);
}

size_t control_left(const struct control *control)
{
	return control->made.count;
}

size_t control_steps(const struct control *control)
{
	return control->steps;
}

uint64_t control_calls(const struct control *control)
{
	return control->calls;
}

const int *control_schedule(const struct control *control, size_t *count)
{
	*count = control->steps;
	return control->schedule;
}

int control_descriptor(const struct control *control)
{
	return tracer_descriptor(control->tracer);
}

const char *control_reason(const struct control *control)
{
	return control->reason;
}

size_t control_lines(struct control *control, struct control_actor *actor,
	const struct place *place, struct place_line found[PLACE_FRAMES])
{
	struct lines **lines = &control->lines[actor->task->number - 1];

	if (*lines == NULL)
		*lines = lines_create(actor->task->pid);
	return lines_find(*lines, place, found);
}

/* ---- acting -------------------------------------------------------------------------------- */

static bool can_step(const struct control_actor *actor)
{
	return actor != NULL && tracer_stands(actor->task);
}

/* The next one in turn that stands. NULL: nobody does. */
static struct control_actor *choose(struct control *control)
{
	for (size_t i = 0; i < control->count; i++) {
		struct control_actor *actor = control->actors[(control->last + i) % control->count];

		if (can_step(actor))
			return actor;
	}
	return NULL;
}

/* Whether it sleeps for a time: it comes to its next call by itself. */
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

/* Whether one is on its way to a stop: woken by the last step, or by the clock, it stands in a moment. */
static bool is_one_moving(const struct control *control)
{
	for (size_t i = 0; i < control->count; i++) {
		const struct control_actor *actor = control->actors[i];

		if (actor != NULL && (actor->doing == CONTROL_RUNS || has_alarm_clock(actor)))
			return true;
	}
	return false;
}

/* The next one in turn; while nobody stands, waits for those that move. NULL: nobody will. */
static struct control_actor *choose_or_wait(struct control *control)
{
	int64_t end = tracer_now_ns() + COMPUTES_NS;
	struct control_actor *actor;

	while ((actor = choose(control)) == NULL && is_one_moving(control) &&
		tracer_now_ns() < end) {
		pump(control, GLANCE_MOST);
		control_look(control);
	}
	return actor;
}

/* Whether the step of this actor is over: it stands again, sleeps or has ended. */
static bool is_settled(const struct control_actor *actor)
{
	return actor->doing != CONTROL_RUNS && actor->doing != CONTROL_ELSEWHERE;
}

/* Until it stands again, sleeps in its call, has ended, or takes too long. */
static enum control_result follow(struct control *control, struct control_actor *actor)
{
	int64_t glance = control->options.glance_ns;

	while (!is_settled(actor)) {
		if (control->is_crowded)
			return refuse_crowd(control);
		if (pump(control, glance)) {
			glance = control->options.glance_ns;
			continue;
		}
		look_at(control, actor);
		if (tracer_now_ns() - actor->since_ns >
			(actor->doing == CONTROL_ELSEWHERE ? ELSEWHERE_NS
							   : control->options.patience_ns))
			return CONTROL_GOES_ON;
		glance = glance * 2 < GLANCE_MOST ? glance * 2 : GLANCE_MOST;
	}
	return control->is_crowded ? refuse_crowd(control) : CONTROL_DONE;
}

/* One that sleeps elsewhere or computes comes to its next call by itself. */
static enum control_result await(struct control *control, struct control_actor *actor)
{
	int64_t end = tracer_now_ns() + COMPUTES_NS;

	while (!can_step(actor)) {
		look_at(control, actor);
		if (actor->doing == CONTROL_SLEEPS)
			return CONTROL_ASLEEP;
		if (actor->doing == CONTROL_ENDED)
			return CONTROL_NOBODY;
		if (tracer_now_ns() > end)
			return CONTROL_GOES_ON;
		pump(control, GLANCE_MOST);
	}
	return CONTROL_DONE;
}

/* Without an entry in the schedule. */
static enum control_result move(struct control *control, struct control_actor *actor)
{
	enum control_result result = await(control, actor);

	if (result != CONTROL_DONE)
		return result;
	control->moving = actor->task->number;
	control->last = actor->task->number;
	let(control, actor);
	result = follow(control, actor);
	control->moving = 0;
	if (result != CONTROL_TOO_MANY)
		control_settle(control, 0);
	return result;
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
	result = move(control, actor);
	if (result == CONTROL_DONE || result == CONTROL_GOES_ON)
		add_step(control, (int)actor->task->number);
	return result;
}

void control_settle(struct control *control, int64_t ns)
{
	int64_t end = tracer_now_ns() + ns;

	do
		while (pump(control, 0))
			continue;
	while (tracer_now_ns() < end && pump(control, end - tracer_now_ns()));
	control_look(control);
}

/* Whether all that live sleep in calls that only another one of them could end. */
static bool is_stuck(struct control *control)
{
	control_look(control);
	for (size_t i = 0; i < control->count; i++) {
		const struct control_actor *actor = control->actors[i];

		if (actor == NULL || actor->doing == CONTROL_ENDED)
			continue;
		if (actor->doing == CONTROL_SLEEPS && actor->task->call.timeout_ns < 0)
			continue;
		if (actor->doing == CONTROL_ELSEWHERE &&
			(actor->elsewhere == SYS_wait4 || actor->elsewhere == SYS_waitid ||
				actor->elsewhere == SYS_futex))
			continue;
		return false;
	}
	return true;
}

enum control_result control_run(struct control *control, int64_t ns)
{
	int64_t end = tracer_now_ns() + ns, left;
	enum control_result result = CONTROL_GOES_ON;

	control->runs = true;
	for (size_t i = 0; i < control->count; i++) {
		struct control_actor *actor = control->actors[i];

		if (!can_step(actor))
			continue;
		if (actor->doing == CONTROL_BEFORE)
			add_step(control, (int)actor->task->number);
		let(control, actor);
	}
	while (result == CONTROL_GOES_ON && (left = end - tracer_now_ns()) > 0) {
		bool happened = pump(control, left < STUCK_NS ? left : STUCK_NS);

		if (control->is_crowded)
			result = refuse_crowd(control);
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
	int64_t end = tracer_now_ns() + DEATH_NS;

	if (actor == NULL || actor->task->state == TRACER_ENDED)
		return CONTROL_NOBODY;
	for (size_t i = 0; i < control->count; i++)
		if (control->actors[i] != NULL && control->actors[i]->task->pid == actor->task->pid)
			control->actors[i]->was_killed = true;
	add_step(control, -(int)number);
	tracer_kill(control->tracer, actor->task->pid);
	tracer_resume(control->tracer, actor->task);
	while ((actor->task->state != TRACER_ENDED || has_siblings(control, actor)) &&
		tracer_now_ns() < end)
		pump(control, GLANCE_MOST);
	/* Those that its undo woke come to stand behind their calls. */
	control_settle(control, GLANCE_NS * 10);
	return CONTROL_DONE;
}

/* ---- beginning and again ------------------------------------------------------------------- */

static void end_all(struct control *control)
{
	tracer_destroy(control->tracer);
	control->tracer = NULL;
	for (size_t i = 0; i < control->count; i++) {
		lines_destroy(control->lines[i]);
		free(control->actors[i]);
	}
	control->count = 0;
	control->calls = 0;
	control->last = 0;
	control->is_crowded = false;
	ledger_end(&control->ledger);
}

struct control_actor *control_begin(struct control *control, size_t program)
{
	const struct tracer_program *started = &control->options.programs[program];
	char reason[TRACER_REASON_MAX];
	struct control_actor *actor;
	bool is_started =
		control->options.frozen != NULL
			? tracer_thaw(control->tracer, &control->options.frozen[program], reason)
			: tracer_start(control->tracer, started, reason);
	if (!is_started) {
		snprintf(control->reason, sizeof(control->reason), "%.100s: %.150s",
			started->argv[0], reason);
		return NULL;
	}
	/* The tracer numbers what it starts: one that is started again is none of those. */
	tracer_task(control->tracer, tracer_task_count(control->tracer) - 1)->program =
		(unsigned)program;
	while (pump(control, 0))
		continue;
	actor = control->count > 0 ? control->actors[control->count - 1] : NULL;
	if (actor != NULL && actor->doing == CONTROL_BEGINS &&
		move(control, actor) == CONTROL_TOO_MANY)
		return NULL;
	return actor;
}

/* Starts every program, and lets each come to before its first call, one after the other. */
static bool begin_all(struct control *control)
{
	const size_t timers = sizeof(timer_calls) / sizeof(timer_calls[0]);
	const struct tracer_options options = {
		.calls = control->calls_to_stop,
		.call_count = timers + control->options.call_count,
		.tasks_max = control->options.tasks_max,
	};

	memcpy(control->calls_to_stop, timer_calls, sizeof(timer_calls));
	if (control->options.call_count > 0)
		memcpy(control->calls_to_stop + timers, control->options.calls,
			control->options.call_count * sizeof(int));
	if (!tracer_create(&control->tracer, &options, control->reason))
		return false;
	for (size_t i = 0; i < control->options.program_count; i++)
		if (control_begin(control, i) == NULL)
			return false;
	control->last = 0;
	return true;
}

bool control_create(struct control **created, const struct control_options *options,
	char reason[TRACER_REASON_MAX])
{
	struct control *control = calloc(1, sizeof(*control));

	*created = NULL;
	if (control == NULL || sysv_values_begin(&control->values) != 0) {
		snprintf(reason, TRACER_REASON_MAX, "not enough memory");
		free(control);
		return false;
	}
	control->options = *options;
	if (control->options.tasks_max == 0)
		control->options.tasks_max = TRACER_TASKS_MAX;
	if (control->options.patience_ns == 0)
		control->options.patience_ns = COMPUTES_NS;
	if (control->options.glance_ns == 0)
		control->options.glance_ns = GLANCE_NS;
	if (begin_all(control)) {
		*created = control;
		return true;
	}
	snprintf(reason, TRACER_REASON_MAX, "%s", control->reason);
	control_destroy(control);
	return false;
}

void control_destroy(struct control *control)
{
	if (control == NULL)
		return;
	end_all(control);
	made_end(&control->made);
	sysv_values_end(&control->values);
	free(control->actors);
	free(control->lines);
	free(control->schedule);
	free(control);
}

bool control_freeze(struct control *control, struct frozen *frozen)
{
	if (control->count != control->options.program_count)
		return false;
	for (size_t i = 0; i < control->count; i++)
		if (control->actors[i] == NULL || control->actors[i]->doing != CONTROL_BEFORE ||
			control->actors[i]->has_done)
			return false;
	for (size_t i = 0; i < control->count; i++)
		tracer_freeze(control->tracer, control->actors[i]->task, &frozen[i]);
	return true;
}

void control_clean(struct control *control)
{
	end_all(control);
	made_remove(&control->made);
}

enum control_result control_restart(struct control *control)
{
	control_clean(control);
	control->steps = 0;
	return begin_all(control) ? CONTROL_DONE : CONTROL_FAILED;
}

enum control_result control_replay(struct control *control, const int *schedule, size_t count)
{
	int *copy = calloc(count + 1, sizeof(*copy));
	enum control_result result = copy != NULL ? CONTROL_DONE : CONTROL_FAILED;

	if (copy != NULL && count > 0)
		memcpy(copy, schedule, count * sizeof(*copy));
	if (result == CONTROL_DONE)
		result = control_restart(control);
	for (size_t i = 0; i < count && result == CONTROL_DONE; i++) {
		unsigned number = (unsigned)abs(copy[i]);

		result = copy[i] < 0 ? control_kill(control, number)
				     : control_step(control, number, NULL);
		if (result == CONTROL_GOES_ON)
			result = CONTROL_DONE;
		if (result == CONTROL_NOBODY || result == CONTROL_ASLEEP) {
			snprintf(control->reason, sizeof(control->reason),
				"step %zu of the same steps: P%u %s; the programs do not repeat "
				"themselves (time, random numbers, other processes)",
				i + 1, number,
				result == CONTROL_ASLEEP ? "sleeps this time"
							 : "is not there this time");
			result = CONTROL_DIVERGED;
		}
	}
	free(copy);
	return result;
}

enum control_result control_back(struct control *control)
{
	if (control->steps == 0)
		return CONTROL_NOBODY;
	return control_replay(control, control->schedule, control->steps - 1);
}

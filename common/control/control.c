/* control.c - see control.h. */
#include "control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/translate.h"
#include "control_parts.h"

/* ---- what it holds --------------------------------------------------------------------------- */

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

bool control_has_failed(const struct control *control)
{
	return tracer_has_failed(control->tracer);
}

size_t control_left(const struct control *control)
{
	return control->created.count;
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

const char *control_reason(const struct control *control)
{
	return control->reason;
}

static struct source_lines *lines_of(struct control *control, const struct control_actor *actor)
{
	struct source_lines **lines = &control->lines[actor->task->number - 1];

	if (*lines == NULL)
		*lines = source_lines_create(actor->task->pid);
	return *lines;
}

size_t control_lines(struct control *control, struct control_actor *actor,
	const struct call_site *place, struct source_line found[SOURCE_LINE_FRAMES])
{
	return source_lines_find(lines_of(control, actor), place, found);
}

char *control_library(struct control *control, struct control_actor *actor,
	const struct call_site *place, char text[SOURCE_LINE_LIBRARY_MAX])
{
	return source_lines_library(lines_of(control, actor), place, text);
}

/* ---- beginning and again ------------------------------------------------------------------- */

static void end_all(struct control *control)
{
	tracer_destroy(control->tracer);
	control->tracer = NULL;
	for (size_t i = 0; i < control->count; i++) {
		source_lines_destroy(control->lines[i]);
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
	/*
	 * The tracer numbers the programs that it starts: a program that is started again gets a
	 * new number.
	 */
	tracer_task(control->tracer, tracer_task_count(control->tracer) - 1)->program =
		(unsigned)program;
	while (control_pump(control, 0))
		continue;
	actor = control->count > 0 ? control->actors[control->count - 1] : NULL;
	if (actor != NULL && actor->doing == CONTROL_BEGINS &&
		control_move(control, actor) == CONTROL_TOO_MANY)
		return NULL;
	return actor;
}

/* Starts the programs one after the other, each up to its first call. */
static bool begin_all(struct control *control)
{
	const size_t timers = CONTROL_TIMERS;
	const struct tracer_options options = {
		.observe = control->options.accessed != NULL ? control_observe : NULL,
		.data = control,
		.calls = control->calls_to_stop,
		.call_count = timers + control->options.call_count,
		.tasks_max = control->options.tasks_max,
	};

	memcpy(control->calls_to_stop, control_timers, sizeof(control_timers));
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
		snprintf(reason, TRACER_REASON_MAX, _("not enough memory"));
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
	*created = control; /* the hooks are called from now on */
	if (begin_all(control))
		return true;
	*created = NULL;
	snprintf(reason, TRACER_REASON_MAX, "%s", control->reason);
	control_destroy(control);
	return false;
}

void control_destroy(struct control *control)
{
	if (control == NULL)
		return;
	end_all(control);
	created_objects_end(&control->created);
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
	created_objects_remove(&control->created);
}

void control_end(struct control *control)
{
	bool have_ended = true;

	for (size_t i = 0; control != NULL && i < control->count; i++)
		have_ended &=
			control->actors[i] != NULL && control->actors[i]->doing == CONTROL_ENDED;
	if (!have_ended)
		control_clean(control);
	control_destroy(control);
}

enum control_result control_restart(struct control *control)
{
	control_clean(control);
	control->steps = 0;
	return begin_all(control) ? CONTROL_DONE : CONTROL_FAILED;
}

/* Starts all programs again and executes these steps. */
static enum control_result replay(struct control *control, const int *schedule, size_t count)
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
				_("step %zu of the repetition: P%u %s; the programs behave "
				  "differently each time (time, random numbers, other processes)"),
				i + 1, number,
				result == CONTROL_ASLEEP ? _("sleeps this time")
							 : _("does not exist this time"));
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
	return replay(control, control->schedule, control->steps - 1);
}

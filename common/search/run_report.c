/*
 * run_report.c - describes a run in words: one line per step, and a sentence that says what is
 * wrong.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/translate.h"
#include "control/verdict.h"
#include "run.h"

void run_say(struct execution *execution, const char *format, ...)
{
	struct report *report = execution->report;
	size_t room = REPORT_TEXT - report->text_length;
	va_list arguments;
	int length;

	if (!execution->job->is_told)
		return;
	va_start(arguments, format);
	length = vsnprintf(report->text + report->text_length, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		report->text_length +=
			(uint32_t)((size_t)length < room ? (size_t)length : room - 1);
}

char *run_place(struct execution *execution, unsigned actor, char text[SOURCE_LINE_TEXT_MAX])
{
	struct control_actor *standing = control_actor(execution->control, actor);
	struct source_line lines[SOURCE_LINE_FRAMES];
	char raw[SOURCE_LINE_TEXT_MAX];
	size_t count;

	text[0] = '\0';
	if (!execution->job->is_told || standing->doing == CONTROL_ENDED)
		return text;
	count = control_lines(execution->control, standing, &standing->place, lines);
	if (count > 0)
		snprintf(text, SOURCE_LINE_TEXT_MAX, " %.300s",
			source_line_text(lines, count, raw));
	return text;
}

static const char *say_call(struct execution *execution, const struct control_actor *actor,
	char text[CALL_TEXT_MAX])
{
	switch (actor->doing) {
	case CONTROL_BEGINS: return _("begins");
	case CONTROL_WOKEN: return _("goes on");
	case CONTROL_BEFORE_END: return _("ends");
	default:
		return call_text(&actor->task->call, execution->options.name,
			execution->options.name_data, text);
	}
}

void run_say_step(struct execution *execution, struct decision decision)
{
	const struct control_actor *actor = control_actor(execution->control, decision.actor);
	char text[CALL_TEXT_MAX];

	execution->place[0] = '\0';
	if (!execution->job->is_told || actor == NULL)
		return;
	run_say(execution, "%u\t%s\t", decision.actor, actor->name);
	switch (decision.kind) {
	case DECIDE_KILL: run_say(execution, "kill -9"); break;
	case DECIDE_KILL_AGAIN: run_say(execution, _("kill -9, and restart")); break;
	case DECIDE_SIGNAL: run_say(execution, _("its alarm goes off")); break;
	case DECIDE_INTERRUPT:
		run_say(execution, _("a signal arrives before: %s"),
			say_call(execution, actor, text));
		break;
	case DECIDE_EARLY:
		run_say(execution, _("%s, before any process sleeps"),
			say_call(execution, actor, text));
		break;
	default: run_say(execution, "%s", say_call(execution, actor, text)); break;
	}
	/*
	 * The result is appended later, but the place can be found only while the process is
	 * alive.
	 */
	if (actor->doing == CONTROL_BEFORE)
		run_place(execution, decision.actor, execution->place);
	run_say(execution, "\t%s", execution->place);
}

void run_say_result(struct execution *execution, const struct call *call)
{
	char text[128];

	if (execution->job->is_told)
		run_say(execution, "\t%s\n", call != NULL ? call_result_text(call, text) : "");
}

/* True if a signal that the program ignores has ended the call: the kernel makes it again. */
static bool is_restarted(const struct call *call)
{
	return call->result <= -512 && call->result >= -516; /* ERESTARTSYS and the like */
}

/* Lets all waiting actors into their calls, so that they really sleep. */
static bool let_them_sleep(struct execution *execution)
{
	for (unsigned number = 1; number <= control_count(execution->control); number++) {
		struct control_actor *actor = control_actor(execution->control, number);

		if (actor == NULL || actor->doing != CONTROL_BEFORE)
			continue;
		do
			control_step(execution->control, number, NULL);
		while (actor->doing == CONTROL_BEFORE && is_restarted(&actor->done));
		if (actor->doing != CONTROL_SLEEPS && actor->doing != CONTROL_ELSEWHERE) {
			run_unjudged(execution,
				_("P%u (%s) was expected to sleep, but the kernel let it continue"),
				number, actor->name);
			return false;
		}
	}
	control_look(execution->control);
	return true;
}

static void say_undone(struct execution *execution)
{
	for (size_t i = 0; i < execution->undone_count; i++) {
		const struct undone *undone = &execution->undone[i];
		char name[48];

		snprintf(name, sizeof(name), _("semaphore %u"), undone->semaphore);
		if (execution->options.name != NULL)
			execution->options.name(execution->options.name_data, undone->set,
				undone->semaphore, name, sizeof(name));
		run_say(execution,
			_(" When P%u ended, the kernel changed %s by −%d, because of "
			  "SEM_UNDO."),
			undone->actor, name, abs(undone->change));
	}
}

void run_say_stuck(struct execution *execution)
{
	struct verdict verdict = {.kind = VERDICT_NONE};

	if (!execution->job->is_told || !let_them_sleep(execution))
		return;
	verdict_find(&verdict, execution->control, execution->options.name,
		execution->options.name_data);
	run_say(execution, "%s",
		verdict.kind != VERDICT_NONE
			? verdict.text
			: _("All living processes wait, and none is left that could wake them."));
	say_undone(execution);
	run_say(execution, "\n");
}

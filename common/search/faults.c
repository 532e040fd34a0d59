/* faults.c - finds what a run shows that no correct program does. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/translate.h"
#include "run.h"

#define ASKS_MAX   8   /* identical questions in a row that count as busy waiting */
#define PASSES_MAX 100 /* times that others may take while one actor waits */

/* Records a fault, unless there is one already. true: it was recorded. */
static bool put_fault(struct execution *execution, enum fault_kind kind, unsigned actor,
	uint64_t signature)
{
	struct report *report = execution->report;

	if (report->fault.kind != FAULT_NONE || report->outcome == OUTCOME_UNJUDGED)
		return false;
	report->fault = (struct fault){.kind = kind,
		.actor = actor,
		.signature = action_mix(action_mix(signature, (uint64_t)kind), report->was_killed)};
	report->outcome = OUTCOME_FAULT;
	return true;
}

void run_unjudged(struct execution *execution, const char *format, ...)
{
	struct report *report = execution->report;
	va_list arguments;

	if (report->outcome == OUTCOME_UNJUDGED)
		return;
	report->outcome = OUTCOME_UNJUDGED;
	va_start(arguments, format);
	vsnprintf(report->reason, sizeof(report->reason), format, arguments);
	va_end(arguments);
}

static const struct control_actor *find(const struct execution *execution, unsigned number)
{
	return control_actor(execution->control, number);
}

/* Identifies the fault in every run: the program and what it was doing. */
static uint64_t signature_of(const struct execution *execution, unsigned actor,
	const struct call *call)
{
	return action_mix(find(execution, actor)->task->program, action_identity(call));
}

/* "P2 (consumer)" */
static const char *who(const struct execution *execution, unsigned actor, char text[64])
{
	snprintf(text, 64, "P%u (%s)", actor, find(execution, actor)->name);
	return text;
}

/* Records a fault about a call that has returned, and describes it. */
__attribute__((format(printf, 5, 6))) static void accuse(struct execution *execution,
	enum fault_kind kind, unsigned actor, const struct call *call, const char *format, ...)
{
	char name[64], words[256], place[SOURCE_LINE_TEXT_MAX], did[CALL_TEXT_MAX];
	va_list arguments;

	if (!put_fault(execution, kind, actor, signature_of(execution, actor, call)))
		return;
	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	run_say(execution, "%s: %s%s %s.\n", who(execution, actor, name),
		call_text(call, execution->options.name, execution->options.name_data, did),
		actor == execution->current ? execution->place : run_place(execution, actor, place),
		words);
}

/* ---- errors --------------------------------------------------------------------------------- */

static void judge_error(struct execution *execution, unsigned actor, const struct call *call)
{
	char answer[128];

	switch (call->result) {
	case -ERANGE:
	case -EFBIG:
	case -E2BIG:
	case -EFAULT:
	case -ENOSPC:
		accuse(execution, FAULT_ERROR, actor, call, _("fails: %s"),
			call_result_text(call, answer));
		break;
	default: break;
	}
}

/* Uses a removed object a second time, after a first call failed because of the removal. */
static void judge_removed(struct execution *execution, unsigned actor, const struct call *call)
{
	struct part *part = &execution->parts[actor];
	bool uses =
		call->kind == CALL_SEMOP || call->kind == CALL_MSGSND || call->kind == CALL_MSGRCV;

	if (!uses)
		return;
	if (call->result != -EIDRM && call->result != -EINVAL) {
		part->failed_id = -1;
	} else if (part->failed_id == call->id) {
		accuse(execution, FAULT_REMOVED, actor, call,
			_("uses a removed object again, although an earlier call failed because "
			  "of the removal"));
	} else {
		part->failed_id = call->id;
	}
}

/* ---- signals -------------------------------------------------------------------------------- */

/*
 * A semop() that failed with EINTR has taken nothing, so a V after it raises the semaphore too far.
 */
static void judge_interrupted(struct execution *execution, unsigned actor, const struct call *call)
{
	struct part *part = &execution->parts[actor];

	if (call->kind != CALL_SEMOP || call->count == 0 || call->count > CALL_OPERATIONS_MAX)
		return;
	if (call->result == -EINTR) {
		part->was_cut_short = true;
	} else if (part->was_cut_short && !part->is_in_handler && call->result == 0) {
		part->was_cut_short = false;
		if (call->operations[0].sem_op > 0)
			accuse(execution, FAULT_EINTR, actor, call,
				_("follows a semop that failed with EINTR and was not repeated: "
				  "the program went on without what it was waiting for"));
	}
}

/* ---- waiting wrongly ------------------------------------------------------------------------ */

/* True if the call only asks and changes nothing. */
static bool is_question(const struct call *call)
{
	switch (call->kind) {
	case CALL_SEMOP:
	case CALL_MSGSND:
	case CALL_MSGRCV: return call->result == -EAGAIN || call->result == -ENOMSG;
	case CALL_SEMGET:
	case CALL_SHMGET:
	case CALL_MSGGET: return call->result == -ENOENT;
	case CALL_SEMCTL:
		return call->command != SETVAL && call->command != SETALL &&
		       call->command != IPC_RMID && call->command != IPC_SET;
	case CALL_SHMCTL:
	case CALL_MSGCTL: return call->command != IPC_RMID && call->command != IPC_SET;
	default: return false;
	}
}

static void judge_question(struct execution *execution, unsigned actor, const struct call *call)
{
	struct part *part = &execution->parts[actor];
	uint64_t asked = action_mix(action_identity(call), (uint64_t)call->result);

	if (!is_question(call) || call->timeout_ns >= 0) {
		part->asks = 0;
		return;
	}
	part->asks = part->asked == asked ? part->asks + 1 : 1;
	part->asked = asked;
	if (part->asks < ASKS_MAX)
		return;
	part->is_yielded = true;
	accuse(execution, FAULT_BUSY, actor, call,
		_("returned the same result %d times in a row: this is busy waiting, "
		  "which takes the processor from the awaited process"),
		ASKS_MAX);
}

/*
 * Judges an actor that computes without a call, and stops doing so when another one has made a
 * step.
 */
void run_judge_spinning(struct execution *execution)
{
	for (unsigned number = 1;
		number <= control_count(execution->control) && number < ACTORS_MAX; number++) {
		const struct control_actor *actor = find(execution, number);
		char name[64];

		if (actor == NULL || !execution->parts[number].spins ||
			actor->doing == CONTROL_RUNS)
			continue;
		execution->parts[number].spins = false;
		if (put_fault(execution, FAULT_BUSY, number, actor->task->program))
			run_say(execution,
				_("%s computed for a while without a call, and went on only after "
				  "P%u had done something: it polls memory that another process "
				  "writes, and takes the processor from that process.\n"),
				who(execution, number, name), execution->current);
	}
}

/* Finds an actor that waits while others take what it waits for, again and again. */
static void judge_starving(struct execution *execution, unsigned actor, const struct call *call)
{
	bool takes = false;

	if (call->kind != CALL_SEMOP || call->result != 0 || call->count > CALL_OPERATIONS_MAX)
		return;
	for (uint32_t i = 0; i < call->count; i++)
		takes |= call->operations[i].sem_op < 0;
	for (unsigned number = 1; takes && number <= control_count(execution->control); number++) {
		struct control_actor *other = control_actor(execution->control, number);

		if (other == NULL || number == actor || (execution->alive & bit_of(number)) == 0 ||
			execution->actions[number].enabled != ACTION_WAITS ||
			other->task->call.kind != CALL_SEMOP)
			continue;
		if (++execution->parts[number].passes >= PASSES_MAX)
			accuse(execution, FAULT_STARVED, number, &other->task->call,
				_("could not proceed while the others took semaphores %d times: "
				  "it starves"),
				PASSES_MAX);
	}
}

/* ---- bounds --------------------------------------------------------------------------------- */

static void judge_bounds(struct execution *execution, unsigned actor, const struct call *call)
{
	int count = call->kind == CALL_SEMOP || call->kind == CALL_SEMCTL
			    ? run_values(execution, call->id)
			    : 0;

	for (int i = 0; i < count; i++) {
		char name[48];

		snprintf(name, sizeof(name), "%d", i);
		if (execution->options.name != NULL)
			execution->options.name(execution->options.name_data, call->id, (unsigned)i,
				name, sizeof(name));
		for (size_t j = 0; j < execution->options.bound_count; j++) {
			const struct execution_bound *bound = &execution->options.bounds[j];

			if (strcmp(bound->name, name) == 0 &&
				execution->values.values[i] > bound->most)
				accuse(execution, FAULT_BOUND, actor, call,
					_("raises %s to %u, above its bound of %u"), name,
					execution->values.values[i], bound->most);
		}
	}
}

void run_judge_call(struct execution *execution, unsigned actor, const struct call *call)
{
	judge_error(execution, actor, call);
	judge_removed(execution, actor, call);
	judge_interrupted(execution, actor, call);
	judge_question(execution, actor, call);
	judge_starving(execution, actor, call);
	if (execution->options.bound_count > 0)
		judge_bounds(execution, actor, call);
}

/* ---- ends ----------------------------------------------------------------------------------- */

/* True if it was ended by a signal that a fault in the program causes. Any other was sent to it. */
static bool is_crash(int status)
{
	static const int signals[] = {
		SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP, SIGXFSZ};

	for (size_t i = 0; WIFSIGNALED(status) && i < sizeof(signals) / sizeof(signals[0]); i++)
		if (WTERMSIG(status) == signals[i])
			return true;
	return false;
}

void run_judge_end(struct execution *execution, unsigned actor)
{
	const struct control_actor *ended = find(execution, actor);
	int status = ended->task->status;
	uint64_t signature = action_mix(ended->task->program, (uint64_t)status);
	char name[64];

	if (execution->parts[actor].was_killed || ended->task->is_thread)
		return;
	if (is_crash(status)) {
		if (put_fault(execution, FAULT_CRASH, actor, signature))
			run_say(execution, _("%s was ended by signal %d (%s).\n"),
				who(execution, actor, name), WTERMSIG(status),
				strsignal(WTERMSIG(status)));
	} else if (WIFEXITED(status) && WEXITSTATUS(status) != 0 &&
		   !execution->options.allows_failure && !execution->report->was_killed &&
		   ended->task->parent == 0) {
		if (put_fault(execution, FAULT_STATUS, actor, signature))
			run_say(execution, _("%s ended with exit status %d.\n"),
				who(execution, actor, name), WEXITSTATUS(status));
	}
}

/* The first offset at which the output differs from what is expected; -1: none. */
static int64_t find_difference(const struct execution *execution)
{
	const struct execution_options *options = &execution->options;
	size_t at = 0;
	char bytes[4096];

	for (size_t i = 0; i < options->program_count; i++) {
		off_t offset = 0;
		ssize_t count;

		while ((count = pread(execution->outputs[i], bytes, sizeof(bytes), offset)) > 0) {
			for (ssize_t j = 0; j < count; j++, at++)
				if (at >= options->expected_bytes ||
					options->expected[at] != bytes[j])
					return (int64_t)at;
			offset += count;
		}
	}
	return at == options->expected_bytes ? -1 : (int64_t)at;
}

static void judge_output(struct execution *execution)
{
	int64_t at = execution->options.expected != NULL ? find_difference(execution) : -1;
	int64_t line = 1;

	if (at < 0 || !put_fault(execution, FAULT_OUTPUT, 0, 0))
		return;
	for (int64_t i = 0; i < at; i++)
		if (i < (int64_t)execution->options.expected_bytes)
			line += execution->options.expected[i] == '\n';
	run_say(execution,
		_("All programs have ended, but their output is not the expected one: it first "
		  "differs in line %lld.\n"),
		(long long)line);
}

void run_judge_all_ended(struct execution *execution)
{
	size_t left = control_left(execution->control);

	if (execution->report->was_killed)
		return;
	judge_output(execution);
	if (left > 0 && !execution->options.allows_leftovers &&
		put_fault(execution, FAULT_LEFT, 0, 0))
		run_say(execution,
			ngettext(
				"All programs have ended, but %zu object that they created is still "
				"there: the next run will find old values, and nothing removes "
				"them.\n",
				"All programs have ended, but %zu objects that they created are still "
				"there: the next run will find old values, and nothing removes "
				"them.\n",
				left),
			left);
}

/* ---- nobody can go on ----------------------------------------------------------------------- */

/* True if the actor waits for a semaphore that was lowered when another one ended. */
static const struct undone *find_undone(const struct execution *execution, const struct call *call)
{
	for (size_t i = 0; i < execution->undone_count; i++) {
		const struct undone *undone = &execution->undone[i];

		for (uint32_t j = 0; j < call->count && j < CALL_OPERATIONS_MAX; j++)
			if (undone->set == call->id &&
				undone->semaphore == call->operations[j].sem_num &&
				call->operations[j].sem_op < 0)
				return undone;
	}
	return NULL;
}

void run_judge_stuck(struct execution *execution)
{
	enum fault_kind kind = FAULT_DEADLOCK;
	unsigned actor = 0, sleepers = 0;
	uint64_t signature = 0;

	for (unsigned number = 1; number <= control_count(execution->control); number++) {
		const struct control_actor *other = find(execution, number);
		const struct call *call = other != NULL ? &other->task->call : NULL;

		if (other == NULL)
			continue;
		if (other->doing == CONTROL_ENDED)
			continue;
		if (other->doing != CONTROL_BEFORE) {
			run_unjudged(execution,
				_("P%u (%s) %s, and all others wait for it or for each other: it "
				  "waits for something other than a System V object, which cannot "
				  "be seen here"),
				number, other->name,
				other->doing == CONTROL_ELSEWHERE
					? _("sleeps in another system call")
				: other->doing == CONTROL_STOPPED ? _("was stopped by a signal")
								  : _("computes without a call"));
			return;
		}
		if (call->kind == CALL_SEMOP && find_undone(execution, call) != NULL)
			kind = FAULT_UNDO;
		if (call->kind != CALL_OTHER && sleepers++ == 0)
			actor = number;
		signature += signature_of(execution, number, call);
	}
	if (kind == FAULT_DEADLOCK && sleepers <= 1)
		kind = FAULT_SLEEPS;
	if (put_fault(execution, kind, actor, signature))
		run_say_stuck(execution);
}

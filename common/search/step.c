/* step.c - carries out a decision and records the result. See run.h. */
#include <signal.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <time.h>

#include "base/translate.h"
#include "run.h"
#include "search/namespaces.h"
#include "sysv/semop_apply.h"

#define SIGNAL_NS  INT64_C(5000000) /* time for a process that another one has killed to end */
#define SPIN_NS    INT64_C(20000000)
#define SLEEPS_MAX 2     /* after this many sleeps in a row, others go first */
#define NAPS       10000 /* of a tenth of a millisecond */

/* Answers a call that the kernel must not execute itself. */
static void answer(struct execution *execution, struct control_actor *actor, bool is_early)
{
	const struct action *action = &execution->actions[actor->task->number];
	const struct call *call = &actor->task->call;
	struct part *part = &execution->parts[actor->task->number];
	int64_t ns = 0;

	if (actor->doing != CONTROL_BEFORE)
		return;
	part->is_removed = false;
	if (action->answer != 0) {
		if (call->timeout_ns > 0)
			execution->virtual.clock_ns += call->timeout_ns;
		tracer_answer(actor->task, action->answer);
	} else if (virtual_is_sleep(actor->task, &ns)) {
		execution->virtual.clock_ns += ns;
		tracer_answer(actor->task, 0);
	} else if (call->kind == CALL_SEMCTL &&
		   (call->command == GETNCNT || call->command == GETZCNT)) {
		tracer_answer(actor->task, is_early ? 0 : run_count_sleepers(execution, call));
	}
}

/* Marks actors that wait in a removed set or queue: the kernel would have woken them with EIDRM. */
static void note_removal(struct execution *execution, const struct call *call)
{
	bool is_queue = call->kind == CALL_MSGCTL;

	if ((call->kind != CALL_SEMCTL && !is_queue) || call->command != IPC_RMID ||
		call->result != 0)
		return;
	for (unsigned number = 1; number < ACTORS_MAX; number++) {
		const struct control_actor *actor = control_actor(execution->control, number);

		if (actor != NULL && (execution->alive & bit_of(number)) != 0 &&
			execution->actions[number].enabled == ACTION_WAITS &&
			(actor->task->call.kind == CALL_MSGSND ||
				actor->task->call.kind == CALL_MSGRCV) == is_queue &&
			actor->task->call.kind != CALL_OTHER && actor->task->call.id == call->id)
			execution->parts[number].is_removed = true;
	}
}

/* Notes the semaphores that will be lowered by the undo of this actor's process. */
static void note_undo(struct execution *execution, const struct control_actor *actor)
{
	const struct ledger *ledger = control_ledger(execution->control);

	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_entry *entry = &ledger->entries[i];

		if (entry->pid == actor->task->pid && entry->undo < 0 &&
			execution->undone_count < RUN_UNDONE)
			execution->undone[execution->undone_count++] = (struct undone){
				actor->task->number, entry->set, entry->semaphore, entry->undo};
	}
}

/* After several sleeps in a row, an actor lets others go first. */
static void note_yield(struct execution *execution, unsigned actor)
{
	struct part *part = &execution->parts[actor];

	for (unsigned number = 1; number < ACTORS_MAX; number++)
		if (number != actor) {
			execution->parts[number].is_yielded = false;
			execution->parts[number].sleeps = 0;
		}
	part->is_yielded = false;
	part->sleeps += execution->actions[actor].is_sleep;
	if (part->sleeps >= SLEEPS_MAX)
		part->is_yielded = true;
}

/* Predicts the values after the actor's semop. Returns their number; -1: there is no prediction. */
static int predict(struct execution *execution, const struct control_actor *actor,
	uint16_t predicted[64])
{
	const struct call *call = &actor->task->call;
	int count;

	if (actor->doing != CONTROL_BEFORE || call->kind != CALL_SEMOP ||
		execution->actions[actor->task->number].answer != 0 || call->is_unreadable)
		return -1;
	count = run_values(execution, call->id);
	if (count <= 0 || count > 64 || call->count > CALL_OPERATIONS_MAX ||
		sysv_semop_apply(execution->values.values, (size_t)count, call->operations,
			call->count, NULL) != SYSV_DONE)
		return -1;
	memcpy(predicted, execution->values.values, (size_t)count * sizeof(predicted[0]));
	return count;
}

/* Compares the kernel's values with the prediction: if they differ, no verdict would be valid. */
static void compare(struct execution *execution, const struct call *call, const uint16_t *predicted,
	int count)
{
	if (count < 0 || call->result != 0)
		return;
	if (run_values(execution, call->id) == count &&
		memcmp(predicted, execution->values.values, (size_t)count * sizeof(predicted[0])) ==
			0)
		return;
	run_unjudged(execution,
		_("the values of set %d do not follow from the programs' calls: a program that is "
		  "not under control also uses the set"),
		call->id);
}

/* True if the segment has no more attachments than those of `count` processes. */
static bool is_detached(int segment, unsigned count)
{
	struct shmid_ds status;

	return shmctl(segment, IPC_STAT, &status) != 0 || status.shm_nattch <= count;
}

/*
 * A process has ended. Its segments are usually detached by then; if another program such as ps is
 * reading its /proc/PID/maps, they are detached a moment later. The programs can see the difference
 * (shm_nattch), so wait until they are detached.
 */
static void forget_segments(struct execution *execution, pid_t pid)
{
	const struct attachments *attachments = &execution->attachments;
	const struct timespec nap = {.tv_nsec = 100000};

	for (size_t i = 0; i < attachments->count && !execution->has_strangers; i++) {
		const struct attachment *own = &attachments->list[i];
		unsigned others = 0;
		int naps = 0;

		if (own->pid != pid || own->segment < 0)
			continue;
		for (size_t j = 0; j < attachments->count; j++)
			others += attachments->list[j].segment == own->segment &&
				  attachments->list[j].pid != pid;
		while (!is_detached(own->segment, others) && naps++ < NAPS)
			nanosleep(&nap, NULL);
		execution->has_strangers = naps > NAPS;
	}
	attachments_forget(&execution->attachments, pid);
}

static void judge_ends(struct execution *execution, uint64_t alive)
{
	for (unsigned number = 1;
		number <= control_count(execution->control) && number < ACTORS_MAX; number++) {
		const struct control_actor *actor = control_actor(execution->control, number);

		if (actor == NULL || actor->doing != CONTROL_ENDED || (alive & bit_of(number)) == 0)
			continue;
		if (!actor->task->is_thread)
			forget_segments(execution, actor->task->pid);
		run_judge_end(execution, number);
	}
}

static void kill_one(struct execution *execution, struct decision decision)
{
	const struct control_actor *actor = control_actor(execution->control, decision.actor);

	execution->parts[decision.actor].was_killed = true;
	execution->report->was_killed = true;
	note_undo(execution, actor);
	control_kill(execution->control, decision.actor);
	forget_segments(execution, actor->task->pid);
	run_forget_values(execution);
	if (decision.kind == DECIDE_KILL_AGAIN &&
		control_begin(execution->control, actor->task->program) == NULL)
		run_unjudged(execution, "%s", control_reason(execution->control));
	execution->parts[decision.actor].history =
		action_mix(execution->parts[decision.actor].history, decision.kind);
}

/* If the call creates an object, its id depends only on those that were created before. */
static void set_next_id(const struct execution *execution, const struct control_actor *actor)
{
	const struct namespaces *namespaces = execution->options.namespaces;
	enum namespaces_kind kind;

	switch (actor->task->call.kind) {
	case CALL_SEMGET: kind = NAMESPACES_SEM; break;
	case CALL_SHMGET: kind = NAMESPACES_SHM; break;
	case CALL_MSGGET: kind = NAMESPACES_MSG; break;
	default: return;
	}
	if (namespaces != NULL && actor->doing == CONTROL_BEFORE)
		namespaces_next_id(namespaces, kind, execution->created + 1);
}

/* Why an actor sleeps in the kernel although it should have gone on. */
static const char *why_asleep(const struct control_actor *actor)
{
	return actor->is_passed
		       ? _("waits in another system call, such as a read from a pipe or poll(), which "
			   "cannot be judged: let it wait for a System V object, a child or a signal")
		       : _("was expected to continue, but the kernel let it sleep");
}

static void step(struct execution *execution, unsigned number, bool is_early)
{
	struct control_actor *actor = control_actor(execution->control, number);
	uint64_t calls = control_calls(execution->control);
	const struct call *call = NULL;
	uint16_t predicted[64];
	int count = predict(execution, actor, predicted);
	enum control_result result;

	answer(execution, actor, is_early);
	if (actor->doing == CONTROL_BEFORE_END) {
		note_undo(execution, actor);
		run_order_end(execution, actor);
	}
	if (actor->doing == CONTROL_BEFORE && actor->task->call.number == SYS_kill)
		virtual_send(&execution->virtual);
	execution->parts[number].is_in_handler = execution->virtual.actors[number].is_in_handler;
	set_next_id(execution, actor);
	run_forget_values(execution);
	result = control_step(execution->control, number, NULL);
	run_forget_values(execution);
	if (result == CONTROL_TOO_MANY || result == CONTROL_FAILED || result == CONTROL_NOBODY ||
		result == CONTROL_ASLEEP || actor->doing == CONTROL_SLEEPS) {
		run_unjudged(execution, "P%u (%s): %s", number, actor->name,
			result == CONTROL_TOO_MANY ? control_reason(execution->control)
						   : why_asleep(actor));
		return;
	}
	run_settle(execution);
	if (execution->virtual.sends)
		control_settle(execution->control, SIGNAL_NS);
	execution->virtual.sends = false;
	if (control_calls(execution->control) > calls && actor->has_done)
		call = &actor->done;
	run_say_result(execution, call);
	run_races_say(execution);
	run_add_history(execution, number, call);
	if (execution->options.watches && control_has_failed(execution->control))
		run_unjudged(execution, _("the segments of a program could not be protected"));
	if (call == NULL)
		return;
	execution->report->has_calls |= call->kind != CALL_OTHER;
	execution->created += actor->creates && call->result >= 0;
	compare(execution, call, predicted, count);
	if (call->kind == CALL_SEMGET && call->result >= 0)
		run_note_set(execution, number, call);
	if (!messages_note(&execution->messages, call))
		run_unjudged(execution, _("more than %d messages wait in the queues"),
			MESSAGES_MAX);
	note_removal(execution, call);
	run_judge_call(execution, number, call);
}

static void interrupt(struct execution *execution, unsigned number)
{
	if (control_interrupt(execution->control, number) == CONTROL_TOO_MANY)
		run_unjudged(execution, "%s", control_reason(execution->control));
	run_settle(execution);
	run_forget_values(execution);
	run_say_result(execution, NULL);
	execution->parts[number].history =
		action_mix(execution->parts[number].history, DECIDE_INTERRUPT);
}

/* Lets actors end if no other actor can notice it: such an end needs no step of its own. */
static void end_quietly(struct execution *execution)
{
	const struct ledger *ledger = control_ledger(execution->control);

	for (unsigned number = 1; number <= control_count(execution->control); number++) {
		const struct control_actor *actor = control_actor(execution->control, number);
		bool has_undo = false;

		if (actor == NULL || actor->doing != CONTROL_BEFORE_END)
			continue;
		for (size_t i = 0; i < ledger->count; i++)
			has_undo |= ledger->entries[i].pid == actor->task->pid &&
				    ledger->entries[i].undo != 0;
		if (actor->task->is_thread || (!has_undo && actor->task->parent == 0)) {
			control_step(execution->control, number, NULL);
			run_settle(execution);
			run_forget_values(execution);
		}
	}
}

/* An actor that polls memory would see a change at once. */
static void give_spinners_time(struct execution *execution)
{
	bool has_any = false;

	for (unsigned number = 1; number < ACTORS_MAX; number++)
		has_any |= (execution->alive & bit_of(number)) != 0 &&
			   number != execution->current && execution->parts[number].spins;
	if (has_any)
		control_settle(execution->control, SPIN_NS);
}

void run_act(struct execution *execution, struct decision decision)
{
	uint64_t alive = execution->alive;

	run_say_step(execution, decision);
	note_yield(execution, decision.actor);
	execution->current = decision.actor;
	switch (decision.kind) {
	case DECIDE_STEP:
	case DECIDE_EARLY: step(execution, decision.actor, decision.kind == DECIDE_EARLY); break;
	case DECIDE_INTERRUPT: interrupt(execution, decision.actor); break;
	case DECIDE_SIGNAL:
		execution->virtual.actors[decision.actor].has_alarm = false;
		execution->virtual.has_sent = true;
		kill(control_actor(execution->control, decision.actor)->task->pid, SIGALRM);
		run_say_result(execution, NULL);
		break;
	default:
		kill_one(execution, decision);
		run_say_result(execution, NULL);
		break;
	}
	give_spinners_time(execution);
	run_judge_spinning(execution);
	end_quietly(execution);
	run_meet_new(execution);
	judge_ends(execution, alive);
}

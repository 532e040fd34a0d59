/* verdict.c - see verdict.h. */
#include "verdict.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/translate.h"

/* The arguments of a judgement. */
struct trial {
	struct verdict *verdict;
	struct control *control;
	call_namer *name;
	void *data;
};

__attribute__((format(printf, 2, 3))) static void say(struct verdict *verdict, const char *format,
	...)
{
	size_t length = strlen(verdict->text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(verdict->text + length, VERDICT_TEXT - length, format, arguments);
	va_end(arguments);
}

/* ---- does everybody sleep? ------------------------------------------------------------------ */

/* VERDICT_NONE if one of them can continue by itself. */
static enum verdict_kind judge_actors(struct control *control)
{
	enum verdict_kind kind = VERDICT_NONE;

	for (unsigned number = 1; number <= control_count(control); number++) {
		const struct control_actor *actor = control_actor(control, number);

		if (actor == NULL || actor->doing == CONTROL_ENDED)
			continue;
		if (control_sleeps_for_good(actor))
			kind = kind == VERDICT_NONE ? VERDICT_CERTAIN : kind;
		else if (!control_waits_for_family(actor))
			return VERDICT_NONE;
	}
	for (unsigned number = 1; number <= control_count(control); number++) {
		const struct control_actor *actor = control_actor(control, number);

		if (actor != NULL && actor->doing != CONTROL_ENDED &&
			(actor->has_timer || actor->elsewhere == SYS_futex) && kind != VERDICT_NONE)
			kind = VERDICT_LOOKS_SO;
	}
	return kind;
}

static bool is_ours(struct control *control, pid_t pid)
{
	for (unsigned number = 1; number <= control_count(control); number++) {
		const struct control_actor *actor = control_actor(control, number);

		if (actor != NULL && actor->task->pid == pid)
			return true;
	}
	return false;
}

/*
 * True if the last process to operate on one of the set's semaphores is alive and not under
 * control.
 */
static bool has_stranger(struct control *control, int set)
{
	struct sysv_set status;
	struct sysv_waiters waiters;

	if (sysv_set_stat(set, &status) != 0)
		return true;
	for (uint32_t i = 0; i < status.count; i++)
		if (sysv_waiters_read(set, i, &waiters) != 0 ||
			(waiters.last > 0 && !is_ours(control, waiters.last) &&
				kill(waiters.last, 0) == 0))
			return true;
	return false;
}

/* ---- who could wake it? --------------------------------------------------------------------- */

static bool is_alive(const struct control_actor *actor)
{
	return actor != NULL && actor->doing != CONTROL_ENDED;
}

/* True if it sleeps until this semaphore is raised. */
static bool wants(const struct control_actor *actor, int set, uint32_t semaphore)
{
	const struct call *call = &actor->task->call;

	return actor->doing == CONTROL_SLEEPS && actor->blocked_at != CONTROL_UNKNOWN &&
	       call->id == set && call->operations[actor->blocked_at].sem_num == semaphore;
}

/*
 * The living actor, other than the waiter, that took from the semaphore; if there is none, one that
 * raises it, or the only other one left. 0: none.
 */
static unsigned find_giver(const struct trial *trial, const struct control_actor *waiter, int set,
	uint32_t semaphore, bool *is_held)
{
	unsigned raiser = 0, other = 0, others = 0;

	*is_held = false;
	for (unsigned number = 1; number <= control_count(trial->control); number++) {
		const struct control_actor *actor = control_actor(trial->control, number);
		const struct ledger_entry *entry;

		if (!is_alive(actor) || actor == waiter)
			continue;
		if (!wants(actor, set, semaphore))
			other = number;
		others++;
		entry = ledger_find(control_ledger(trial->control), actor->task->pid, set,
			semaphore);
		if (entry == NULL)
			continue;
		if (entry->balance < 0 && entry->raised == 0) {
			*is_held = true;
			return number;
		}
		if (entry->balance < 0) {
			*is_held = true;
			raiser = number;
		} else if (entry->raised > 0 && !*is_held) {
			raiser = number;
		}
	}
	if (raiser != 0)
		return raiser;
	return others == 1 ? other : 0;
}

static void add_edge(struct trial *trial, struct control_actor *waiter)
{
	const struct call *call = &waiter->task->call;
	struct verdict *verdict = trial->verdict;
	struct verdict_edge *edge;

	if (verdict->count == VERDICT_EDGES)
		return;
	edge = &verdict->edges[verdict->count++];
	*edge = (struct verdict_edge){
		.waiter = waiter->task->number, .id = call->id, .semaphore = CONTROL_UNKNOWN};
	if (waiter->blocked_at == CONTROL_UNKNOWN)
		return;
	edge->semaphore = call->operations[waiter->blocked_at].sem_num;
	edge->giver = find_giver(trial, waiter, call->id, edge->semaphore, &edge->is_held);
}

static const struct verdict_edge *edge_of(const struct verdict *verdict, unsigned waiter)
{
	for (size_t i = 0; i < verdict->count; i++)
		if (verdict->edges[i].waiter == waiter)
			return &verdict->edges[i];
	return NULL;
}

/* If there is a cycle, moves its edges to the front, in order, and drops the others. */
static void find_cycle(struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->count; i++) {
		struct verdict_edge cycle[VERDICT_EDGES];
		const struct verdict_edge *edge = &verdict->edges[i];
		size_t length = 0;

		while (edge != NULL && edge->giver != 0 && length < verdict->count) {
			cycle[length++] = *edge;
			if (edge->giver == verdict->edges[i].waiter) {
				memcpy(verdict->edges, cycle, length * sizeof(cycle[0]));
				verdict->count = length;
				verdict->is_cycle = true;
				return;
			}
			edge = edge_of(verdict, edge->giver);
		}
	}
}

/* ---- saying it ------------------------------------------------------------------------------ */

/* " at producer.c:17", or "" if it is not known. */
static void place_text(struct trial *trial, struct control_actor *actor,
	const struct call_site *place, char text[SOURCE_LINE_TEXT_MAX + 1])
{
	struct source_line lines[SOURCE_LINE_FRAMES];
	char where[SOURCE_LINE_TEXT_MAX];
	size_t count = control_lines(trial->control, actor, place, lines);

	text[0] = '\0';
	if (count > 0)
		snprintf(text, SOURCE_LINE_TEXT_MAX + 1, " %s",
			source_line_text(lines, count, where));
}

static void say_holder(struct trial *trial, const struct verdict_edge *edge)
{
	struct control_actor *giver = control_actor(trial->control, edge->giver);
	const struct ledger_entry *entry;
	char place[SOURCE_LINE_TEXT_MAX + 1];

	if (edge->giver == 0) {
		say(trial->verdict, _(", and no process is left that ever raised it"));
		return;
	}
	entry = ledger_find(control_ledger(trial->control), giver->task->pid, edge->id,
		edge->semaphore);
	if (edge->is_held) {
		place_text(trial, giver, &entry->taken, place);
		say(trial->verdict, _(", which P%u took%s and has not given back"), edge->giver,
			place);
	} else if (entry != NULL && entry->raised > 0) {
		say(trial->verdict, _(", which P%u raises"), edge->giver);
	} else {
		say(trial->verdict, _(" (only P%u can still raise it)"), edge->giver);
	}
}

static void say_edge(struct trial *trial, const struct verdict_edge *edge)
{
	struct control_actor *waiter = control_actor(trial->control, edge->waiter);
	const struct call *call = &waiter->task->call;
	char text[CALL_TEXT_MAX], label[48], place[SOURCE_LINE_TEXT_MAX + 1];

	place_text(trial, waiter, &waiter->place, place);
	if (edge->semaphore == CONTROL_UNKNOWN) {
		say(trial->verdict, _("P%u (%s) sleeps%s in %s"), edge->waiter, waiter->name, place,
			call_text(call, trial->name, trial->data, text));
		return;
	}
	snprintf(label, sizeof(label), _("semaphore %u"), edge->semaphore);
	if (trial->name != NULL)
		trial->name(trial->data, edge->id, edge->semaphore, label, sizeof(label));
	if (call->operations[waiter->blocked_at].sem_op == 0)
		say(trial->verdict, _("P%u (%s) sleeps%s until %s is 0, and it is %d"),
			edge->waiter, waiter->name, place, label, waiter->blocked_value);
	else
		say(trial->verdict,
			_("P%1$u (%2$s) sleeps%3$s because it wants %4$s −%5$d and %4$s is %6$d"),
			edge->waiter, waiter->name, place, label,
			abs(call->operations[waiter->blocked_at].sem_op), waiter->blocked_value);
	say_holder(trial, edge);
}

static bool is_last_alive(struct control *control)
{
	unsigned alive = 0;

	for (unsigned number = 1; number <= control_count(control); number++)
		alive += is_alive(control_actor(control, number));
	return alive == 1 && control_count(control) > 1;
}

static void say_all(struct trial *trial)
{
	struct verdict *verdict = trial->verdict;
	bool is_certain = verdict->kind == VERDICT_CERTAIN;

	if (is_last_alive(trial->control))
		say(verdict, "%s",
			is_certain ? _("Sleeps for ever, certain: ")
				   : _("Sleeps for ever, probably: "));
	else
		say(verdict, "%s",
			is_certain ? _("Deadlock, certain: ") : _("Deadlock, probably: "));
	for (size_t i = 0; i < verdict->count; i++) {
		say(verdict, "%s", i == 0 ? "" : i + 1 == verdict->count ? _("; and ") : "; ");
		say_edge(trial, &verdict->edges[i]);
	}
	say(verdict, ".");
}

void verdict_find(struct verdict *verdict, struct control *control, call_namer *name, void *data)
{
	struct trial trial = {verdict, control, name, data};

	memset(verdict, 0, offsetof(struct verdict, text) + 1);
	verdict->kind = judge_actors(control);
	if (verdict->kind == VERDICT_NONE)
		return;
	for (unsigned number = 1; number <= control_count(control); number++) {
		struct control_actor *actor = control_actor(control, number);

		if (actor == NULL || !control_sleeps_for_good(actor))
			continue;
		add_edge(&trial, actor);
		if (actor->task->call.kind != CALL_SEMOP || actor->is_outside ||
			has_stranger(control, actor->task->call.id))
			verdict->kind = VERDICT_LOOKS_SO;
	}
	find_cycle(verdict);
	say_all(&trial);
}

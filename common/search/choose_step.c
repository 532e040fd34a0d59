/* choose_step.c - chooses the next step and lists the alternatives. See run.h. */
#include "run.h"

/* ---- choosing ------------------------------------------------------------------------------- */

static uint64_t draw(struct execution *execution)
{
	execution->random ^= execution->random << 13;
	execution->random ^= execution->random >> 7;
	execution->random ^= execution->random << 17;
	return execution->random;
}

/* The first actor of the set after `last`, in turn. 0: the set is empty. */
static unsigned next_of(uint64_t set, unsigned last)
{
	for (unsigned i = 1; set != 0 && i <= ACTORS_MAX; i++)
		if ((set & bit_of((last + i) % ACTORS_MAX)) != 0)
			return (last + i) % ACTORS_MAX;
	return 0;
}

static unsigned any_of(struct execution *execution, uint64_t set)
{
	return next_of(set, (unsigned)(draw(execution) % ACTORS_MAX));
}

/* Actors whose alarm can go off and end their sleep. */
static uint64_t with_alarm(const struct execution *execution)
{
	uint64_t set = 0;

	for (unsigned number = 1; number < ACTORS_MAX; number++)
		if ((execution->alive & bit_of(number)) != 0 &&
			execution->virtual.actors[number].has_alarm &&
			execution->actions[number].enabled == ACTION_WAITS)
			set |= bit_of(number);
	return set;
}

/*
 * Actors that may go on now. Those that asked in vain are included only if no other actor can go
 * on.
 */
static uint64_t candidates(const struct execution *execution)
{
	uint64_t fresh = execution->enabled & ~execution->yielded;

	return fresh != 0 ? fresh : execution->enabled;
}

/* Chooses by the job's policy. Actor 0: no actor can go on or, if *redundant, none needs to. */
struct decision run_choose(struct execution *execution, uint64_t sleep, bool *redundant)
{
	uint64_t all = candidates(execution), set = all & ~sleep;
	uint64_t forced = execution->forced, alarms;
	struct decision decision = {.kind = DECIDE_STEP};

	*redundant = false;
	if (set != 0) {
		if (execution->job->policy == JOB_RANDOM && draw(execution) % 3 == 0)
			decision.actor = (uint16_t)any_of(execution, set);
		else if (execution->job->policy != JOB_TURNS &&
			 (set & bit_of(execution->current)) != 0)
			decision.actor = (uint16_t)execution->current;
		else if (execution->job->policy == JOB_RANDOM)
			decision.actor = (uint16_t)any_of(execution, set);
		else
			decision.actor = (uint16_t)next_of(set, execution->current);
		return decision;
	}
	if (all != 0) {
		*redundant = true;
		return decision;
	}
	alarms = with_alarm(execution);
	decision.actor = (uint16_t)next_of(forced != 0 ? forced : alarms, execution->current);
	if (forced == 0)
		decision.kind = DECIDE_SIGNAL;
	return decision;
}

/* ---- branches ------------------------------------------------------------------------------- */

/* The actors of the sleep set that remain in it after a step of `actor`. */
uint64_t run_still_asleep(const struct execution *execution, uint64_t sleep, unsigned actor)
{
	uint64_t kept = 0;

	for (unsigned number = 1; number < ACTORS_MAX; number++)
		if ((sleep & bit_of(number)) != 0 && number != actor &&
			action_is_independent(&execution->actions[number],
				&execution->actions[actor]))
			kept |= bit_of(number);
	return kept;
}

static void add_branch(struct execution *execution, struct node *node, enum decision_kind kind,
	unsigned actor, uint8_t cost, uint64_t sleep)
{
	struct report *report = execution->report;

	if (report->branch_count == BRANCHES_MAX ||
		(node->decision.actor == actor && node->decision.kind == kind))
		return;
	report->branches[report->branch_count++] = (struct branch){
		.decision = {(uint16_t)actor, (uint8_t)kind},
		.cost = cost,
		.identity = kind == DECIDE_STEP ? execution->actions[actor].identity : 0,
		.sleep = sleep,
	};
	node->branch_count++;
}

/* Each process may be killed here, and a program also restarted. */
static void add_kills(struct execution *execution, struct node *node)
{
	for (unsigned number = 1;
		number <= control_count(execution->control) && number < ACTORS_MAX; number++) {
		const struct control_actor *actor = control_actor(execution->control, number);

		if ((execution->alive & bit_of(number)) == 0 || actor->task->is_thread)
			continue;
		add_branch(execution, node, DECIDE_KILL, number, 1, 0);
		if (actor->task->parent == 0)
			add_branch(execution, node, DECIDE_KILL_AGAIN, number, 1, 0);
	}
}

/*
 * True if the call asks how many processes sleep, and others are stopped before a semop: these may
 * not sleep yet.
 */
static bool counts_sleepers(const struct execution *execution, unsigned number)
{
	const struct control_actor *actor = control_actor(execution->control, number);
	const struct call *call = &actor->task->call;

	return actor->doing == CONTROL_BEFORE && call->kind == CALL_SEMCTL &&
	       (call->command == GETNCNT || call->command == GETZCNT) &&
	       run_count_sleepers(execution, call) > 0;
}

/* Adds the other decisions that are possible at this node. */
void run_add_branches(struct execution *execution, struct node *node, uint64_t sleep)
{
	const struct job *job = execution->job;
	uint64_t set = candidates(execution) & ~(job->reduces ? sleep : 0);
	uint64_t alarms = with_alarm(execution);
	bool can_stay = (candidates(execution) & bit_of(execution->current)) != 0;
	uint64_t done = sleep | bit_of(node->decision.actor);

	node->first_branch = execution->report->branch_count;
	if (job->policy != JOB_STRAIGHT)
		return;
	for (unsigned number = 1; number < ACTORS_MAX; number++) {
		uint8_t cost = can_stay && number != execution->current;

		if ((set & bit_of(number)) == 0 || number == node->decision.actor)
			continue;
		add_branch(execution, node, DECIDE_STEP, number, cost,
			job->reduces ? run_still_asleep(execution, done, number) : 0);
		done |= bit_of(number);
	}
	for (unsigned number = 1; number < ACTORS_MAX; number++) {
		if ((execution->forced & bit_of(number)) != 0)
			add_branch(execution, node, DECIDE_STEP, number, set != 0, 0);
		if ((set & bit_of(number)) != 0 && counts_sleepers(execution, number))
			add_branch(execution, node, DECIDE_EARLY, number, 1, 0);
		if ((alarms & bit_of(number)) != 0)
			add_branch(execution, node, DECIDE_SIGNAL, number, set != 0, 0);
		if ((set & bit_of(number)) != 0 && execution->actions[number].has_signal)
			add_branch(execution, node, DECIDE_INTERRUPT, number, 1, 0);
	}
	if (job->kills && !execution->report->was_killed)
		add_kills(execution, node);
}

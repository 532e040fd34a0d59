/* execution.c - see execution.h. */
#include "execution.h"

#include <stdio.h>

#include "base/translate.h"
#include "run.h"

#define STUCK_NS INT64_C(10000000)

/* True if the programs have reached the state in which this prefix was found. */
static bool agrees(struct execution *execution, uint32_t at)
{
	const struct job *job = execution->job;
	struct decision decision = job->prefix[at];
	const struct action *action = &execution->actions[decision.actor % (ACTORS_MAX + 1)];
	bool is_alive =
		decision.actor < ACTORS_MAX && (execution->alive & bit_of(decision.actor)) != 0;

	bool is_step = decision.kind == DECIDE_STEP || decision.kind == DECIDE_EARLY;

	if (is_alive && (!is_step || (action->enabled != ACTION_WAITS &&
					     (job->identities[at] == 0 ||
						     action->identity == job->identities[at]))))
		return true;
	execution->report->outcome = OUTCOME_DIVERGED;
	snprintf(execution->report->reason, sizeof(execution->report->reason),
		_("step %u: P%u %s; the programs behave differently each time"), at + 1,
		decision.actor,
		!is_alive                         ? _("does not exist this time")
		: action->enabled == ACTION_WAITS ? _("has to wait this time")
						  : _("is about to do something else this time"));
	return false;
}

static struct node *add_node(struct execution *execution, struct decision decision)
{
	struct node *node = &execution->report->nodes[execution->report->count++];

	*node = (struct node){.decision = decision};
	if (decision.kind == DECIDE_STEP)
		node->identity = execution->actions[decision.actor].identity;
	return node;
}

/* false: the run is over. */
static bool go_on(struct execution *execution, uint64_t *sleep, bool *is_last)
{
	const struct job *job = execution->job;
	struct report *report = execution->report;
	uint32_t at = report->count;
	struct decision decision;
	struct node *node;
	bool redundant = false;

	run_describe(execution);
	for (unsigned number = 1; number < ACTORS_MAX; number++)
		if ((execution->enabled & bit_of(number)) != 0)
			execution->parts[number].passes = 0;
	if (execution->alive == 0) {
		report->outcome = OUTCOME_ENDED;
		run_judge_all_ended(execution);
		return false;
	}
	if (at < job->count && !agrees(execution, at))
		return false;
	if (at == job->count)
		*sleep = job->sleep;
	run_hash_state(execution);
	decision = at < DECISIONS_MAX && at < job->count
			   ? job->prefix[at]
			   : run_choose(execution, *sleep, &redundant);
	if (decision.actor == 0) {
		if (redundant) {
			report->outcome = OUTCOME_REDUNDANT;
		} else if (!*is_last) {
			/* A signal from another actor may be about to end an actor. */
			control_settle(execution->control, STUCK_NS);
			run_forget_values(execution);
			*is_last = true;
			return true;
		} else {
			run_judge_stuck(execution);
		}
		return false;
	}
	*is_last = false;
	if (at >= job->limit || at >= DECISIONS_MAX) {
		report->outcome = OUTCOME_LIMIT;
		return false;
	}
	node = add_node(execution, decision);
	if (at >= job->count) {
		node->fingerprint = run_fingerprint(execution);
		run_add_branches(execution, node, *sleep);
		*sleep = job->reduces ? run_still_asleep(execution, *sleep, decision.actor) : 0;
	}
	run_act(execution, decision);
	return report->outcome == OUTCOME_ENDED;
}

bool execution_begin(struct execution *execution, const struct job *job, struct report *report)
{
	report->outcome = OUTCOME_ENDED; /* until a fault is found */
	report->fault = (struct fault){0};
	report->was_killed = report->has_calls = report->shares_otherwise = report->reads_input =
		false;
	report->aside_count = 0;
	report->count = report->branch_count = report->text_length = 0;
	report->reason[0] = report->text[0] = '\0';
	execution->job = job;
	execution->report = report;
	execution->random = job->seed * 2 + 1;
	return run_begin(execution);
}

bool execution_follow(struct execution *execution)
{
	uint32_t at = execution->report->count;

	if (at >= execution->job->count)
		return false;
	run_describe(execution);
	if (!agrees(execution, at))
		return false;
	run_hash_state(execution);
	add_node(execution, execution->job->prefix[at]);
	run_act(execution, execution->job->prefix[at]);
	return execution->report->outcome != OUTCOME_UNJUDGED;
}

void execution_finish(struct execution *execution)
{
	run_end(execution);
}

struct control *execution_control(const struct execution *execution)
{
	return execution->control;
}

static void run(struct execution *execution, const struct job *job, struct report *report)
{
	uint64_t sleep = 0;
	bool is_last = false; /* no actor could go on at the last look */

	if (execution_begin(execution, job, report))
		while (report->outcome == OUTCOME_ENDED && !*execution->options.is_over &&
			go_on(execution, &sleep, &is_last))
			continue;
	execution_finish(execution);
}

/*
 * An increment is recognised by two accesses with different numbers. A run with a lost update may
 * lack them, but the first schedule usually has them.
 */
static void rehearse(struct execution *execution, const struct job *job, struct report *report)
{
	static struct job first;

	first = (struct job){.policy = JOB_STRAIGHT, .limit = job->limit, .seed = job->seed};
	run(execution, &first, report);
	execution->races.is_rehearsed = true;
}

void execution_run(struct execution *execution, const struct job *job, struct report *report)
{
	if (execution->options.watches && !execution->races.is_rehearsed)
		rehearse(execution, job, report);
	run(execution, job, report);
}

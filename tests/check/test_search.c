/*
 * test_search.c - the search without programs: which steps are independent, which schedule comes
 * next, which state is not gone on from twice, which message is taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>

#include <cmocka.h>

#include "search/action.h"
#include "search/frontier.h"
#include "search/messages.h"

/* ---- independence --------------------------------------------------------------------------- */

static struct action action_of(unsigned pid, enum call_kind kind, int id, int command,
	int semaphore, short operation)
{
	struct action action = {.enabled = ACTION_GOES_ON, .pid = pid};
	struct call call = {.kind = kind, .id = id, .command = command, .semaphore = semaphore};

	if (kind == CALL_SEMOP) {
		call.count = 1;
		call.operations[0] = (struct sembuf){(unsigned short)semaphore, operation, 0};
	}
	action_add_call(&action, &call);
	return action;
}

static void test_independence(void **state)
{
	const struct action down = action_of(1, CALL_SEMOP, 7, 0, 0, -1);
	const struct action other = action_of(2, CALL_SEMOP, 7, 0, 1, -1);
	const struct action same = action_of(2, CALL_SEMOP, 7, 0, 0, 1);
	const struct action elsewhere = action_of(2, CALL_SEMOP, 8, 0, 0, 1);
	const struct action look = action_of(2, CALL_SEMCTL, 7, GETALL, 0, 0);
	const struct action removal = action_of(2, CALL_SEMCTL, 7, IPC_RMID, 0, 0);
	const struct action sibling = action_of(1, CALL_SEMOP, 8, 0, 0, 1);
	struct action waiting = other;

	(void)state;
	waiting.enabled = ACTION_WAITS;
	assert_true(action_is_independent(&down, &other));
	assert_true(action_is_independent(&down, &elsewhere));
	assert_false(action_is_independent(&down, &same));
	assert_false(action_is_independent(&down, &look));
	assert_false(action_is_independent(&look, &down));
	assert_false(action_is_independent(&down, &removal));
	assert_true(action_is_independent(&elsewhere, &down));
	assert_false(action_is_independent(&down, &sibling)); /* two threads of one process */
	assert_false(action_is_independent(&down, &waiting));
}

/* ---- the frontier --------------------------------------------------------------------------- */

static void test_the_cheapest_comes_first(void **state)
{
	struct job *job = calloc(1, sizeof(*job));
	struct report *report = calloc(1, sizeof(*report));
	struct frontier frontier;
	struct frontier_item item;

	(void)state;
	frontier_begin(&frontier, false);
	assert_true(frontier_take(&frontier, &item, job));
	assert_int_equal(job->count, 0);
	/* Two steps of P1; at each P2 could have gone on, for a preemption at the second. */
	report->count = 2;
	report->nodes[0] = (struct node){{1, DECIDE_STEP}, 11, 100, 0, 1};
	report->nodes[1] = (struct node){{1, DECIDE_STEP}, 12, 101, 1, 1};
	report->branches[0] = (struct branch){{2, DECIDE_STEP}, 1, 21, 0};
	report->branches[1] = (struct branch){{2, DECIDE_STEP}, 0, 22, 0};
	frontier_add(&frontier, &item, report);
	assert_true(frontier_take(&frontier, &item, job));
	assert_int_equal(item.cost, 0);
	assert_int_equal(job->count, 2);
	assert_int_equal(job->prefix[0].actor, 1);
	assert_int_equal(job->prefix[1].actor, 2);
	assert_int_equal(job->identities[1], 22);
	/* It comes to a state that was seen: nothing behind it is kept. */
	report->count = 3;
	report->nodes[2] = (struct node){{1, DECIDE_STEP}, 13, 101, 0, 1};
	frontier_add(&frontier, &item, report);
	assert_true(frontier_take(&frontier, &item, job));
	assert_int_equal(item.cost, 1);
	assert_int_equal(job->count, 1);
	assert_int_equal(job->identities[0], 21);
	assert_false(frontier_take(&frontier, &item, job));
	frontier_end(&frontier);
	free(job);
	free(report);
}

/*
 * A branch for which a run had no room is a schedule that is never run: nobody may call that all.
 */
static void test_a_full_report_leaves_a_gap(void **state)
{
	struct job *job = calloc(1, sizeof(*job));
	struct report *report = calloc(1, sizeof(*report));
	struct frontier frontier;
	struct frontier_item item;

	(void)state;
	frontier_begin(&frontier, false);
	assert_true(frontier_take(&frontier, &item, job));
	report->branch_count = BRANCHES_MAX - 1;
	frontier_add(&frontier, &item, report);
	assert_false(frontier.is_full);
	report->branch_count = BRANCHES_MAX;
	frontier_add(&frontier, &item, report);
	assert_true(frontier.is_full);
	frontier_end(&frontier);
	free(job);
	free(report);
}

/* ---- messages ------------------------------------------------------------------------------- */

static void send(struct messages *messages, int queue, long type)
{
	struct call call = {.kind = CALL_MSGSND, .id = queue, .type = type};

	messages_note(messages, &call);
}

static bool take(struct messages *messages, int queue, long type, int flags)
{
	struct call call = {.kind = CALL_MSGRCV, .id = queue, .type = type, .flags = flags};
	bool fits = messages_fit(messages, &call);

	if (fits)
		messages_note(messages, &call);
	return fits;
}

static void test_messages(void **state)
{
	struct messages messages = {.count = 0};

	(void)state;
	send(&messages, 1, 5);
	send(&messages, 1, 3);
	send(&messages, 1, 4);
	assert_false(take(&messages, 2, 0, 0));
	assert_false(take(&messages, 1, 7, 0));
	assert_true(take(&messages, 1, -4, 0)); /* the one of type 3 */
	assert_false(take(&messages, 1, 3, 0));
	assert_true(take(&messages, 1, 5, MSG_EXCEPT)); /* the one of type 4 */
	assert_true(take(&messages, 1, 0, 0));
	assert_false(take(&messages, 1, 0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_independence),
		cmocka_unit_test(test_the_cheapest_comes_first),
		cmocka_unit_test(test_a_full_report_leaves_a_gap),
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

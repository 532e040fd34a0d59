/*
 * test_verdict.c - deadlocks told, with who waits for whom and the lines of the programs; and no
 * word of a deadlock where somebody can go on.
 */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "control/verdict.h"

static void name(void *data, int set, unsigned semaphore, char *text, size_t size)
{
	static const char *const names[] = {"mutex", "empty", "full"};

	(void)data, (void)set;
	if (semaphore < 3)
		snprintf(text, size, "%s", names[semaphore]);
}

static void judge(struct stage *stage, struct verdict *verdict)
{
	control_settle(stage->control, 0);
	verdict_find(verdict, stage->control, name, NULL);
}

static void add_pair(struct stage *stage, const char *program, const char *how)
{
	char line[128];

	for (int i = 0; i < 2; i++) {
		snprintf(line, sizeof(line), "%s %s 0x7706%04x 4 %s", program,
			i == 0 ? "producer" : "consumer", (unsigned)getpid() & 0xffff, how);
		stage_add(stage, line);
	}
}

/* The line of pair.c that contains this. */
static int line_of(const char *what)
{
	FILE *file = fopen(SOURCES "/pair.c", "r");
	char line[256];
	int number = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL && ++number)
		if (strstr(line, what) != NULL)
			break;
	fclose(file);
	return number;
}

/* P1 until it holds the mutex and sleeps on empty; then P2, which wants the mutex. */
static void hang(struct stage *stage)
{
	while (control_actor(stage->control, 1)->doing != CONTROL_SLEEPS)
		stage_step(stage, 1);
	while (control_actor(stage->control, 2)->doing != CONTROL_SLEEPS)
		stage_step(stage, 2);
}

static void assert_deadlock(const struct verdict *verdict)
{
	assert_int_equal(verdict->kind, VERDICT_CERTAIN);
	assert_true(verdict->is_cycle);
	assert_int_equal(verdict->count, 2);
	assert_int_equal(verdict->edges[0].waiter, verdict->edges[1].giver);
	assert_int_equal(verdict->edges[1].waiter, verdict->edges[0].giver);
}

static void test_mutex_before_empty(void **state)
{
	struct stage stage = {0};
	struct verdict verdict = {0};
	char wanted[VERDICT_TEXT];

	(void)state;
	add_pair(&stage, "pair", "wrong");
	stage_begin(&stage);
	judge(&stage, &verdict);
	assert_int_equal(verdict.kind, VERDICT_NONE);
	hang(&stage);
	judge(&stage, &verdict);
	assert_deadlock(&verdict);
#ifdef HAVE_LIBDW
	snprintf(wanted, sizeof(wanted),
		"Deadlock, certain: P1 (pair) sleeps at pair.c:%d in produce() because it wants "
		"empty −1 and empty is 0 (only P2 can still raise it); and P2 (pair) sleeps at "
		"pair.c:%d in consume() because it wants mutex −1 and mutex is 0, which P1 took at "
		"pair.c:%d in produce() and has not given back.",
		line_of("is_wrong ? EMPTY"), line_of("P(FULL)") + 1, line_of("is_wrong ? MUTEX"));
	assert_string_equal(verdict.text, wanted);
#else
	(void)wanted, (void)line_of;
#endif
	stage_end(&stage);
}

/* Without stops: run comes to the same deadlock, and sees that it is one. */
static void test_it_is_found_while_running(void **state)
{
	struct stage stage = {0};
	struct verdict verdict = {0};

	(void)state;
	add_pair(&stage, "pair", "wrong");
	stage_begin(&stage);
	while (control_actor(stage.control, 1)->doing != CONTROL_SLEEPS)
		stage_step(&stage, 1);
	assert_int_equal(control_run(stage.control, INT64_C(30000000000)), CONTROL_DONE);
	judge(&stage, &verdict);
	assert_deadlock(&verdict);
	stage_end(&stage);
}

/* The same of a static program, and of one without -g: the names of functions are left. */
static void test_static_and_without_g(void **state)
{
	static const char *const programs[] = {"pair_static", "pair_plain"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct stage stage = {0};
		struct verdict verdict = {0};

		add_pair(&stage, programs[i], "wrong");
		stage_begin(&stage);
		hang(&stage);
		judge(&stage, &verdict);
		assert_deadlock(&verdict);
#ifdef HAVE_LIBDW
		if (strstr(verdict.text, i == 0 ? "pair.c:" : "sleeps in produce() because") ==
			NULL)
			fail_msg("%s", verdict.text);
#endif
		stage_end(&stage);
	}
}

/* One that nobody is left to wake. */
static void test_the_last_one_sleeps_for_ever(void **state)
{
	struct stage stage = {0};
	struct verdict verdict = {0};

	(void)state;
	stage_add(&stage, "worker make 1,0,0 fork op 0-1");
	stage_begin(&stage);
	stage_to_semop(&stage, 1);
	stage_to_semop(&stage, 2);
	stage_step_to_end(&stage, 1);
	judge(&stage, &verdict);
	assert_int_equal(verdict.kind, VERDICT_NONE);
	stage_step(&stage, 2);
	judge(&stage, &verdict);
	assert_int_equal(verdict.kind, VERDICT_CERTAIN);
	assert_non_null(strstr(verdict.text, "Sleeps for ever, certain: P2 (worker) sleeps"));
	assert_non_null(strstr(verdict.text, "no process is left"));
	stage_end(&stage);
}

/* A parent that waits for its child is part of it; a timer or a timeout may end it. */
static void test_who_may_still_wake(void **state)
{
	static const struct {
		const char *words;
		enum verdict_kind kind;
	} cases[] = {
		{"make 1,0,0 fork op 0-1", VERDICT_CERTAIN},
		{"make 0,0,0 alarm fork op 0-1", VERDICT_LOOKS_SO},
		{"make 0,0,0 fork timeout 0 30000", VERDICT_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage stage = {0};
		struct verdict verdict = {0};
		char line[128];

		snprintf(line, sizeof(line), "worker %s wait", cases[i].words);
		stage_add(&stage, line);
		stage_begin(&stage);
		/* Until all of them sleep: half a second may be too short on a busy machine. */
		for (int looks = 0; looks < 60; looks++) {
			control_run(stage.control, INT64_C(500000000));
			judge(&stage, &verdict);
			if (verdict.kind == cases[i].kind)
				break;
		}
		if (verdict.kind != cases[i].kind)
			fail_msg("%s: %d, not %d: %s", line, verdict.kind, cases[i].kind,
				verdict.text);
		stage_end(&stage);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mutex_before_empty),
		cmocka_unit_test(test_it_is_found_while_running),
		cmocka_unit_test(test_static_and_without_g),
		cmocka_unit_test(test_the_last_one_sleeps_for_ever),
		cmocka_unit_test(test_who_may_still_wake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

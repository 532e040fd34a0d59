/*
 * test_undo.c - the ledger of undo: what it foretells is what the kernel does when the process is
 * killed. The kernel shows its own list nowhere, so each case is killed and asked.
 */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/sem.h>

#include <cmocka.h>

#define SEMAPHORES 3

static int value_of(int set, int semaphore)
{
	return semctl(set, semaphore, GETVAL);
}

/* Steps the program `steps` semops far, foretells, kills, compares. */
static void assert_foretold(const char *words, int steps)
{
	struct stage stage = {0};
	const struct ledger_entry *entry;
	int foretold[SEMAPHORES], set;
	char line[256];
	pid_t pid;

	snprintf(line, sizeof(line), "worker make 3,2,0 %s op 0-0,1-0,2-0", words);
	stage_add(&stage, line);
	stage_begin(&stage);
	stage_to_semop(&stage, 1);
	set = stage_set(&stage, 1);
	for (int i = 0; i < steps; i++)
		stage_step(&stage, 1);
	pid = control_actor(stage.control, 1)->task->pid;
	for (int i = 0; i < SEMAPHORES; i++) {
		entry = ledger_find(control_ledger(stage.control), pid, set, (uint32_t)i);
		foretold[i] = value_of(set, i) + (entry != NULL ? entry->undo : 0);
		if (foretold[i] < 0) /* the kernel takes what there is */
			foretold[i] = 0;
	}
	assert_int_equal(control_kill(stage.control, 1), CONTROL_DONE);
	for (int i = 0; i < SEMAPHORES; i++)
		if (value_of(set, i) != foretold[i])
			fail_msg("%s, %d steps: semaphore %d is %d, not %d", words, steps, i,
				value_of(set, i), foretold[i]);
	assert_null(ledger_find(control_ledger(stage.control), pid, set, 0));
	stage_end(&stage);
}

static void test_undo_is_foretold(void **state)
{
	static const struct {
		const char *words;
		int steps;
	} cases[] = {
		{"op 0-1u", 1},
		{"op 0-1", 1},
		{"op 0-2u op 0+1u", 2},
		{"op 0-1u,1+4u,2+1 op 2-1u", 2},
		{"op 0-1u,0+1u op 1-1u,1+1", 2},
		{"op 2+1u op 0-1u op 2-1", 3},  /* 0 now, and undo −1: stays 0 */
		{"op 0-1u set 0 5 op 1-1u", 3}, /* SETVAL clears the undo */
		{"op 0-1u op 1-3nu", 2},        /* refused: nothing of it counts */
		{"op 0+32767u op 0-1u", 2},     /* ERANGE: nothing of it counts */
		{"op 0-1u,1-1u op 0-1u,1+1u", 2},
		{"op 0-1u exec op 1-1u", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int steps = 0; steps <= cases[i].steps; steps++)
			assert_foretold(cases[i].words, steps);
}

/* A child has none of its parent's; a thread shares its process's. */
static void test_undo_of_children_and_threads(void **state)
{
	struct stage stage = {0};
	const struct ledger_entry *entry;
	int set;

	(void)state;
	stage_add(&stage, "worker make 5,5,5 op 0-1u fork op 1-1u op 2-0");
	stage_begin(&stage);
	stage_to_semop(&stage, 1);
	set = stage_set(&stage, 1);
	stage_step(&stage, 1);
	stage_step(&stage, 1);
	stage_to_semop(&stage, 2);
	stage_step(&stage, 2);
	assert_int_equal(value_of(set, 0), 4);
	assert_int_equal(value_of(set, 1), 3);
	entry = ledger_find(control_ledger(stage.control),
		control_actor(stage.control, 2)->task->pid, set, 0);
	assert_null(entry);
	control_kill(stage.control, 2);
	assert_int_equal(value_of(set, 0), 4);
	assert_int_equal(value_of(set, 1), 4);
	control_kill(stage.control, 1);
	assert_int_equal(value_of(set, 0), 5);
	assert_int_equal(value_of(set, 1), 5);
	stage_end(&stage);
}

/* The undo of one that dies wakes another. */
static void test_undo_wakes(void **state)
{
	struct stage stage = {0};

	(void)state;
	stage_add(&stage, "worker make 1 fork op 0-1u op 0+1u");
	stage_begin(&stage);
	stage_to_semop(&stage, 1);
	stage_to_semop(&stage, 2);
	stage_step(&stage, 1);
	stage_step(&stage, 2);
	assert_int_equal(control_actor(stage.control, 2)->doing, CONTROL_SLEEPS);
	control_kill(stage.control, 1);
	while (control_actor(stage.control, 2)->doing != CONTROL_WOKEN)
		control_settle(stage.control, INT64_C(20000000));
	stage_step_to_end(&stage, 2);
	stage_end(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_undo_is_foretold),
		cmocka_unit_test(test_undo_of_children_and_threads),
		cmocka_unit_test(test_undo_wakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

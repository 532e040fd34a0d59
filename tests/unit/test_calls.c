/* test_calls.c - arrays as text, the ring of calls, and what the kernel would do with an array. */
#include "arraytext.h"
#include "observers.h"
#include "predict.h"
#include "semaphores.h"
#include "semop_calls.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { SLOTS = 2, COUNT = SEMAPHORES_SLOTS + SEMAPHORES_OF_SLOT * SLOTS };

/* ---- arrays as text ------------------------------------------------------------------------ */

static void arrays_read_as_in_the_manual(void **state)
{
	const struct sembuf claim[] = {{20, 0, IPC_NOWAIT}, {23, 0, IPC_NOWAIT}, {22, 1, SEM_UNDO}};
	const struct sembuf reserve[] = {{1, -1, SEM_UNDO}};
	const struct sembuf init[] = {{0, 1, 0}, {1, 64, 0}};
	const struct sembuf far[] = {{8 + 4 * 63 + 1, -1, 0}};
	char text[ARRAYTEXT_MAX];

	(void)state;
	assert_string_equal(arraytext_line(text, reserve, 1), "empty −1 U");
	assert_string_equal(arraytext_line(text, claim, 3), "ready₃=0 ?  reader₃=0 ?  writer₃+1 U");
	assert_string_equal(arraytext_line(text, init, 2), "mutex +1  empty +64");
	assert_string_equal(arraytext_line(text, far, 1), "latest₆₃−1");
	assert_string_equal(arraytext_line(text, NULL, 0), "");
}

static void pairs_that_cancel_are_one_quiet_word(void **state)
{
	const struct sembuf release[] = {{11, -1, SEM_UNDO}, {2, 1, SEM_UNDO}, {2, -1, 0},
		{8, 1, SEM_UNDO}, {8, -1, 0}, {1, 1, 0}};
	struct arraytext_word words[ARRAYTEXT_WORDS];

	(void)state;
	assert_int_equal(arraytext_words(words, release, 6), 4);
	assert_string_equal(words[0].text, "reader₀−1 U");
	assert_false(words[0].is_quiet);
	assert_string_equal(words[1].text, "full +1 U −1");
	assert_true(words[1].is_quiet);
	assert_string_equal(words[2].text, "ready₀+1 U −1");
	assert_string_equal(words[3].text, "empty +1");
}

/* ---- the ring ------------------------------------------------------------------------------ */

static void tell(struct semop_calls *calls, const struct sembuf *operation, bool before, int result)
{
	const struct vitrine_event event = {.name = "reserve",
		.operations = operation,
		.count = 1,
		.slot = -1,
		.before = before,
		.result = result};

	semop_calls_observe(&event, calls);
}

static void the_ring_keeps_the_newest(void **state)
{
	struct semop_calls *calls = semop_calls_create();
	struct semop_call *found = calloc(SEMOP_CALLS_KEPT, sizeof(*found));
	uint64_t cursor = 0, lost = 0;
	size_t count;

	(void)state;
	assert_int_equal(semop_calls_newest(calls, found, 4), 0);
	for (int i = 0; i < SEMOP_CALLS_KEPT + 10; i++) {
		const struct sembuf operation = {(unsigned short)(i % 8), 1, 0};

		tell(calls, &operation, true, 0);
		tell(calls, &operation, false, 0);
	}
	assert_int_equal(semop_calls_newest(calls, found, 3), 3);
	assert_int_equal(found[0].number, SEMOP_CALLS_KEPT + 10);
	assert_int_equal(found[2].number, SEMOP_CALLS_KEPT + 8);
	count = semop_calls_since(calls, found[0].ended_ns, &cursor, found, SEMOP_CALLS_KEPT,
		&lost);
	assert_int_equal(count + lost, SEMOP_CALLS_KEPT + 10);
	assert_int_equal(lost, 10);
	assert_int_equal(found[0].number, 11);
	assert_int_equal(semop_calls_since(calls, 0, &cursor, found, 8, &lost), 0);
	free(found);
	semop_calls_destroy(calls);
}

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){0, ms * 1000000}, NULL);
}

/* A program wakes between naps to check its quit flag; the list shows this as one sleep. */
static void naps_are_one_sleep(void **state)
{
	const struct sembuf reserve = {1, -1, SEM_UNDO};
	struct semop_calls *calls = semop_calls_create();
	struct semop_call call[4];
	uint64_t cursor = 0, lost = 0;

	(void)state;
	for (int i = 0; i < 3; i++) {
		tell(calls, &reserve, true, 0);
		sleep_ms(3);
		tell(calls, &reserve, false, -EAGAIN);
	}
	assert_int_equal(semop_calls_newest(calls, call, 4), 1);
	assert_true(semop_call_is_asleep(&call[0], call[0].ended_ns + 1000));
	assert_int_equal(semop_calls_since(calls, call[0].ended_ns, &cursor, call, 4, &lost), 0);
	tell(calls, &reserve, true, 0);
	tell(calls, &reserve, false, 0);
	assert_int_equal(semop_calls_newest(calls, call, 4), 1);
	assert_int_equal(call[0].result, 0);
	assert_true(semop_call_duration(&call[0], 0) >= 9 * 1000000);
	assert_false(semop_call_is_asleep(&call[0], call[0].ended_ns + 1000));
	tell(calls, &reserve, true, 0);
	assert_int_equal(semop_calls_newest(calls, call, 4), 2);
	semop_calls_destroy(calls);
}

/* Processor work does not count as sleep, however long it takes. */
static void work_ms(long ms)
{
	const clock_t end = clock() + ms * CLOCKS_PER_SEC / 1000;

	while (clock() < end)
		continue;
}

static void only_what_may_sleep_and_did_has_slept(void **state)
{
	const struct sembuf reserve = {1, -1, SEM_UNDO}, unlock = {0, 1, 0};
	struct semop_calls *calls = semop_calls_create();
	struct semop_call call[1];

	(void)state;
	tell(calls, &unlock, true, 0);
	sleep_ms(3);
	tell(calls, &unlock, false, 0);
	semop_calls_newest(calls, call, 1);
	assert_true(semop_call_duration(&call[0], 0) > SEMOP_CALL_LONG_NS);
	assert_false(call[0].has_slept);

	tell(calls, &reserve, true, 0);
	sleep_ms(3);
	tell(calls, &reserve, false, 0);
	semop_calls_newest(calls, call, 1);
	assert_true(call[0].has_slept);

	/* This thread may still have to wait for a lock, for example in malloc(). */
	for (int try = 0; try < 50 && call[0].has_slept; try++) {
		tell(calls, &reserve, true, 0);
		work_ms(2);
		tell(calls, &reserve, false, 0);
		semop_calls_newest(calls, call, 1);
	}
	assert_true(semop_call_duration(&call[0], 0) > SEMOP_CALL_LONG_NS);
	assert_false(call[0].has_slept);

	tell(calls, &unlock, true, 0);
	semop_calls_newest(calls, call, 1);
	assert_false(semop_call_is_asleep(&call[0], call[0].started_ns + INT64_C(1000000000)));
	semop_calls_destroy(calls);
}

static void tell_array(struct semop_calls *calls, const char *name, const struct sembuf *operations,
	uint32_t count, int result)
{
	struct vitrine_event event = {
		.name = name, .operations = operations, .count = count, .slot = -1, .before = true};

	semop_calls_observe(&event, calls);
	event.before = false;
	event.result = result;
	semop_calls_observe(&event, calls);
}

static void the_undo_of_this_process_is_kept(void **state)
{
	const struct sembuf join[] = {{4, -1, IPC_NOWAIT}, {4, 1, 0}, {5, 1, SEM_UNDO}};
	const struct sembuf reserve[] = {{1, -1, SEM_UNDO}};
	const struct sembuf claim[] = {{10, 1, SEM_UNDO}};
	const struct sembuf publish[] = {
		{10, -1, SEM_UNDO}, {1, 1, SEM_UNDO}, {1, -1, 0}, {2, 1, 0}};
	struct semop_calls *calls = semop_calls_create();
	struct semop_call_undo undo[4];

	(void)state;
	assert_int_equal(semop_calls_undo(calls, undo, 4), 0);
	tell_array(calls, "join", join, 3, 0);
	tell_array(calls, "reserve", reserve, 1, -EINTR);
	assert_int_equal(semop_calls_undo(calls, undo, 4), 1);
	tell_array(calls, "reserve", reserve, 1, 0);
	tell_array(calls, "claim", claim, 1, 0);
	assert_int_equal(semop_calls_undo(calls, undo, 4), 3);
	assert_int_equal(undo[0].semaphore, 1);
	assert_int_equal(undo[0].change, 1);
	assert_int_equal(undo[1].semaphore, 5);
	assert_int_equal(undo[1].change, -1);
	assert_int_equal(undo[2].semaphore, 10);
	assert_int_equal(undo[2].change, -1);
	tell_array(calls, "publish", publish, 4, 0);
	assert_int_equal(semop_calls_undo(calls, undo, 4), 1);
	/* In another channel, calls of the previous one no longer count. */
	tell_array(calls, "join", join, 3, 0);
	assert_int_equal(semop_calls_undo(calls, undo, 4), 1);
	assert_int_equal(undo[0].change, -1);
	semop_calls_destroy(calls);
}

static void count_one(const struct vitrine_event *event, void *data)
{
	*(int *)data += event->before ? 1 : 10;
}

static void several_observers_hear_the_same(void **state)
{
	struct observers observers = {0};
	int one = 0, other = 0;

	(void)state;
	observers_add(&observers, count_one, &one);
	observers_add(&observers, NULL, NULL);
	observers_add(&observers, count_one, &other);
	observers_tell(&(struct vitrine_event){.before = true}, &observers);
	observers_tell(&(struct vitrine_event){.before = false}, &observers);
	assert_int_equal(one, 11);
	assert_int_equal(other, 11);
}

/* ---- predictions, beside the kernel -------------------------------------------------------- */

struct set {
	int id;
	struct vitrine_snapshot snapshot;
};

static void read_set(struct set *set)
{
	unsigned short values[COUNT];

	assert_int_equal(semctl(set->id, 0, GETALL, values), 0);
	set->snapshot.slot_count = SLOTS;
	for (uint32_t i = 0; i < COUNT; i++)
		((struct vitrine_semaphore *)(uintptr_t)semaphores_at(&set->snapshot, i))->value =
			values[i];
}

static int set_up(void **state)
{
	struct set *set = calloc(1, sizeof(*set));

	set->id = semget(IPC_PRIVATE, COUNT, 0600);
	*state = set;
	return set->id < 0;
}

static int tear_down(void **state)
{
	struct set *set = *state;

	semctl(set->id, 0, IPC_RMID);
	free(set);
	return 0;
}

static unsigned make_array(struct sembuf *operations, unsigned *seed)
{
	unsigned count = 1 + (unsigned)rand_r(seed) % 6;

	for (unsigned i = 0; i < count; i++)
		operations[i] = (struct sembuf){
			.sem_num = (unsigned short)((unsigned)rand_r(seed) % COUNT % 5),
			.sem_op = (short)(rand_r(seed) % 4 - 1),
			.sem_flg = rand_r(seed) % 2 ? IPC_NOWAIT : 0,
		};
	return count;
}

/* Random arrays and random values: the kernel's result and its values must be those predicted. */
static void the_kernel_does_what_was_predicted(void **state)
{
	struct set *set = *state;
	unsigned seed = 4711;
	int outcomes[4] = {0};

	for (int round = 0; round < 4000; round++) {
		struct sembuf operations[6];
		struct prediction prediction;
		unsigned count = make_array(operations, &seed);
		int rc;

		if (round % 50 == 0)
			for (int i = 0; i < 5; i++)
				semctl(set->id, i, SETVAL, rand_r(&seed) % 3 == 0 ? 32766 : i);
		read_set(set);
		predict(&prediction, &set->snapshot, operations, count);
		rc = semtimedop(set->id, operations, count, &(struct timespec){0, 0}) == 0 ? 0
											   : errno;
		outcomes[prediction.outcome]++;
		if (prediction.outcome == PREDICT_DONE)
			assert_int_equal(rc, 0);
		else
			assert_int_equal(rc, prediction.outcome == PREDICT_ERROR ? ERANGE : EAGAIN);
		for (uint32_t i = 0; i < prediction.count; i++)
			assert_int_equal(semctl(set->id, (int)prediction.values[i].number, GETVAL),
				prediction.values[i].after);
	}
	for (int i = 0; i < 4; i++)
		assert_true(outcomes[i] > 20);
}

/* If "it would sleep on full" is predicted, the kernel must count a sleeper on full. */
static void it_sleeps_where_it_was_predicted(void **state)
{
	struct set *set = *state;
	const struct sembuf array[] = {{2, -1, SEM_UNDO}, {0, -1, SEM_UNDO}};

	for (int round = 0; round < 2; round++) {
		struct prediction prediction;
		pid_t child;
		int at;

		semctl(set->id, 2, SETVAL, round);
		read_set(set);
		predict(&prediction, &set->snapshot, array, 2);
		assert_int_equal(prediction.outcome, PREDICT_SLEEPS);
		at = array[prediction.at].sem_num;
		assert_int_equal(at, round == 0 ? 2 : 0);
		child = fork();
		if (child == 0) {
			alarm(20);
			_exit(semop(set->id, (struct sembuf *)(uintptr_t)array, 2) == 0);
		}
		while (semctl(set->id, at, GETNCNT) == 0 && waitpid(child, NULL, WNOHANG) == 0)
			;
		assert_int_equal(semctl(set->id, at, GETNCNT), 1);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
}

static void an_unknown_semaphore_is_an_error(void **state)
{
	struct set *set = *state;
	const struct sembuf array[] = {{COUNT, 1, 0}};
	struct prediction prediction;

	read_set(set);
	predict(&prediction, &set->snapshot, array, 1);
	assert_int_equal(prediction.outcome, PREDICT_ERROR);
	assert_int_equal(prediction.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arrays_read_as_in_the_manual),
		cmocka_unit_test(pairs_that_cancel_are_one_quiet_word),
		cmocka_unit_test(the_ring_keeps_the_newest),
		cmocka_unit_test(naps_are_one_sleep),
		cmocka_unit_test(only_what_may_sleep_and_did_has_slept),
		cmocka_unit_test(the_undo_of_this_process_is_kept),
		cmocka_unit_test(several_observers_hear_the_same),
		cmocka_unit_test_setup_teardown(the_kernel_does_what_was_predicted, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(it_sleeps_where_it_was_predicted, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(an_unknown_semaphore_is_an_error, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

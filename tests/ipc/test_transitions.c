/*
 * test_transitions.c - the table of arrays: compares its text with the design, executes every array
 * on a real set in states in which it must succeed and in which it must fail with EAGAIN, and
 * checks that no process can fall asleep while it holds the mutex. In the texts, i is slot 0 and L
 * is slot 1, of 2 slots.
 */
#include "support.h"

#include <errno.h>
#include <string.h>

#include "semset.h"
#include "transitions.h"

enum { STATES = 6 };

/*
 * The arrays as designed, written by hand. A state lists the values that are not 0; "" is a new
 * set.
 */
static const struct row {
	const char *text;
	const char *before;          /* in this state it succeeds… */
	const char *after;           /* …and leaves this */
	const char *refused[STATES]; /* in these it fails with EAGAIN */
} rows[T_COUNT] = {
	[T_BEGIN] = {"mutex =0? alive =0? role +1U", "", "producers=1", {"mutex=1", "alive=1"}},
	[T_INIT] = {"mutex +1 empty +N nothing +1 alive +1", "producers=1",
		"producers=1 mutex=1 empty=2 nothing=1 alive=1", {0}},
	[T_CONDEMN] = {"alive =0? producers =0? consumers =0? mirrors =0? mutex +1", "", "mutex=1",
		{"alive=1", "producers=1", "consumers=1", "mirrors=2"}},
	[T_JOIN] = {"alive -1? alive +1 role +1U", "alive=1", "alive=1 producers=1",
		{"", "mutex=1"}},
	[T_RESERVE] = {"empty -1U", "empty=2", "empty=1", {""}},
	[T_CLAIM] = {"ready_i =0? latest_i =0? reader_i =0? writer_i =0? writer_i +1U", "",
		"writer_i=1", {"ready_i=1", "latest_i=1", "reader_i=1", "writer_i=1"}},
	[T_CLAIM_AT_ONCE] = {"empty -1U? ready_i =0? latest_i =0? reader_i =0? writer_i =0? "
			     "writer_i +1U",
		"empty=2", "empty=1 writer_i=1",
		{"", "empty=1 ready_i=1", "empty=1 latest_i=1", "empty=1 reader_i=1",
			"empty=1 writer_i=1"}},
	[T_UNRESERVE] = {"empty +1U", "", "empty=1", {0}},
	[T_STEAL] = {"empty =0? full -1? ready_i -1? latest_i =0? reader_i =0? writer_i =0? "
		     "writer_i +1U empty +1 empty -1U mutex +1U",
		"full=2 ready_i=1 ready_L=1 latest_L=1",
		"full=1 writer_i=1 ready_L=1 latest_L=1 mutex=1",
		{"full=1 ready_i=1 empty=1", "ready_i=1", "full=1", "full=1 ready_i=1 latest_i=1",
			"full=1 ready_i=1 reader_i=1", "full=1 ready_i=1 writer_i=1"}},
	[T_STEAL_RESERVE] = {"empty -1U? mutex +1U", "empty=1", "mutex=1", {""}},
	[T_STEAL_NOTHING] = {"empty =0? mutex +1U", "", "mutex=1", {"empty=1"}},
	[T_ABANDON] = {"writer_i -1U empty +1U", "writer_i=1", "empty=1", {""}},
	[T_LOCK] = {"mutex -1U", "mutex=1", "", {""}},
	[T_UNLOCK] = {"mutex +1U", "", "mutex=1", {0}},
	[T_PUBLISH_FIRST] = {"nothing -1? latest_i +1 writer_i -1U empty +1U empty -1 ready_i +1 "
			     "full +1 mutex +1U",
		"nothing=1 writer_i=1", "latest_i=1 ready_i=1 full=1 mutex=1",
		{"writer_i=1", "nothing=1"}},
	[T_PUBLISH_OVER_DONE] = {"ready_L =0? reader_L =0? latest_L -1? empty +1 latest_i +1 "
				 "writer_i -1U empty +1U empty -1 ready_i +1 full +1 mutex +1U",
		"latest_L=1 writer_i=1", "empty=1 latest_i=1 ready_i=1 full=1 mutex=1",
		{"latest_L=1 ready_L=1 writer_i=1", "latest_L=1 reader_L=1 writer_i=1",
			"writer_i=1", "latest_L=1"}},
	[T_PUBLISH_OVER_WAITING] = {"ready_L -1? ready_L +1 latest_L -1? latest_i +1 writer_i -1U "
				    "empty +1U empty -1 ready_i +1 full +1 mutex +1U",
		"ready_L=1 latest_L=1 full=1 writer_i=1",
		"ready_L=1 latest_i=1 ready_i=1 full=2 mutex=1",
		{"latest_L=1 writer_i=1", "ready_L=1 writer_i=1", "ready_L=1 latest_L=1"}},
	[T_PUBLISH_OVER_READING] = {"reader_L -1? reader_L +1 latest_L -1? latest_i +1 "
				    "writer_i -1U empty +1U empty -1 ready_i +1 full +1 mutex +1U",
		"reader_L=1 latest_L=1 writer_i=1",
		"reader_L=1 latest_i=1 ready_i=1 full=1 mutex=1",
		{"latest_L=1 writer_i=1", "reader_L=1 writer_i=1", "reader_L=1 latest_L=1"}},
	[T_WAIT_AND_LOCK] = {"full -1U mutex -1U", "full=1 mutex=1", "", {"full=1", "mutex=1"}},
	[T_UNWAIT] = {"full +1U mutex +1U", "", "full=1 mutex=1", {0}},
	[T_TAKE] = {"ready_i -1U? reader_i +1U mutex +1U", "ready_i=1", "reader_i=1 mutex=1", {""}},
	[T_RELEASE] = {"latest_i =0? reader_i -1U full +1U full -1 ready_i +1U ready_i -1 empty +1",
		"reader_i=1", "empty=1", {"reader_i=1 latest_i=1", ""}},
	[T_RELEASE_LATEST] = {"latest_i -1? latest_i +1 reader_i -1U full +1U full -1 ready_i +1U "
			      "ready_i -1",
		"reader_i=1 latest_i=1", "latest_i=1", {"reader_i=1", "latest_i=1"}},
	[T_REQUEUE] = {"reader_i -1U full +1U ready_i +1U", "reader_i=1", "full=1 ready_i=1", {""}},
	[T_WAIT_NEWER] = {"latest_L =0", "latest_i=1", "latest_i=1", {"latest_L=1"}},
	[T_WAIT_FIRST] = {"nothing =0", "", "", {"nothing=1"}},
	[T_LEAVE] = {"role -1U", "producers=2", "producers=1", {"consumers=1 mirrors=1"}},
	[T_RETIRE] = {"producers =0? consumers =0? mirrors =0? full =0? alive -1?",
		"alive=1 mutex=1", "mutex=1",
		{"alive=1 producers=1", "alive=1 consumers=1", "alive=1 mirrors=1",
			"alive=1 full=1", ""}},
};

static const struct binding binding = {
	.role = VITRINE_PRODUCER, .slots = 2, .slot = 0, .latest = 1};
enum { SEMAPHORES = SEM_SLOTS + 2 * SLOT_SEMAPHORES };

static int semid;

static int make_set(void **state)
{
	(void)state;
	new_test_key();
	semid = semset_create(test_key.value, SEMAPHORES, 0600);
	remember_objects();
	return semid < 0;
}

static int remove_set_(void **state)
{
	(void)state;
	semset_remove(semid);
	return objects_are_gone() ? 0 : -1;
}

static unsigned number_of(const char *name, size_t length)
{
	static const char *const names[SEMAPHORES] = {"mutex", "empty", "full", "nothing", "alive",
		"producers", "consumers", "mirrors", "ready_i", "latest_i", "writer_i", "reader_i",
		"ready_L", "latest_L", "writer_L", "reader_L"};

	for (unsigned i = 0; i < SEMAPHORES; i++)
		if (strlen(names[i]) == length && strncmp(names[i], name, length) == 0)
			return i;
	must_failed(__FILE__, __LINE__, name, 0, 0);
	return 0;
}

static void read_state(const char *text, unsigned short values[SEMAPHORES])
{
	memset(values, 0, SEMAPHORES * sizeof(values[0]));
	while (*text != '\0') {
		size_t length = strcspn(text, "=");

		values[number_of(text, length)] = (unsigned short)(text[length + 1] - '0');
		text += length + 2;
		text += strspn(text, " ");
	}
}

static void set_state(const char *text)
{
	unsigned short values[SEMAPHORES];

	read_state(text, values);
	must_equal(semctl(semid, 0, SETALL, values), 0);
}

static void state_must_be(const char *text)
{
	unsigned short expected[SEMAPHORES], actual[SEMAPHORES];

	read_state(text, expected);
	must_equal(semset_values(semid, SEMAPHORES, actual), 0);
	for (unsigned i = 0; i < SEMAPHORES; i++)
		if (actual[i] != expected[i])
			must_failed(__FILE__, __LINE__, text, actual[i], expected[i]);
}

/* Executes the array as the library does, but leaves out operation `without` (-1: none). */
static int do_array(enum transition transition, int without)
{
	struct sembuf operations[OPERATIONS_MOST];
	unsigned count = transition_bind(transition, &binding, operations);

	if (without >= 0)
		memmove(&operations[without], &operations[without + 1],
			(--count - (unsigned)without) * sizeof(operations[0]));
	return count == 0 ? 0 : semset_do(semid, operations, count, 0);
}

static void text_is_the_designs(void **state)
{
	char text[256];

	(void)state;
	for (unsigned t = 0; t < T_COUNT; t++)
		assert_string_equal(transition_text(t, text, sizeof(text)), rows[t].text);
	assert_string_equal(transition_text(T_LOCK, text, 6), "mutex");
	assert_string_equal(transition_text(T_LOCK, text, 1), "");
}

static void succeeds_where_it_must(void **state)
{
	(void)state;
	for (unsigned t = 0; t < T_COUNT; t++) {
		set_state(rows[t].before);
		must_equal(do_array(t, -1), 0);
		state_must_be(rows[t].after);
	}
}

static void refuses_where_it_must(void **state)
{
	(void)state;
	for (unsigned t = 0; t < T_COUNT; t++)
		for (unsigned k = 0; k < STATES && rows[t].refused[k] != NULL; k++) {
			set_state(rows[t].refused[k]);
			if (do_array(t, -1) != -EAGAIN)
				must_failed(__FILE__, __LINE__, rows[t].refused[k], t, -1);
			state_must_be(rows[t].refused[k]);
		}
}

/*
 * Each operation that can fail is needed: without it, the array succeeds in one of the states
 * above.
 */
static void no_assertion_is_idle(void **state)
{
	struct sembuf operations[OPERATIONS_MOST];

	(void)state;
	for (unsigned t = 0; t < T_COUNT; t++)
		for (int op = 0; op < (int)transition_bind(t, &binding, operations); op++) {
			bool missed = false;

			if ((operations[op].sem_flg & IPC_NOWAIT) == 0)
				continue;
			for (unsigned k = 0; k < STATES && rows[t].refused[k] != NULL; k++) {
				set_state(rows[t].refused[k]);
				missed = missed || do_array(t, op) == 0;
			}
			if (!missed)
				must_failed(__FILE__, __LINE__, rows[t].text, op, -1);
		}
}

/* ---- rules over the whole table ------------------------------------------------------------ */

/* True for an array that gives the mutex back: the process that executes it holds the mutex. */
static bool is_done_locked(unsigned t)
{
	return strstr(rows[t].text, "mutex +1U") != NULL;
}

/*
 * While the mutex is held, no operation may sleep. It either has IPC_NOWAIT, or cannot fail: it
 * raises a value, it takes back what the array has just added, or it lowers this process's own
 * writer.
 */
static void none_sleeps_with_the_mutex(void **state)
{
	struct sembuf operations[OPERATIONS_MOST];
	unsigned locked = 0;

	(void)state;
	for (unsigned t = 0; t < T_COUNT; t++) {
		short added[SEMAPHORES] = {0};
		unsigned count = transition_bind(t, &binding, operations);

		locked += is_done_locked(t);
		for (unsigned k = 0; k < count && is_done_locked(t); k++) {
			const struct sembuf *op = &operations[k];
			bool mine =
				op->sem_num == slot_semaphore(0, SLOT_WRITER) && op->sem_op == -1;

			if (op->sem_op <= 0 && (op->sem_flg & IPC_NOWAIT) == 0)
				must(mine || added[op->sem_num] + op->sem_op >= 0);
			added[op->sem_num] = (short)(added[op->sem_num] + op->sem_op);
		}
	}
	must_equal(locked, 10); /* steal and its two variants, unlock, 4 of publish, unwait, take */
}

/* In a pair that cancels itself, +1 comes first, or -1 has IPC_NOWAIT. */
static void pairs_never_sleep(void **state)
{
	struct sembuf operations[OPERATIONS_MOST];

	(void)state;
	for (unsigned t = 0; t < T_COUNT; t++) {
		unsigned count = transition_bind(t, &binding, operations);

		for (unsigned k = 0; k + 1 < count; k++)
			if (operations[k].sem_num == operations[k + 1].sem_num &&
				operations[k].sem_op + operations[k + 1].sem_op == 0)
				must(operations[k].sem_op >= 0 ||
					(operations[k].sem_flg & IPC_NOWAIT) != 0);
	}
}

static void binds_every_slot(void **state)
{
	struct sembuf operations[OPERATIONS_MOST];
	const struct binding last = {.role = VITRINE_MIRROR, .slots = 64, .slot = 63, .latest = 62};
	char name[24];

	(void)state;
	must_equal(transition_bind(T_JOIN, &last, operations), 3);
	must_equal(operations[2].sem_num, SEM_MIRRORS);
	must_equal(transition_bind(T_INIT, &last, operations), 4);
	must_equal(operations[1].sem_op, 64);
	must_equal(transition_bind(T_PUBLISH_OVER_DONE, &last, operations), 11);
	must_equal(operations[0].sem_num, 8 + 4 * 62);
	must_equal(operations[4].sem_num, 8 + 4 * 63 + 1);
	must_equal(semaphore_count(64), SEMAPHORES_MAX);
	assert_string_equal(vitrine_semaphore_name(SEM_FULL, name, sizeof(name)), "full");
	assert_string_equal(vitrine_semaphore_name(8 + 4 * 63 + 2, name, sizeof(name)),
		"writer 63");
	for (unsigned t = 0; t < T_COUNT; t++)
		must(strlen(transition_name(t)) > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_the_designs),
		cmocka_unit_test_setup_teardown(succeeds_where_it_must, make_set, remove_set_),
		cmocka_unit_test_setup_teardown(refuses_where_it_must, make_set, remove_set_),
		cmocka_unit_test_setup_teardown(no_assertion_is_idle, make_set, remove_set_),
		cmocka_unit_test(none_sleeps_with_the_mutex),
		cmocka_unit_test(pairs_never_sleep),
		cmocka_unit_test(binds_every_slot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

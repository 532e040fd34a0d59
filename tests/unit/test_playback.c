/*
 * test_playback.c - a recording played back: the order of calls of two programs, sleeps with their
 * reasons, what the kernel undid, what was not recorded; and files that are not recordings.
 */
#include "playback.h"

#include <errno.h>

#include "files.h"
#include "snapshots.h"
#include "tracefile.h"

#define MS INT64_C(1000000)

enum { PRODUCER = 4199, CONSUMER = 4242, SLOTS = 2, VALUES = SEMAPHORES_SLOTS + 4 * SLOTS };

static struct files files;
static FILE *recording;

/* ---- a recording ---------------------------------------------------------------------------- */

static int set_up(void **state)
{
	(void)state;
	files_open(&files);
	recording = fopen(files_path(&files, "run"), "w");
	assert_non_null(recording);
	fprintf(recording, "[\n");
	fprintf(recording,
		"{\"name\": \"process_name\", \"ph\": \"M\", \"pid\": %d, \"args\": {\"name\": "
		"\"vitrine-producer\"}},\n",
		PRODUCER);
	fprintf(recording,
		"{\"name\": \"process_name\", \"ph\": \"M\", \"pid\": %d, \"args\": {\"name\": "
		"\"vitrine-consumer\"}},\n",
		CONSUMER);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	files_close(&files);
	return 0;
}

/* mutex 1, nothing 1, alive 1; 1 producer, 1 consumer; both slots empty. */
static void record_state(int64_t ms, int empty, int full, const int slot0[4], const char *image)
{
	fprintf(recording,
		"{\"name\": \"state\", \"cat\": \"state\", \"ph\": \"i\", \"ts\": %lld, \"pid\": 7, "
		"\"args\": {\"took\": 10, \"key\": 77, \"values\": "
		"[1,%d,%d,%d,1,1,1,0,%d,%d,%d,%d,0,0,0,0], \"images\": [",
		(long long)ms * 1000, empty, full, slot0[1] == 0, slot0[0], slot0[1], slot0[2],
		slot0[3]);
	if (image != NULL)
		fprintf(recording, "{\"slot\": 0, \"seq\": 41, \"name\": \"%s\"}", image);
	fprintf(recording, "]}},\n");
}

/* A call of milliseconds `from` to `to`; `operations` as JSON. */
static void record_call(int pid, double from, double to, const char *name, int slot, bool slept,
	const char *result, const char *operations)
{
	fprintf(recording,
		"{\"name\": \"%s\", \"cat\": \"semop\", \"ph\": \"X\", \"ts\": %.1f, \"dur\": %.1f, "
		"\"pid\": %d, \"tid\": %d, \"args\": {\"call\": \"%s\", \"slot\": %d, \"slept\": %s, "
		"\"result\": \"%s\", \"operations\": [%s]}},\n",
		name, from * 1e3, (to - from) * 1e3, pid, pid, name, slot, slept ? "true" : "false",
		result, operations);
}

static const int idle[4] = {0, 0, 0, 0}, ready[4] = {1, 1, 0, 0}, done[4] = {0, 1, 0, 0};

#define UNDO "4096"

static void record_reserve(double from, double to)
{
	record_call(PRODUCER, from, to, "reserve", -1, false, "0", "[1,-1," UNDO "]");
}

static void record_claim(double from, double to)
{
	record_call(PRODUCER, from, to, "claim", 0, false, "0",
		"[8,0,2048],[9,0,2048],[11,0,2048],[10,0,2048],[10,1," UNDO "]");
}

static void record_publish(double from, double to)
{
	record_call(PRODUCER, from, to, "publish", 0, false, "0",
		"[3,-1,2048],[9,1,0],[10,-1," UNDO "],[1,1," UNDO
		"],[1,-1,0],[8,1,0],[2,1,0],[0,1," UNDO "]");
}

static void record_lock(double from, double to)
{
	record_call(PRODUCER, from, to, "lock", -1, false, "0", "[0,-1," UNDO "]");
}

static void record_wait_and_lock(double from, double to)
{
	record_call(CONSUMER, from, to, "wait and lock", -1, true, "0",
		"[2,-1," UNDO "],[0,-1," UNDO "]");
}

static void record_take(double from, double to)
{
	record_call(CONSUMER, from, to, "take", 0, false, "0",
		"[8,-1,6144],[11,1," UNDO "],[0,1," UNDO "]");
}

static struct playback *play(void)
{
	char message[RECORDED_MESSAGE];
	struct playback *playback;

	fclose(recording);
	playback = playback_open(files_path(&files, "run"), message);
	if (playback == NULL)
		fail_msg("%s", message);
	return playback;
}

static void assert_step(const struct playback *playback, size_t number, enum playback_kind kind,
	const char *sentence)
{
	assert_true(number < playback_length(playback));
	assert_string_equal(playback_step(playback, number)->sentence, sentence);
	assert_int_equal(playback_step(playback, number)->kind, kind);
}

/* ---- what is played ------------------------------------------------------------------------- */

/* The consumer's return from its sleep is recorded before the return of the call that woke it. */
static void the_order_is_one_that_the_values_allow(void **state)
{
	struct playback *playback;
	size_t count;
	const struct playback_program *programs;

	(void)state;
	record_state(100, 2, 0, idle, NULL);
	record_wait_and_lock(110, 200.2);
	record_take(200.3, 200.4);
	record_reserve(150, 150.1);
	record_claim(151, 151.1);
	record_lock(199, 199.1);
	record_publish(199.9, 200.5);
	record_state(300, 1, 0, (const int[4]){0, 1, 0, 1}, "a.png");
	playback = play();
	assert_int_equal(playback_length(playback), 8);
	assert_step(playback, 0, PLAYBACK_BEGINS,
		"The recording begins: mutex 1, empty 2, full 0, 2 slots");
	assert_step(playback, 1, PLAYBACK_SLEEPS,
		"consumer 4242 wants full −1 (wait), and full is 0: it sleeps until some process does "
		"+1 (signal)");
	assert_step(playback, 2, PLAYBACK_CALL,
		"producer 4199 takes a free slot off the count: wait(empty) (empty 2 → 1)");
	assert_step(playback, 3, PLAYBACK_CALL,
		"producer 4199 marks slot 0 as its own, to write an image into it (writer₀ 0 → 1)");
	assert_step(playback, 4, PLAYBACK_CALL,
		"producer 4199 enters the critical section: wait(mutex) (mutex 1 → 0)");
	assert_step(playback, 5, PLAYBACK_CALL,
		"producer 4199 publishes slot 0: signal(full), signal(mutex) (nothing 1 → 0, latest₀ 0 "
		"→ 1, writer₀ 1 → 0, ready₀ 0 → 1, full 0 → 1, mutex 0 → 1)");
	assert_step(playback, 6, PLAYBACK_CALL,
		"consumer 4242 takes an image off the count and enters the critical section: "
		"wait(full), wait(mutex) (full 1 → 0, mutex 1 → 0)");
	assert_int_equal(playback_step(playback, 7)->kind, PLAYBACK_CALL);

	playback_go(playback, 1);
	programs = playback_programs(playback, &count);
	assert_int_equal(count, 2);
	assert_string_equal(programs[1].role, "consumer");
	assert_int_equal(programs[1].sleeps_on, SEMAPHORES_FULL);
	assert_int_equal(playback_snapshot(playback)->full.ncnt, 1);
	playback_close(playback);
}

/* Any step can be reached, in any order, and is the same each time. */
static void forward_and_back_are_the_same(void **state)
{
	struct xray_model *models = calloc(9, sizeof(*models));
	struct playback *playback;

	(void)state;
	record_state(100, 2, 0, idle, NULL);
	record_reserve(150, 150.1);
	record_claim(151, 151.1);
	record_lock(199, 199.1);
	record_publish(199.9, 200.5);
	record_state(300, 1, 1, ready, "a.png");
	playback = play();
	assert_int_equal(playback_length(playback), 5);
	for (size_t i = 0; i < 5; i++) {
		playback_go(playback, i);
		playback_model(playback, &models[i]);
	}
	for (size_t i = 5; i-- > 0;) {
		playback_go(playback, i);
		assert_int_equal(playback_at(playback), i);
		playback_model(playback, &models[5]);
		assert_true(xray_model_equal(&models[i], &models[5]));
	}
	assert_int_equal(models[1].figures[1].value, 1);
	assert_int_equal(models[2].slots[0].state, VITRINE_SLOT_WRITING);
	assert_string_equal(models[2].slots[0].text, "producer 4199 is filling it");
	assert_int_equal(models[4].slots[0].state, VITRINE_SLOT_READY);
	assert_string_equal(models[4].slots[0].name, "a.png");
	assert_string_equal(models[4].damage, "");
	playback_close(playback);
	free(models);
}

/* kill -9: no call, but the values change by what the producer had done with SEM_UNDO. */
static void the_kernel_undoes_what_a_killed_program_did(void **state)
{
	struct playback *playback;

	(void)state;
	record_state(100, 2, 0, idle, NULL);
	record_reserve(150, 150.1);
	record_claim(151, 151.1);
	record_state(200, 1, 0, (const int[4]){0, 0, 1, 0}, NULL);
	record_state(300, 2, 0, idle, NULL);
	playback = play();
	assert_int_equal(playback_length(playback), 4);
	assert_step(playback, 3, PLAYBACK_UNDO,
		"producer 4199 has ended, and the kernel undoes what it did: empty +1, writer₀ "
		"−1");
	playback_go(playback, 3);
	assert_int_equal(playback_snapshot(playback)->empty.value, 2);
	playback_close(playback);
}

/* Only the consumer was recorded: the step says that another program must have published. */
static void what_others_did_is_said(void **state)
{
	struct playback *playback;

	(void)state;
	record_state(100, 2, 0, idle, NULL);
	record_wait_and_lock(110, 200);
	record_take(200.1, 200.2);
	record_state(300, 1, 0, (const int[4]){0, 1, 0, 1}, "a.png");
	playback = play();
	assert_step(playback, 1, PLAYBACK_SLEEPS,
		"consumer 4242 wants full −1 (wait), and full is 0: it sleeps until some process does "
		"+1 (signal)");
	assert_step(playback, 2, PLAYBACK_UNKNOWN, "a program that was not recorded did: full +1");
	playback_go(playback, playback_length(playback) - 1);
	assert_int_equal(playback_snapshot(playback)->empty.value, 1);
	assert_int_equal(playback_snapshot(playback)->slots[0].state, VITRINE_SLOT_READING);
	playback_close(playback);
}

/* A slot that was shown, and holds the newest image, is not given back. */
static void the_kept_slot_is_not_called_given_back(void **state)
{
	struct playback *playback;

	(void)state;
	record_state(100, 1, 0, (const int[4]){0, 1, 0, 1}, "a.png");
	record_call(CONSUMER, 150, 150.1, "release", 0, false, "0",
		"[9,-1,2048],[9,1,0],[11,-1," UNDO "],[2,1," UNDO "],[2,-1,0],[8,1," UNDO
		"],[8,-1,0]");
	record_state(200, 1, 0, done, "a.png");
	playback = play();
	assert_int_equal(playback_length(playback), 2);
	assert_step(playback, 1, PLAYBACK_CALL,
		"consumer 4242 has shown the image in slot 0, which is kept as the newest (reader₀ 1 "
		"→ 0)");
	playback_close(playback);
}

static void a_wait_that_is_given_up_is_said(void **state)
{
	struct playback *playback;

	(void)state;
	record_state(100, 0, 0, idle, NULL);
	record_call(PRODUCER, 150, 250, "reserve", -1, true, "EAGAIN", "[1,-1," UNDO "]");
	record_call(PRODUCER, 260, 260.1, "reserve", -1, false, "EAGAIN", "[1,-1,6144]");
	playback = play();
	assert_int_equal(playback_length(playback), 3);
	assert_int_equal(playback_step(playback, 1)->kind, PLAYBACK_SLEEPS);
	assert_step(playback, 2, PLAYBACK_GAVE_UP,
		"producer 4199 stops waiting in reserve: nothing was done");
	playback_go(playback, 1);
	assert_int_equal(playback_snapshot(playback)->empty.ncnt, 1);
	playback_go(playback, 2);
	assert_int_equal(playback_snapshot(playback)->empty.ncnt, 0);
	playback_close(playback);
}

/* The kernel executes what slept together with what woke it: nothing comes between. */
static void a_sleeper_is_served_at_once(void **state)
{
	struct playback *playback;

	(void)state;
	record_state(100, 0, 1, (const int[4]){0, 0, 0, 1}, NULL);
	record_call(PRODUCER, 110, 205, "reserve", -1, true, "0", "[1,-1," UNDO "]");
	record_call(CONSUMER, 200, 200.1, "release", 0, false, "0",
		"[9,0,2048],[11,-1," UNDO "],[2,1," UNDO "],[2,-1,0],[8,1," UNDO
		"],[8,-1,0],[1,1,0]");
	record_call(CONSUMER, 201, 201.1, "wait and lock", -1, false, "0",
		"[2,-1," UNDO "],[0,-1," UNDO "]");
	playback = play();
	assert_int_equal(playback_length(playback), 5);
	assert_int_equal(playback_step(playback, 1)->kind, PLAYBACK_SLEEPS);
	assert_string_equal(playback_step(playback, 2)->call->name, "release");
	assert_string_equal(playback_step(playback, 3)->call->name, "reserve");
	assert_string_equal(playback_step(playback, 4)->call->name, "wait and lock");
	for (size_t i = 1; i < 5; i++)
		assert_true(playback_step(playback, i)->ns >= playback_step(playback, i - 1)->ns);
	playback_close(playback);
}

/* On a busy machine a woken process returns late from its call; the order is still right. */
static void a_late_return_is_no_riddle(void **state)
{
	struct playback *playback;

	(void)state;
	record_state(100, 2, 0, idle, NULL);
	record_wait_and_lock(110, 240);
	record_reserve(150, 150.1);
	record_claim(151, 151.1);
	record_lock(199, 199.1);
	record_publish(199.9, 200);
	fprintf(recording,
		"{\"cat\": \"state\", \"ts\": 220000, \"pid\": 7, \"args\": {\"took\": 10, \"values\": "
		"[0,1,0,0,1,1,1,0,1,1,0,0,0,0,0,0]}},\n");
	record_take(241, 241.1);
	record_state(300, 1, 0, (const int[4]){0, 1, 0, 1}, "a.png");
	playback = play();
	for (size_t i = 0; i < playback_length(playback); i++)
		assert_int_not_equal(playback_step(playback, i)->kind, PLAYBACK_UNKNOWN);
	assert_int_equal(playback_length(playback), 8);
	playback_close(playback);
}

/* Reads what the windows write: calls, states (only when they change), and names. */
static void the_windows_file_is_read(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(SLOTS);
	struct semop_call call = {.name = "release",
		.slot = 0,
		.count = 2,
		.started_ns = 2000 * MS,
		.ended_ns = 2001 * MS};
	const char *path = files_path(&files, "trace");
	char message[RECORDED_MESSAGE] = "";
	struct tracefile *file = tracefile_open(path, "vitrine-consumer", message, sizeof(message));
	struct recorded recorded;
	struct playback *playback;

	(void)state;
	fclose(recording);
	assert_non_null(file);
	call.operations[0] = (struct sembuf){SEMAPHORES_FULL, -1, SEM_UNDO};
	call.operations[1] = (struct sembuf){SEMAPHORES_EMPTY, 1, IPC_NOWAIT};
	for (int i = 0; i < 3; i++)
		tracefile_state(file, &info, snapshot, (1000 + i) * MS, (1000 + i) * MS + 5000);
	tracefile_call(file, &info, snapshot, &call);
	snapshot->full.value--;
	snapshot->empty.value++;
	tracefile_state(file, &info, snapshot, 3000 * MS, 3000 * MS + 5000);
	tracefile_close(file);

	assert_true(recorded_read(&recorded, path, message));
	assert_int_equal(recorded.state_count, 2);
	assert_int_equal(recorded.states[0].key, info.key);
	assert_int_equal(recorded.call_count, 1);
	assert_memory_equal(recorded.calls[0].call.operations, call.operations,
		2 * sizeof(call.operations[0]));
	assert_int_equal(recorded.calls[0].call.ended_ns, call.ended_ns);
	assert_int_equal(recorded.image_count, 1);
	assert_string_equal(recorded.images[0].name, "lighthouse.jpg");
	recorded_free(&recorded);
	playback = playback_open(path, message);
	assert_non_null(playback);
	assert_int_equal(playback_length(playback), 2);
	playback_go(playback, 1);
	assert_int_equal(playback_snapshot(playback)->empty.value, snapshot->empty.value);
	playback_close(playback);
	free(snapshot);
}

/* ---- the curves ----------------------------------------------------------------------------- */

static void curves_have_a_point_for_each_change(void **state)
{
	struct curves *curves = calloc(1, sizeof(*curves));
	struct playback *playback;

	(void)state;
	record_state(100, 2, 0, idle, NULL);
	record_reserve(150, 150.1);
	record_claim(151, 151.1);
	record_lock(199, 199.1);
	record_publish(199.9, 200.5);
	playback = play();
	playback_go(playback, 4);
	playback_curves(playback, curves);
	assert_int_equal(curves->count, 3);
	assert_int_equal(curves->to, 5);
	assert_int_equal(curves->most, SLOTS);
	assert_int_equal(curves->points[1].time, 1);
	assert_int_equal(curves->points[1].empty, 1);
	assert_int_equal(curves->points[2].time, 4);
	assert_int_equal(curves->points[2].full, 1);
	playback_go(playback, 1);
	playback_curves(playback, curves);
	assert_int_equal(curves->count, 2); /* no later than where it is */
	assert_int_equal(curves->until, 5);
	playback_close(playback);
	free(curves);
}

/* ---- files that are none -------------------------------------------------------------------- */

static void assert_refused(const char *text, const char *reason)
{
	char message[RECORDED_MESSAGE] = "";

	files_write(&files, "none", text, strlen(text));
	assert_null(playback_open(files_path(&files, "none"), message));
	if (strstr(message, reason) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", message, reason);
}

static void other_files_are_refused(void **state)
{
	(void)state;
	fclose(recording);
	assert_refused("", "not a recording");
	assert_refused("{\"steps\": []}", "not a recording");
	assert_refused("[\n", "does not contain the state of a channel");
	assert_refused("[\nnonsense\n{}\n", "not JSON");
}

/* Values and numbers that no kernel has, in all places: nothing breaks. */
static void lies_do_no_harm(void **state)
{
	struct playback *playback;

	(void)state;
	record_state(100, 32767, 99999999, idle, "\\u0007</script>\\u202e");
	record_state(-5, -1, -1, idle, NULL);
	record_call(PRODUCER, 150, 150.1, "publish", 9999, false, "0", "[1,32767,0],[1,32767,0]");
	record_call(-1, 150, 150.1, "x", 0, false, "0", "[1,1,0]");
	record_call(PRODUCER, 150, 100, "x", 0, false, "0", "[1,1,0]");
	record_call(PRODUCER, 150, 150.1, "x", 63, false, "0", "[99999,1,0]");
	record_call(PRODUCER, 150, 150.1, "x", 63, false, "EWHAT", "[200,-1,0]");
	record_call(PRODUCER, 150, 150.1, "publish", 63, false, "0", "[200,-1,0]");
	record_call(CONSUMER, 151, 151.1, "take", 1, true, "0", "[12,-1,0],[1,-32767,0],[2,0,0]");
	fprintf(recording, "{\"cat\": \"semop\", \"ts\": 1e300, \"dur\": 0, \"pid\": 1},\n");
	fprintf(recording,
		"{\"cat\": \"state\", \"ts\": 5, \"args\": {\"took\": 1, \"values\": []}},\n");
	fprintf(recording, "{\"cat\": 5, \"ph\": []},\n[],\n{\"name\": \"half");
	playback = play();
	for (size_t i = playback_length(playback); i-- > 0;) {
		struct xray_model *model = calloc(1, sizeof(*model));

		playback_go(playback, i);
		playback_model(playback, model);
		free(model);
	}
	playback_close(playback);
}

/* The sums of such times and values fit no integer. */
static void lies_do_not_overflow(void **state)
{
	struct playback *playback;
	const struct semop_call *call;

	(void)state;
	record_state(100, 2, 0, idle, NULL);
	record_call(PRODUCER, 5e12, 10e12, "reserve", -1, false, "0", "[1,-1,0]");
	for (int i = 0; i < 3; i++)
		record_call(PRODUCER, 150 + i, 150.1 + i, "x", -1, false, "0", "[2,32767,0]");
	playback = play();
	assert_int_equal(playback_length(playback), 4); /* the first call is none */
	for (size_t i = 1; i < 4; i++) {
		call = playback_step(playback, i)->call;
		assert_true(call->ended_ns >= call->started_ns);
		playback_go(playback, i);
		assert_int_equal(playback_snapshot(playback)->full.value, 32767);
	}
	playback_close(playback);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_order_is_one_that_the_values_allow),
		TEST(forward_and_back_are_the_same),
		TEST(the_kernel_undoes_what_a_killed_program_did),
		TEST(what_others_did_is_said),
		TEST(the_kept_slot_is_not_called_given_back),
		TEST(a_wait_that_is_given_up_is_said),
		TEST(a_sleeper_is_served_at_once),
		TEST(a_late_return_is_no_riddle),
		TEST(the_windows_file_is_read),
		TEST(curves_have_a_point_for_each_change),
		TEST(other_files_are_refused),
		TEST(lies_do_no_harm),
		TEST(lies_do_not_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

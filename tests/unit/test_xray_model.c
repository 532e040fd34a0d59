/* test_xray_model.c - what the X-ray says about valid and damaged snapshots. */
#include <errno.h>

#include "glass.h"
#include "snapshots.h"

static void a_sound_channel_is_described(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model, *again;

	(void)state;
	snapshot->full.ncnt = 1;
	model = model_of(snapshot);
	again = model_of(snapshot);
	assert_memory_equal(model, again, sizeof(*model));
	assert_true(model->is_open);
	assert_string_equal(model->ids, "key 0x77010001   shm 32   sem 7");
	assert_string_equal(model->here, "1 producer  1 consumer  0 mirrors");
	assert_string_equal(model->asleep, "asleep: consumer 4242 on full");
	assert_string_equal(model->segment, "owner teacher   mode 0600   nattch 2");
	assert_string_equal(model->programs, "producer 4199, consumer 4242");
	assert_string_equal(model->damage, "");
	assert_int_equal(model->figures[0].value, 1);
	assert_int_equal(model->figures[1].value, 3);
	assert_int_equal(model->figures[2].value, 1);
	assert_int_equal(model->figures[2].ncnt, 1);
	assert_int_equal(model->figures[2].zcnt, 0);
	assert_int_equal(model->slots[0].sequence, 41);
	assert_true(model->slots[0].is_latest);
	assert_string_equal(model->slots[0].text, "waiting for a consumer");
	assert_string_equal(model->slots[3].text, "free for a producer");
	free(model);
	free(again);
	free(snapshot);
}

/* For a process in another PID namespace, the kernel reports pid 0. */
static void a_holder_without_a_number_is_described(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model;

	(void)state;
	snapshot->slots[0].state = VITRINE_SLOT_READING;
	snapshot->slots[0].ready.value = 0;
	snapshot->slots[0].reader.value = 1;
	snapshot->slots[1].state = VITRINE_SLOT_WRITING;
	snapshot->slots[1].writer.value = 1;
	model = model_of(snapshot);
	assert_string_equal(model->slots[0].text, "a consumer holds it");
	assert_string_equal(model->slots[1].text, "a producer is filling it");
	free(model);
	snapshot->slots[0].holder = 4242;
	snapshot->slots[1].holder = 4199;
	model = model_of(snapshot);
	assert_string_equal(model->slots[0].text, "consumer 4242 holds it");
	assert_string_equal(model->slots[1].text, "producer 4199 is filling it");
	free(model);
	free(snapshot);
}

/* With several consumers, their program's name is shown once for all of them. */
static void programs_of_one_name_stand_together(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model = malloc(sizeof(*model));
	const struct attached_program programs[] = {
		{.pid = 4199, .name = "consumer", .sleeps_on = SEMAPHORES_FULL},
		{.pid = 4242, .name = "consumer", .sleeps_on = SEMAPHORES_FULL},
		{.pid = 4243, .name = "producer", .sleeps_on = -1},
	};
	struct attached_program mirrors[3];

	(void)state;
	assert_non_null(model);
	snapshot->full.ncnt = 2;
	xray_model_make(model, &(struct xray_facts){
				       .info = &info,
				       .snapshot = snapshot,
				       .owner = "teacher",
				       .programs = programs,
				       .program_count = 3,
			       });
	assert_string_equal(model->asleep, "asleep: consumer 4199, 4242 on full");
	assert_string_equal(model->programs, "consumer 4199, 4242, producer 4243");
	memcpy(mirrors, programs, sizeof(mirrors));
	mirrors[1].is_mirror = true;
	xray_model_make(model, &(struct xray_facts){
				       .info = &info,
				       .snapshot = snapshot,
				       .owner = "teacher",
				       .programs = mirrors,
				       .program_count = 3,
			       });
	assert_string_equal(model->programs, "consumer 4199, mirror 4242, producer 4243");
	free(model);
	free(snapshot);
}

/* A sleeper whose process cannot be examined is counted, without a name. */
static void unknown_sleepers_have_no_name(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model;

	(void)state;
	snapshot->full.ncnt = 2;
	snapshot->slots[0].latest_semaphore.zcnt = 1;
	model = model_of(snapshot);
	assert_string_equal(model->asleep, "asleep: 2 on full, 1 on latest₀");
	free(model);
	free(snapshot);
}

static void expect_damage(void (*harm)(struct vitrine_snapshot *), const char *set,
	const char *slot)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model;

	harm(snapshot);
	model = model_of(snapshot);
	assert_string_equal(model->damage, set);
	if (slot != NULL) {
		assert_int_equal(model->slots[1].state, VITRINE_SLOT_DAMAGED);
		assert_string_equal(model->slots[1].text, slot);
	}
	free(model);
	free(snapshot);
}

static void raise_mutex(struct vitrine_snapshot *snapshot)
{
	snapshot->mutex.value = 2;
}

static void raise_empty(struct vitrine_snapshot *snapshot)
{
	snapshot->empty.value = 4;
}

static void raise_full(struct vitrine_snapshot *snapshot)
{
	snapshot->full.value = 3;
}

static void lower_full(struct vitrine_snapshot *snapshot)
{
	snapshot->full.value = 0; /* and nobody holds the mutex */
}

static void forget_latest(struct vitrine_snapshot *snapshot)
{
	snapshot->slots[0].latest = false;
	snapshot->slots[0].latest_semaphore.value = 0;
	snapshot->slots[0].has_image = true;
}

static void contradict(struct vitrine_snapshot *snapshot)
{
	snapshot->slots[1].state = VITRINE_SLOT_DAMAGED;
	snapshot->slots[1].writer.value = 1;
	snapshot->slots[1].reader.value = 1;
}

static void raise_ready(struct vitrine_snapshot *snapshot)
{
	snapshot->slots[1].state = VITRINE_SLOT_READY;
	snapshot->slots[1].ready.value = 32767;
}

static void damage_is_named(void **state)
{
	(void)state;
	expect_damage(raise_mutex, "mutex is 2: it can only be 0 or 1", NULL);
	expect_damage(raise_empty,
		"empty is 4, but 3 slots are free and 1 producers are in the channel", NULL);
	expect_damage(raise_full, "full is 3, but 1 images wait", NULL);
	expect_damage(lower_full, "full is 0, but 1 images wait", NULL);
	expect_damage(forget_latest,
		"0 slots are marked as the latest, and the semaphore nothing is 0", NULL);
	expect_damage(contradict, "", "writer is 1, reader is 1: only one of them may be 1");
	expect_damage(raise_ready, "", "ready is 32767: it can only be 0 or 1");
}

/* Between two arrays of one transition the counts differ by one, which is not damage. */
static void transitions_on_their_way_are_sound(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model;

	(void)state;
	snapshot->empty.value = 2; /* reserved, not claimed yet */
	snapshot->full.value = 0;  /* waited for and locked, not taken yet */
	snapshot->mutex.value = 0;
	model = model_of(snapshot);
	assert_string_equal(model->damage, "");
	free(model);
	free(snapshot);
}

static void no_channel_is_empty(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model = malloc(sizeof(*model));

	(void)state;
	xray_model_make(model, &(struct xray_facts){.snapshot = snapshot});
	assert_false(model->is_open);
	snapshot->slot_count = 1000000;
	xray_model_make(model, &(struct xray_facts){.info = &info, .snapshot = snapshot});
	assert_false(model->is_open);
	free(model);
	free(snapshot);
}

/*
 * The number of cards that say "empty" is the semaphore's value, in every state of the newest
 * image.
 */
static void the_slots_called_empty_are_those_of_the_semaphore(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model;
	int count = 0;

	(void)state;
	snapshot->slots[0].state = VITRINE_SLOT_EMPTY; /* taken by a consumer */
	snapshot->slots[0].ready.value = 0;
	snapshot->full.value = 0;
	model = model_of(snapshot);
	for (uint32_t i = 0; i < 4; i++)
		count += model->slots[i].state == VITRINE_SLOT_EMPTY;
	assert_int_equal(count, snapshot->empty.value);
	assert_int_equal(model->slots[0].state, XRAY_SLOT_KEPT);
	assert_string_equal(model->slots[0].text, "taken; kept as the newest");
	assert_string_equal(model->damage, "");
	free(model);
	free(snapshot);
}

/* Makes the model of calls, newest first. */
static struct xray_model *model_of_calls(const struct vitrine_snapshot *snapshot,
	const struct semop_call *calls, size_t count, int64_t now)
{
	const struct semop_call_undo undo[] = {{SEMAPHORES_EMPTY, 1}, {5, -1}, {10, -1}};
	struct xray_model *model = malloc(sizeof(*model));

	xray_model_make(model, &(struct xray_facts){
				       .info = &info,
				       .snapshot = snapshot,
				       .owner = "",
				       .calls = calls,
				       .call_count = count,
				       .undo = undo,
				       .undo_count = 3,
				       .now = now,
			       });
	return model;
}

static void notes_say_what_a_call_did(void **state)
{
	const struct sembuf publish = {SEMAPHORES_FULL, 1, 0};
	const int64_t ms = 1000000;
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct semop_call calls[5] = {
		{.name = "publish", .slot = 1, .started_ns = 1, .ended_ns = 1 + 80 * ms},
		{.name = "reserve",
			.slot = -1,
			.started_ns = 1,
			.ended_ns = 1 + 80 * ms,
			.has_slept = true},
		{.name = "reserve",
			.slot = -1,
			.started_ns = 1,
			.ended_ns = 1 + 4800 * ms,
			.has_slept = true,
			.result = -EAGAIN},
		{.name = "claim", .slot = 0, .started_ns = 1, .ended_ns = 2, .result = -EAGAIN},
		{.name = "lock", .slot = -1, .started_ns = 1, .ended_ns = 2, .result = -EINTR},
	};
	struct xray_model *model;

	(void)state;
	calls[0].operations[0] = publish;
	calls[0].count = 1;
	model = model_of_calls(snapshot, calls, 5, 10000 * ms);
	assert_string_equal(model->calls[0].note, "took 80 ms");
	assert_string_equal(model->calls[1].note, "slept 80 ms");
	assert_string_equal(model->calls[2].note, "waited 4.8 s, then cancelled");
	assert_string_equal(model->calls[3].note, "refused (EAGAIN)");
	assert_string_equal(model->calls[4].note, "EINTR");
	assert_string_equal(model->undo,
		"if it is killed now, the kernel does: empty +1  producers −1  writer₀ −1");
	free(model);
	free(snapshot);
}

/* A guess that the kernel refused and the same step with another array are shown as one line. */
static void refused_tries_are_no_lines_of_their_own(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	const struct semop_call calls[4] = {
		{.name = "publish", .slot = 1, .started_ns = 5, .ended_ns = 6},
		{.name = "publish", .slot = 1, .started_ns = 4, .ended_ns = 5, .result = -EAGAIN},
		{.name = "publish", .slot = 1, .started_ns = 3, .ended_ns = 4, .result = -EAGAIN},
		{.name = "claim", .slot = 0, .started_ns = 1, .ended_ns = 2, .result = -EAGAIN},
	};
	struct xray_model *model = model_of_calls(snapshot, calls, 4, 10);

	(void)state;
	assert_int_equal(model->call_count, 2);
	assert_string_equal(model->calls[0].note, "on attempt 3");
	assert_string_equal(model->calls[1].name, "claim 0");
	free(model);
	free(snapshot);
}

/* Why this program sleeps, in words that stay true when the values change. */
static void a_sleep_has_its_reason(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct semop_call call = {.name = "reserve", .slot = -1, .count = 1, .started_ns = 1};
	struct xray_model *model;

	(void)state;
	call.operations[0] = (struct sembuf){SEMAPHORES_EMPTY, -1, SEM_UNDO};
	snapshot->empty.value = 0;
	model = model_of_calls(snapshot, &call, 1, INT64_C(1000000000));
	assert_string_equal(model->because,
		"reserve wants empty −1 (wait), and empty is 0: it sleeps until some process does "
		"+1 (signal)");
	free(model);
	snapshot->empty.value = 1;
	model = model_of_calls(snapshot, &call, 1, INT64_C(1000000000));
	assert_string_equal(model->because, "");
	free(model);
	free(snapshot);
}

/* If step mode holds the mutex, the X-ray says so; that a process waits, only if one does. */
static void nobody_is_said_to_wait_for_a_mutex_that_nobody_wants(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model = malloc(sizeof(*model));
	const struct attached_program programs[] = {
		{.pid = 4199, .name = "producer", .sleeps_on = -1},
		{.pid = 4242, .name = "consumer", .sleeps_on = SEMAPHORES_FULL},
		{.pid = 4243, .name = "consumer", .sleeps_on = SEMAPHORES_MUTEX},
	};
	struct xray_facts facts = {.info = &info,
		.snapshot = snapshot,
		.owner = "",
		.programs = programs,
		.program_count = 2,
		.is_holder_stepping = true};

	(void)state;
	assert_non_null(model);
	snapshot->mutex = (struct vitrine_semaphore){.value = 0, .pid = 4199};
	snapshot->full.ncnt = 1;
	xray_model_make(model, &facts);
	assert_int_equal(model->figures[0].ncnt, 0);
	assert_string_equal(model->asleep,
		"mutex held by 4199 (stepping); asleep: consumer 4242 on full");
	snapshot->mutex.ncnt = 1;
	facts.program_count = 3;
	xray_model_make(model, &facts);
	assert_int_equal(model->figures[0].ncnt, 1);
	assert_string_equal(model->asleep,
		"mutex held by 4199 (stepping); asleep: consumer 4243 on mutex, consumer 4242 on full");
	free(model);
	free(snapshot);
}

/* The list of calls shows which operations the kernel would undo. */
static void undo_is_to_be_seen_in_each_call(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct semop_call call = {
		.name = "publish", .slot = 1, .count = 4, .started_ns = 1, .ended_ns = 2};
	const struct sembuf operations[] = {{SEMAPHORES_EMPTY, 1, SEM_UNDO},
		{SEMAPHORES_EMPTY, -1, 0}, {SEMAPHORES_FULL, 1, 0},
		{SEMAPHORES_MUTEX, 1, SEM_UNDO}};
	struct xray_model *model;

	(void)state;
	memcpy(call.operations, operations, sizeof(operations));
	model = model_of_calls(snapshot, &call, 1, 10);
	assert_int_equal(model->calls[0].word_count, 3);
	assert_string_equal(model->calls[0].words[0].text, "empty +1 U −1");
	assert_true(model->calls[0].words[0].is_quiet);
	assert_string_equal(model->calls[0].words[1].text, "full +1");
	assert_string_equal(model->calls[0].words[2].text, "mutex +1 U");
	free(model);
	free(snapshot);
}

/* What comes next: the array, the change of each value, and that it would sleep. */
static void a_step_is_foretold(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model = malloc(sizeof(*model));
	struct stepper_stop step = {.number = 1, .name = "reserve", .slot = -1, .count = 1};
	struct xray_facts facts = {.info = &info, .snapshot = snapshot, .owner = "", .step = &step};

	(void)state;
	step.operations[0] = (struct sembuf){SEMAPHORES_EMPTY, -1, SEM_UNDO};
	xray_model_make(model, &facts);
	assert_string_equal(model->step.array, "empty −1 U");
	assert_string_equal(model->step.values[0].label, "empty");
	assert_int_equal(model->step.values[0].before, 3);
	assert_int_equal(model->step.values[0].after, 2);
	snapshot->empty.value = 0;
	xray_model_make(model, &facts);
	assert_string_equal(model->step.verdict,
		"wants empty −1 (wait), and empty is 0: it sleeps until some process does +1 "
		"(signal)");
	assert_int_equal(model->step.values[0].after, 0);
	free(model);
	free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_channel_is_described),
		cmocka_unit_test(a_holder_without_a_number_is_described),
		cmocka_unit_test(programs_of_one_name_stand_together),
		cmocka_unit_test(unknown_sleepers_have_no_name),
		cmocka_unit_test(damage_is_named),
		cmocka_unit_test(transitions_on_their_way_are_sound),
		cmocka_unit_test(no_channel_is_empty),
		cmocka_unit_test(the_slots_called_empty_are_those_of_the_semaphore),
		cmocka_unit_test(notes_say_what_a_call_did),
		cmocka_unit_test(refused_tries_are_no_lines_of_their_own),
		cmocka_unit_test(a_sleep_has_its_reason),
		cmocka_unit_test(nobody_is_said_to_wait_for_a_mutex_that_nobody_wants),
		cmocka_unit_test(undo_is_to_be_seen_in_each_call),
		cmocka_unit_test(a_step_is_foretold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

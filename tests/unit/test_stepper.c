/*
 * test_stepper.c - step mode in a real channel: a thread publishes, the test steps as a user would,
 * and compares the prediction with the kernel's result.
 */
#include "attached.h"
#include "observers.h"
#include "predict.h"
#include "presence.h"
#include "semaphores.h"
#include "semop_calls.h"
#include "stepper.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct stage {
	struct stepper *stepper;
	struct semop_calls *calls;
	struct observers observers;
	struct vitrine_key key;
	struct vitrine_channel *producer;
	struct vitrine_channel *inspector;
	pthread_t thread;
	sem_t news;
	atomic_bool is_inside;
};

static void on_news(void *data)
{
	sem_post(&((struct stage *)data)->news);
}

static bool is_inside(void *data)
{
	return atomic_load(&((struct stage *)data)->is_inside);
}

static void *publish(void *data)
{
	struct stage *stage = data;
	struct vitrine_claim claim;
	struct vitrine_image image;
	intptr_t rc;

	vitrine_pixels(&image, "a.png", 2, 2, VITRINE_XR24);
	rc = vitrine_claim(stage->producer, image.size, VITRINE_WAIT, VITRINE_FOREVER, &claim);
	if (rc == 0) {
		memset(claim.data, 0, image.size);
		rc = vitrine_publish(stage->producer, &claim, &image, VITRINE_FOREVER);
	}
	return (void *)rc;
}

static int set_up(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	struct vitrine_options options = {.slots = 2, .slot_size = 4096};
	char text[32];

	snprintf(text, sizeof(text), "0x7701%04x", (unsigned)getpid() & 0xffff);
	vitrine_key(&stage->key, text, NULL);
	sem_init(&stage->news, 0, 0);
	stage->stepper = stepper_create(STEPPER_TRANSITIONS, 0, on_news, stage);
	stage->calls = semop_calls_create();
	stepper_set_inside(stage->stepper, is_inside, stage);
	observers_add(&stage->observers, stepper_observe, stage->stepper);
	observers_add(&stage->observers, semop_calls_observe, stage->calls);
	options.role = VITRINE_PRODUCER;
	options.key = &stage->key;
	options.observer = observers_tell;
	options.observer_data = &stage->observers;
	if (vitrine_open(&stage->producer, &options) != 0)
		return -1;
	atomic_store(&stage->is_inside, true);
	*state = stage;
	return vitrine_open(&stage->inspector,
		&(struct vitrine_options){.role = VITRINE_INSPECTOR, .key = &stage->key});
}

static int tear_down(void **state)
{
	struct stage *stage = *state;

	stepper_end(stage->stepper);
	vitrine_remove(stage->inspector);
	vitrine_close(stage->inspector);
	vitrine_close(stage->producer);
	stepper_destroy(stage->stepper);
	semop_calls_destroy(stage->calls);
	sem_destroy(&stage->news);
	free(stage);
	return 0;
}

/* Waits until the thread has stopped (true) or runs (false). */
static struct stepper_stop wait_until(struct stage *stage, bool stopped, uint64_t after)
{
	struct timespec until;
	struct stepper_stop step;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	while (stepper_look(stage->stepper, &step) != stopped || (stopped && step.number <= after))
		assert_int_equal(sem_timedwait(&stage->news, &until), 0);
	return step;
}

/*
 * Lets the thread continue, waits until the call is over, and compares every value with the
 * prediction.
 */
static void do_and_compare(struct stage *stage, const struct stepper_stop *step)
{
	struct vitrine_snapshot snapshot;
	struct prediction prediction;
	struct semop_call call = {0};
	uint64_t before = semop_calls_newest(stage->calls, &call, 1) ? call.number : 0;

	assert_int_equal(vitrine_inspect(stage->inspector, &snapshot), 0);
	predict(&prediction, &snapshot, step->operations, step->count);
	assert_int_equal(prediction.outcome, PREDICT_DONE);
	stepper_go(stage->stepper);
	do
		semop_calls_newest(stage->calls, &call, 1);
	while (call.number == before || call.ended_ns == 0);
	assert_string_equal(call.name, step->name);
	assert_int_equal(call.result, 0);
	assert_int_equal(vitrine_inspect(stage->inspector, &snapshot), 0);
	for (uint32_t i = 0; i < prediction.count; i++)
		assert_int_equal(semaphores_at(&snapshot, prediction.values[i].number)->value,
			prediction.values[i].after);
}

static void play(struct stage *stage, const char *const names[], size_t count)
{
	struct stepper_stop step = {0};
	void *rc;

	pthread_create(&stage->thread, NULL, publish, stage);
	for (size_t i = 0; i < count; i++) {
		step = wait_until(stage, true, step.number);
		assert_string_equal(step.name, names[i]);
		/*
		 * In steps of whole transitions, a lock continues into its publish, and so do the
		 * values.
		 */
		if (strcmp(step.name, "lock") == 0 &&
			stepper_mode(stage->stepper) == STEPPER_TRANSITIONS)
			stepper_go(stage->stepper);
		else
			do_and_compare(stage, &step);
	}
	pthread_join(stage->thread, &rc);
	assert_int_equal((intptr_t)rc, 0);
}

static void transitions_are_single_steps(void **state)
{
	static const char *const names[] = {"reserve", "claim", "lock"};
	struct vitrine_snapshot snapshot;
	struct stage *stage = *state;

	play(stage, names, 3);
	assert_int_equal(vitrine_inspect(stage->inspector, &snapshot), 0);
	assert_int_equal(snapshot.full.value, 1);
	assert_int_equal(snapshot.mutex.value, 1);
}

static void all_stops_with_the_mutex_held(void **state)
{
	static const char *const names[] = {"reserve", "claim", "lock"};
	struct vitrine_snapshot snapshot;
	struct stage *stage = *state;
	struct stepper_stop step = {0};
	char text[PRESENCE_MAX], wanted[PRESENCE_MAX];

	stepper_set_mode(stage->stepper, STEPPER_ALL);
	pthread_create(&stage->thread, NULL, publish, stage);
	for (int i = 0; i < 3; i++) {
		step = wait_until(stage, true, step.number);
		assert_string_equal(step.name, names[i]);
		do_and_compare(stage, &step);
	}
	step = wait_until(stage, true, step.number);
	assert_string_equal(step.name, "publish");
	assert_true(step.holds_mutex);
	assert_int_equal(vitrine_inspect(stage->inspector, &snapshot), 0);
	assert_int_equal(snapshot.mutex.value, 0);
	/* Other programs recognise step mode by the thread's name. */
	assert_true(attached_has_thread(getpid(), STEPPER_THREAD_NAME));
	snprintf(wanted, sizeof(wanted), "waits for mutex, held by %d (stepping)", (int)getpid());
	assert_string_equal(presence_holder(text, getpid()), wanted);
	do_and_compare(stage, &step);
	pthread_join(stage->thread, NULL);
}

/* Esc, the end of the program, or the delay of slow motion ends every stop. */
static void every_way_out_works(void **state)
{
	struct stage *stage = *state;
	void *rc;

	pthread_create(&stage->thread, NULL, publish, stage);
	wait_until(stage, true, 0);
	stepper_set_mode(stage->stepper, STEPPER_RUNS);
	pthread_join(stage->thread, &rc);
	assert_int_equal((intptr_t)rc, 0);
	stepper_set_slow(stage->stepper, 5000000);
	pthread_create(&stage->thread, NULL, publish, stage);
	assert_true(wait_until(stage, true, 0).is_slow);
	pthread_join(stage->thread, &rc);
	assert_int_equal((intptr_t)rc, 0);
}

static void a_sleep_is_one_step(void **state)
{
	struct stage *stage = *state;
	struct vitrine_snapshot snapshot;
	struct prediction prediction;
	struct stepper_stop step = {0};
	void *rc;

	stepper_set_mode(stage->stepper, STEPPER_RUNS);
	for (int i = 0; i < 2; i++)
		assert_int_equal((intptr_t)publish(stage), 0);
	stepper_set_mode(stage->stepper, STEPPER_TRANSITIONS);
	pthread_create(&stage->thread, NULL, publish, stage);
	step = wait_until(stage, true, 0);
	assert_int_equal(vitrine_inspect(stage->inspector, &snapshot), 0);
	predict(&prediction, &snapshot, step.operations, step.count);
	assert_int_equal(prediction.outcome, PREDICT_SLEEPS);
	assert_int_equal(step.operations[prediction.at].sem_num, SEMAPHORES_EMPTY);
	stepper_go(stage->stepper);
	do
		vitrine_inspect(stage->inspector, &snapshot);
	while (snapshot.empty.ncnt == 0);
	/* The sleep ends with the channel. */
	stepper_end(stage->stepper);
	vitrine_remove(stage->inspector);
	pthread_join(stage->thread, &rc);
	assert_int_equal((intptr_t)rc, VITRINE_EREMOVED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(transitions_are_single_steps, set_up, tear_down),
		cmocka_unit_test_setup_teardown(all_stops_with_the_mutex_held, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_way_out_works, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_sleep_is_one_step, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

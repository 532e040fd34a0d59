/* test_presence.c - what both windows say about a process for which others wait. */
#include <unistd.h>

#include "glass.h"
#include "presence.h"

#define SECOND INT64_C(1000000000)

static struct link_look look;

static void start(void)
{
	memset(&look, 0, sizeof(look));
	look.state = LINK_OPEN;
	look.snapshot.alive.value = 1;
	look.snapshot.slot_count = 2;
}

/* A stopped holder is distinguished from one that has just taken the mutex, or taken it again. */
static void who_holds_the_mutex_for_long(void **state)
{
	struct presence_mutex watch = {0};

	(void)state;
	start();
	look.snapshot.mutex.pid = 4242;
	look.snapshot.mutex.ncnt = 1;
	assert_int_equal(presence_mutex_holder(&watch, &look, 0), 0);
	assert_int_equal(presence_mutex_holder(&watch, &look, SECOND), 0);
	assert_int_equal(presence_mutex_holder(&watch, &look, SECOND + 1), 4242);
	look.snapshot.mutex.pid = 4243;
	assert_int_equal(presence_mutex_holder(&watch, &look, SECOND + 2), 0);
	look.snapshot.mutex.value = 1;
	assert_int_equal(presence_mutex_holder(&watch, &look, 9 * SECOND), 0);
	look.snapshot.mutex.value = 0;
	look.snapshot.mutex.pid = getpid();
	assert_int_equal(presence_mutex_holder(&watch, &look, 10 * SECOND), 0);
	assert_int_equal(presence_mutex_holder(&watch, &look, 20 * SECOND), 0);
}

/* A program is between lock and publish in step mode, while the others sleep on `full`. */
static void a_mutex_that_nobody_wants_makes_nobody_wait(void **state)
{
	struct presence_mutex watch = {0};

	(void)state;
	start();
	look.snapshot.mutex.pid = 4242;
	look.snapshot.full.ncnt = 1;
	for (int64_t now = 0; now < 10 * SECOND; now += SECOND / 4)
		assert_int_equal(presence_mutex_holder(&watch, &look, now), 0);
	look.snapshot.mutex.ncnt = 1;
	assert_int_equal(presence_mutex_holder(&watch, &look, 10 * SECOND), 4242);
	look.snapshot.mutex.ncnt = 0; /* the sleeper is awake for a moment */
	assert_int_equal(presence_mutex_holder(&watch, &look, 10 * SECOND + SECOND / 4), 4242);
	assert_int_equal(presence_mutex_holder(&watch, &look, 12 * SECOND), 0);
}

/* "yet" is wrong after one has left. */
static void a_consumer_that_has_left_is_remembered(void **state)
{
	char text[PRESENCE_MAX];

	(void)state;
	start();
	assert_string_equal(presence_consumers(text, &look, false), "no consumer yet");
	assert_string_equal(presence_consumers(text, &look, true), "no consumer");
	look.snapshot.consumers.value = 1;
	assert_string_equal(presence_consumers(text, &look, true), "1 consumer");
}

/*
 * The kernel reports pid 0 for a process in another PID namespace; kill -CONT 0 would signal the
 * caller's own group.
 */
static void a_holder_without_a_number_is_told_without_one(void **state)
{
	struct presence_mutex watch = {0};
	char text[PRESENCE_MAX];
	int32_t holder;

	(void)state;
	start();
	look.snapshot.mutex.ncnt = 1;
	assert_int_equal(presence_mutex_holder(&watch, &look, 0), 0);
	holder = presence_mutex_holder(&watch, &look, 2 * SECOND);
	assert_int_equal(holder, PRESENCE_UNNAMED);
	presence_holder(text, holder);
	assert_non_null(strstr(text, "a process that cannot be identified from here"));
	assert_null(strstr(text, "kill"));
}

static void a_reader_without_a_number(void **state)
{
	char text[PRESENCE_MAX];

	(void)state;
	start();
	look.snapshot.consumers.value = 1;
	look.snapshot.slots[0].state = VITRINE_SLOT_READING;
	look.snapshot.slots[1].state = VITRINE_SLOT_READY;
	assert_string_equal(presence_full(text, &look),
		"both slots are in use: a consumer reads “an image”, 1 waits for it; it is paused or "
		"slow");
	look.snapshot.slots[0].holder = 4242;
	assert_string_equal(presence_full(text, &look),
		"both slots are in use: consumer 4242 reads “an image”, 1 waits for it; it is paused "
		"or slow");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_consumer_that_has_left_is_remembered),
		cmocka_unit_test(who_holds_the_mutex_for_long),
		cmocka_unit_test(a_mutex_that_nobody_wants_makes_nobody_wait),
		cmocka_unit_test(a_holder_without_a_number_is_told_without_one),
		cmocka_unit_test(a_reader_without_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

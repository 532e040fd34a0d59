/*
 * test_receiver.c - when the consumer copies an image to the history: not while it is being
 * presented.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "history.h"
#include "link.h"
#include "receiver.h"
#include "vitrine.h"

enum { SIDE = 64, LIMIT_MS = 30000, WHILE_MS = 200 };

static struct {
	struct vitrine_channel *producer;
	struct link *link;
	struct history *history;
	struct receiver *receiver;
	struct log log;
} it;

static void wake(void *data)
{
	(void)data;
}

static int set_up(void **state)
{
	struct vitrine_key key = {
		.value = 0x77030000 | (getpid() & 0xffff), .source = VITRINE_KEY_ARGUMENT};
	struct vitrine_options options = {
		.role = VITRINE_PRODUCER, .key = &key, .slots = 2, .slot_size = 1 << 20};

	(void)state;
	log_start(&it.log, "test_receiver");
	snprintf(key.text, sizeof(key.text), "0x%08x", (unsigned)key.value);
	assert_int_equal(vitrine_open(&it.producer, &options), VITRINE_OK);
	options.role = VITRINE_CONSUMER;
	it.link = link_create(&options, &it.log, wake, NULL);
	it.history = history_create(1 << 20);
	it.receiver = receiver_create(&(struct receiver_options){
		.link = it.link, .history = it.history, .log = &it.log, .wake = wake});
	assert_non_null(it.receiver);
	return 0;
}

static int clean_up(void **state)
{
	(void)state;
	receiver_destroy(it.receiver);
	history_destroy(it.history);
	link_destroy(it.link);
	vitrine_remove(it.producer);
	vitrine_close(it.producer);
	return 0;
}

static void publish(const char *media_type)
{
	struct vitrine_claim claim;
	struct vitrine_image image;

	vitrine_pixels(&image, "x", SIDE, SIDE, VITRINE_XR24);
	snprintf(image.media_type, sizeof(image.media_type), "%s", media_type);
	assert_int_equal(vitrine_claim(it.producer, image.size, VITRINE_FAIL, 0, &claim),
		VITRINE_OK);
	memset(claim.data, 1, image.size);
	assert_int_equal(vitrine_publish(it.producer, &claim, &image, VITRINE_FOREVER), VITRINE_OK);
}

static struct hand wait_for_hand(void)
{
	struct hand hand = {0};

	for (int i = 0; i < LIMIT_MS && !receiver_look(it.receiver, &hand); i++)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	assert_int_not_equal(hand.number, 0);
	return hand;
}

static bool is_kept_within(uint64_t number, int ms)
{
	struct history_entry entry;
	bool is_kept = false;

	for (int i = 0; i < ms && !is_kept; i++) {
		is_kept = history_get(it.history, HISTORY_THIS, number, &entry);
		if (is_kept)
			picture_unref(entry.picture);
		else
			nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
	return is_kept;
}

static void test_an_image_is_copied_when_it_is_on_the_screen(void **state)
{
	struct hand hand;

	(void)state;
	publish("");
	hand = wait_for_hand();
	receiver_read(it.receiver, hand.number);
	assert_false(is_kept_within(hand.number, WHILE_MS));
	receiver_done(it.receiver, hand.number, 1);
	assert_true(is_kept_within(hand.number, LIMIT_MS));
}

static void test_a_frame_is_copied_while_it_is_presented(void **state)
{
	struct hand hand;

	(void)state;
	publish(VITRINE_MEDIA_TYPE_FRAME);
	hand = wait_for_hand();
	assert_false(is_kept_within(hand.number, WHILE_MS));
	receiver_read(it.receiver, hand.number);
	assert_true(is_kept_within(hand.number, LIMIT_MS));
	receiver_done(it.receiver, hand.number, 1);
}

/* The image is given back at once, and the next one is shown. */
static void test_what_cannot_be_shown_is_not_copied(void **state)
{
	struct hand first, second = {0};

	(void)state;
	publish("");
	first = wait_for_hand();
	receiver_done(it.receiver, first.number, 0);
	publish("");
	for (int i = 0; i < LIMIT_MS && second.number <= first.number; i++)
		second = wait_for_hand();
	assert_int_equal(second.image.sequence, 2);
	assert_false(is_kept_within(first.number, 1));
	receiver_done(it.receiver, second.number, 0);
}

#define a_test(test) cmocka_unit_test_setup_teardown(test, set_up, clean_up)

static void test_a_window_looks_less_often_while_nothing_happens(void **state)
{
	int calm = 0;
	int64_t first = link_look_ns(&calm);

	(void)state;
	for (int i = 0; i < 9; i++)
		assert_int_equal(link_look_ns(&calm), first);
	assert_int_equal(link_look_ns(&calm), 2 * first);
	calm = 0;
	assert_int_equal(link_look_ns(&calm), first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(test_an_image_is_copied_when_it_is_on_the_screen),
		a_test(test_a_frame_is_copied_while_it_is_presented),
		a_test(test_what_cannot_be_shown_is_not_copied),
		cmocka_unit_test(test_a_window_looks_less_often_while_nothing_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

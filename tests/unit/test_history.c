/*
 * test_history.c - the consumer's history: what is kept, what is dropped first, what memory is
 * reused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "history.h"
#include "pool.h"

#define SIDE  512u
#define BYTES ((uint64_t)SIDE * SIDE * 4)

static struct vitrine_image image_of(uint64_t sequence)
{
	struct vitrine_image image;

	assert_int_equal(vitrine_pixels(&image, "a.png", SIDE, SIDE, VITRINE_XR24), VITRINE_OK);
	image.sequence = sequence;
	return image;
}

/* Adds image `number`, its pixels filled with the number; false: no room. */
static bool add(struct history *history, uint64_t number)
{
	struct vitrine_image image = image_of(number + 100);
	void *memory = history_reserve(history, image.size, false);
	struct content content = content_of_pixels(&image, memory);

	if (memory == NULL)
		return false;
	memset(memory, (int)number, image.size);
	picture_unref(history_add(history, number, &image, &content));
	return true;
}

/* Adds a frame of a stream. */
static void add_frame(struct history *history, uint64_t number, int32_t publisher)
{
	struct vitrine_image image = image_of(number + 100);
	void *memory = history_reserve(history, image.size, false);
	struct content content = content_of_pixels(&image, memory);

	assert_non_null(memory);
	strcpy(image.media_type, VITRINE_MEDIA_TYPE_FRAME);
	image.publisher = publisher;
	memset(memory, (int)number, image.size);
	picture_unref(history_add(history, number, &image, &content));
}

static bool has(struct history *history, uint64_t number)
{
	struct history_entry entry;

	if (!history_get(history, HISTORY_THIS, number, &entry))
		return false;
	assert_int_equal(entry.number, number);
	assert_int_equal(entry.image.sequence, number + 100);
	assert_int_equal(entry.picture->pixels.data[0], (uint8_t)number);
	assert_int_equal(entry.picture->pixels.data[BYTES - 1], (uint8_t)number);
	assert_null(entry.image.data);
	picture_unref(entry.picture);
	return true;
}

static void test_the_oldest_goes_first(void **state)
{
	struct history *history = history_create(3 * BYTES + 4096);

	(void)state;
	for (uint64_t number = 1; number <= 5; number++)
		assert_true(add(history, number));
	assert_false(has(history, 1));
	assert_false(has(history, 2));
	assert_true(has(history, 3) && has(history, 4) && has(history, 5));
	assert_int_equal(history_count(history, 0), 3);
	assert_int_equal(history_count(history, 4), 1);
	assert_true(history_used(history) <= history_memory(history));
	history_destroy(history);
}

static void test_one_that_is_too_large_drops_nothing(void **state)
{
	struct history *history = history_create(3 * BYTES + 4096);
	void *memory;

	(void)state;
	assert_true(add(history, 1));
	assert_null(history_reserve(history, 4 * BYTES, false));
	assert_null(history_reserve(history, UINT64_MAX, false));
	assert_null(history_reserve(history, UINT64_MAX, true));
	assert_true(has(history, 1));
	memory = history_reserve(history, 4 * BYTES, true);
	assert_non_null(memory);
	pool_give_back(memory);
	history_destroy(history);
}

static void test_neighbours(void **state)
{
	struct history *history = history_create(8 * BYTES);
	struct history_entry entry;

	(void)state;
	assert_false(history_get(history, HISTORY_NEWER, 0, &entry));
	assert_false(history_get(history, HISTORY_OLDER, UINT64_MAX, &entry));
	assert_true(add(history, 2) && add(history, 5) && add(history, 9));
	static const struct {
		enum history_which which;
		uint64_t number, found; /* 0: nothing */
	} cases[] = {{HISTORY_NEWER, 0, 2}, {HISTORY_NEWER, 2, 5}, {HISTORY_NEWER, 3, 5},
		{HISTORY_NEWER, 9, 0}, {HISTORY_OLDER, 9, 5}, {HISTORY_OLDER, 6, 5},
		{HISTORY_OLDER, 2, 0}, {HISTORY_OLDER, 0, 0}, {HISTORY_OLDER, UINT64_MAX, 9},
		{HISTORY_THIS, 5, 5}, {HISTORY_THIS, 4, 0}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool found = history_get(history, cases[i].which, cases[i].number, &entry);
		assert_int_equal(found ? entry.number : 0, cases[i].found);
		if (found)
			picture_unref(entry.picture);
	}
	history_destroy(history);
}

static void test_what_is_told_later(void **state)
{
	struct history *history = history_create(8 * BYTES);
	struct history_entry entry;

	(void)state;
	assert_true(add(history, 1));
	history_set_latency(history, 1, 2.5);
	history_set_latency(history, 7, 2.5);
	history_mark_former(history);
	assert_true(add(history, 2));
	assert_true(history_get(history, HISTORY_THIS, 1, &entry));
	assert_true(entry.is_former && entry.latency_ms > 2.4);
	picture_unref(entry.picture);
	assert_true(history_get(history, HISTORY_THIS, 2, &entry));
	assert_false(entry.is_former);
	picture_unref(entry.picture);
	history_destroy(history);
}

/* The window shows or saves a picture while the history changes or ends. */
static void test_what_is_held_stays(void **state)
{
	struct history *history = history_create(2 * BYTES + 4096);
	struct history_entry entry;

	(void)state;
	assert_true(add(history, 1));
	assert_true(history_get(history, HISTORY_THIS, 1, &entry));
	assert_true(add(history, 2) && add(history, 3) && add(history, 4));
	assert_false(has(history, 1));
	assert_true(history_used(history) <= history_memory(history));
	assert_int_equal(entry.picture->pixels.data[0], 1);
	history_destroy(history);
	assert_int_equal(entry.picture->pixels.data[BYTES - 1], 1);
	picture_unref(entry.picture);
}

static void test_buffers_are_used_again(void **state)
{
	struct pool *pool = pool_create(3 * BYTES);
	void *first = pool_get(pool, BYTES, false);
	void *second = pool_get(pool, BYTES / 2, false);

	(void)state;
	assert_non_null(first);
	assert_non_null(second);
	assert_null(pool_get(pool, 2 * BYTES, false));
	pool_give_back(first);
	assert_int_equal(pool_use(pool).used, BYTES / 2);
	assert_int_equal(pool_use(pool).spare, BYTES);
	assert_ptr_equal(pool_get(pool, BYTES - 100, false), first);
	pool_give_back(first);
	/* The spare block is far too large, so a new one is allocated. */
	void *third = pool_get(pool, BYTES / 4, false);
	assert_ptr_not_equal(third, first);
	pool_give_back(second);
	pool_give_back(third);
	/* Spare blocks are freed if there is no room beside them. */
	void *all = pool_get(pool, 3 * BYTES, false);
	assert_non_null(all);
	assert_int_equal(pool_use(pool).spare, 0);
	pool_destroy(pool);
	pool_give_back(all);
	pool_give_back(NULL);
	pool_destroy(NULL);
}

/* A stream uses one place and drops no other image; two streams that alternate use two. */
static void test_of_a_stream_the_newest_frame_is_kept(void **state)
{
	struct history *history = history_create(4 * BYTES + 4096);

	(void)state;
	assert_true(add(history, 1));
	for (uint64_t number = 2; number <= 1000; number++)
		add_frame(history, number, 7);
	assert_int_equal(history_count(history, 0), 2);
	assert_true(has(history, 1));
	assert_true(has(history, 1000));
	assert_true(history_used(history) <= 3 * BYTES + 4096);
	add_frame(history, 1001, 8);
	assert_true(add(history, 1002));
	assert_true(has(history, 1000) && has(history, 1001) && has(history, 1002));
	history_destroy(history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_oldest_goes_first),
		cmocka_unit_test(test_one_that_is_too_large_drops_nothing),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_what_is_told_later),
		cmocka_unit_test(test_what_is_held_stays),
		cmocka_unit_test(test_buffers_are_used_again),
		cmocka_unit_test(test_of_a_stream_the_newest_frame_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

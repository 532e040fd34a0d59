/* test_slideshow.c - which image a slide show publishes next, and when. */
#include "slideshow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the above first */
#include <cmocka.h>

#define EVERY INT64_C(1000)

static struct tray *tray_of_images(size_t count)
{
	struct tray *tray = tray_create(0);
	char path[32];

	assert_non_null(tray);
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "/%zu", i);
		assert_non_null(tray_add(tray, path));
	}
	return tray;
}

/* The image that is due at `now`, chosen as the window does. */
static size_t due(struct slideshow *slideshow, struct tray *tray, int64_t now)
{
	size_t place = slideshow_work(slideshow, tray, false, now);

	if (place != TRAY_NONE)
		tray_choose(tray, place);
	return place;
}

static void it_goes_through_the_row_and_begins_again(void **state)
{
	struct slideshow slideshow = {.every_ns = EVERY};
	struct tray *tray = tray_of_images(3);

	(void)state;
	assert_int_equal(slideshow_deadline(&slideshow), SLIDESHOW_NEVER);
	assert_true(due(&slideshow, tray, 0) == TRAY_NONE);
	tray_choose(tray, 1);
	slideshow_start(&slideshow, 0, 1);
	for (size_t i = 0; i < 7; i++) {
		int64_t now = (int64_t)i * EVERY;

		assert_int_equal(slideshow_deadline(&slideshow), now);
		assert_int_equal(due(&slideshow, tray, now), (i + 1) % 3);
		assert_true(due(&slideshow, tray, now + EVERY - 1) == TRAY_NONE);
	}
	slideshow_end(&slideshow);
	slideshow_end(&slideshow);
	tray_destroy(tray);
}

static void once_ends_after_the_last(void **state)
{
	struct slideshow slideshow = {.every_ns = EVERY, .once = true};
	struct tray *tray = tray_of_images(2);

	(void)state;
	slideshow_start(&slideshow, 0, 1);
	assert_int_equal(due(&slideshow, tray, 0), 0);
	assert_int_equal(due(&slideshow, tray, EVERY), 1);
	assert_int_equal(slideshow.state, SLIDESHOW_RUNS); /* the last one has its time */
	assert_true(due(&slideshow, tray, 2 * EVERY) == TRAY_NONE);
	assert_int_equal(slideshow.state, SLIDESHOW_OFF);
	tray_destroy(tray);
}

/* A tray may still be filled when the show has begun: all that come are shown before it ends. */
static void once_shows_what_comes_late(void **state)
{
	(void)state;
	for (int shuffles = 0; shuffles < 2; shuffles++) {
		struct slideshow slideshow = {.every_ns = EVERY,
			.once = true,
			.shuffles = shuffles != 0,
			.is_filling = true};
		struct tray *tray = tray_of_images(1);
		unsigned shown = 0;

		slideshow_start(&slideshow, 0, 1);
		assert_int_equal(due(&slideshow, tray, 0), 0);
		assert_true(due(&slideshow, tray, EVERY) == TRAY_NONE);
		assert_int_equal(slideshow.state, SLIDESHOW_RUNS);
		assert_int_equal(slideshow_deadline(&slideshow), SLIDESHOW_NEVER);
		assert_non_null(tray_add(tray, "/late/1"));
		assert_non_null(tray_add(tray, "/late/2"));
		slideshow.is_filling = false;
		for (int64_t i = 2; slideshow.state == SLIDESHOW_RUNS; i++) {
			size_t place = due(&slideshow, tray, i * EVERY);

			if (place != TRAY_NONE)
				shown |= 1u << place;
		}
		assert_int_equal(shown, 1 << 1 | 1 << 2);
		tray_destroy(tray);
	}
}

static void a_pause_gives_the_next_one_its_whole_time(void **state)
{
	struct slideshow slideshow = {.every_ns = EVERY};
	struct tray *tray = tray_of_images(3);

	(void)state;
	slideshow_start(&slideshow, 0, 1);
	assert_int_equal(due(&slideshow, tray, 0), 0);
	slideshow_pause(&slideshow, 10);
	assert_int_equal(slideshow.state, SLIDESHOW_PAUSED);
	assert_int_equal(slideshow_deadline(&slideshow), SLIDESHOW_NEVER);
	assert_true(due(&slideshow, tray, 5 * EVERY) == TRAY_NONE);
	slideshow_pause(&slideshow, 5 * EVERY);
	assert_int_equal(slideshow_deadline(&slideshow), 6 * EVERY);
	assert_int_equal(due(&slideshow, tray, 6 * EVERY), 1);
	slideshow_end(&slideshow);
	tray_destroy(tray);
}

static void it_says_what_it_does(void **state)
{
	struct slideshow slideshow = {.every_ns = INT64_C(2500000000)};
	char text[SLIDESHOW_TEXT_MAX];

	(void)state;
	assert_string_equal(slideshow_text(text, &slideshow), "");
	slideshow_start(&slideshow, 0, 1);
	assert_string_equal(slideshow_text(text, &slideshow), "slide show, every 2.5 s");
	slideshow_pause(&slideshow, 0);
	assert_string_equal(slideshow_text(text, &slideshow), "slide show paused");
	slideshow_end(&slideshow);
}

/* While an image waits, no other is queued, and lost time is not made up for. */
static void it_waits_for_what_waits(void **state)
{
	struct slideshow slideshow = {.every_ns = EVERY};
	struct tray *tray = tray_of_images(0);

	(void)state;
	slideshow_start(&slideshow, 0, 1);
	assert_true(due(&slideshow, tray, 0) == TRAY_NONE); /* nothing is loaded yet */
	assert_int_equal(slideshow_deadline(&slideshow), SLIDESHOW_NEVER);
	assert_non_null(tray_add(tray, "/0"));
	assert_non_null(tray_add(tray, "/1"));
	assert_int_equal(due(&slideshow, tray, 100), 0);
	assert_true(slideshow_work(&slideshow, tray, true, 7 * EVERY) == TRAY_NONE);
	assert_int_equal(slideshow_deadline(&slideshow), SLIDESHOW_NEVER);
	assert_int_equal(due(&slideshow, tray, 8 * EVERY), 1);
	assert_int_equal(slideshow_deadline(&slideshow), 9 * EVERY);
	slideshow_end(&slideshow);
	tray_destroy(tray);
}

/* Each image comes once per round, for any seed; removed images are skipped. */
static void shuffled_each_comes_once_a_round(void **state)
{
	enum { COUNT = 9, ROUNDS = 3 };

	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		struct slideshow slideshow = {.every_ns = EVERY, .shuffles = true};
		struct tray *tray = tray_of_images(COUNT);
		unsigned shown[COUNT] = {0};
		size_t before = TRAY_NONE;

		slideshow_start(&slideshow, 0, seed);
		for (int64_t i = 0; i < 1 + ROUNDS * (COUNT - 1); i++) {
			size_t place = due(&slideshow, tray, i * EVERY);

			assert_true(place < COUNT && place != before);
			before = place;
			shown[place]++;
		}
		for (size_t i = 0; i < COUNT; i++)
			assert_true(shown[i] >= ROUNDS - 1 && shown[i] <= ROUNDS + 1);
		for (size_t i = COUNT - 1; i > 0; i--)
			tray_remove(tray, tray_at(tray, i)->id);
		assert_int_equal(due(&slideshow, tray, 99 * EVERY), 0);
		slideshow_end(&slideshow);
		tray_destroy(tray);
	}
}

static void shuffled_once_ends_after_a_round(void **state)
{
	struct slideshow slideshow = {.every_ns = EVERY, .shuffles = true, .once = true};
	struct tray *tray = tray_of_images(5);

	(void)state;
	slideshow_start(&slideshow, 0, 7);
	for (int64_t i = 0; i < 5; i++)
		assert_true(due(&slideshow, tray, i * EVERY) != TRAY_NONE);
	assert_true(due(&slideshow, tray, 5 * EVERY) == TRAY_NONE);
	assert_int_equal(slideshow.state, SLIDESHOW_OFF);
	tray_destroy(tray);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_goes_through_the_row_and_begins_again),
		cmocka_unit_test(once_ends_after_the_last),
		cmocka_unit_test(once_shows_what_comes_late),
		cmocka_unit_test(it_says_what_it_does),
		cmocka_unit_test(a_pause_gives_the_next_one_its_whole_time),
		cmocka_unit_test(it_waits_for_what_waits),
		cmocka_unit_test(shuffled_each_comes_once_a_round),
		cmocka_unit_test(shuffled_once_ends_after_a_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

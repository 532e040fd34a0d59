/* test_playing.c - a stream that is shown: the counts of frames shown and dropped, and its end. */
#include "playing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
/* cmocka needs the above first */
#include <cmocka.h>

#define FRAME INT64_C(20000000) /* 50 frames a second */

static struct log silent = {.program = "test_playing"};

static bool shows(struct playing *playing, uint64_t sequence, bool is_shared, int64_t now)
{
	const struct vitrine_image image = {.sequence = sequence, .name = "a stream"};

	return playing_add(playing, &image, 4, is_shared, now, &silent);
}

static void test_counts_frames_and_what_lies_between(void **state)
{
	struct playing playing = {0};

	(void)state;
	assert_true(shows(&playing, 7, false, FRAME));
	assert_string_equal(playing.name, "a stream");
	assert_false(shows(&playing, 8, false, 2 * FRAME));
	assert_false(shows(&playing, 12, false, 3 * FRAME));
	assert_int_equal(playing.shown, 3);
	assert_int_equal(playing.dropped, 3); /* 9, 10, 11 */
}

static void test_what_other_consumers_take_is_not_dropped(void **state)
{
	struct playing playing = {0};

	(void)state;
	shows(&playing, 1, true, FRAME);
	shows(&playing, 9, true, 2 * FRAME);
	assert_int_equal(playing.dropped, 0);
}

static void test_measures_each_second(void **state)
{
	struct playing playing = {0};

	(void)state;
	for (int i = 0; i < 50; i++)
		shows(&playing, (uint64_t)i + 1, false, (i + 1) * FRAME);
	assert_true(playing.fps == 0); /* not yet */
	shows(&playing, 51, false, 51 * FRAME);
	assert_true(playing.fps > 50.9 && playing.fps < 51.1);
	assert_true(playing.latency_ms == 4);
}

static void test_what_a_pause_skips_is_not_dropped(void **state)
{
	struct playing playing = {0};

	(void)state;
	shows(&playing, 1, false, FRAME);
	playing_follow(&playing, false, 2 * FRAME);
	playing_end(&playing, 2 * FRAME + 2 * PLAYING_QUIET_NS, &silent);
	assert_true(playing.is_on); /* a pause ends no stream */
	playing_follow(&playing, true, 3 * FRAME + 2 * PLAYING_QUIET_NS);
	assert_false(shows(&playing, 90, false, 4 * FRAME + 2 * PLAYING_QUIET_NS));
	assert_int_equal(playing.dropped, 0);
	assert_int_equal(playing.shown, 2);
}

static void test_ends_when_it_is_quiet_or_something_else_is_shown(void **state)
{
	struct playing playing = {0};

	(void)state;
	shows(&playing, 1, false, FRAME);
	playing_end(&playing, FRAME + PLAYING_QUIET_NS - 1, &silent);
	assert_true(playing.is_on);
	playing_end(&playing, FRAME + PLAYING_QUIET_NS, &silent);
	assert_false(playing.is_on);
	shows(&playing, 2, false, FRAME);
	playing_end(&playing, INT64_MAX, &silent);
	assert_false(playing.is_on);
	/* A frame after the silence is the first of another stream. */
	shows(&playing, 3, false, FRAME);
	assert_true(shows(&playing, 9, false, 2 * FRAME + PLAYING_QUIET_NS));
	assert_int_equal(playing.dropped, 0);
	assert_int_equal(playing.shown, 1);
}

static int open_log(void **state)
{
	(void)state;
	silent.out = silent.err = fopen("/dev/null", "we");
	return silent.out == NULL;
}

static int close_log(void **state)
{
	(void)state;
	return fclose(silent.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_frames_and_what_lies_between),
		cmocka_unit_test(test_what_other_consumers_take_is_not_dropped),
		cmocka_unit_test(test_measures_each_second),
		cmocka_unit_test(test_what_a_pause_skips_is_not_dropped),
		cmocka_unit_test(test_ends_when_it_is_quiet_or_something_else_is_shown),
	};

	return cmocka_run_group_tests(tests, open_log, close_log);
}

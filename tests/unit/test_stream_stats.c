/*
 * test_stream_stats.c - a stream that is shown: the counts of frames shown and dropped, and its
 * end.
 */
#include "stream_stats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
/* cmocka needs the above first */
#include <cmocka.h>

#define FRAME INT64_C(20000000) /* 50 frames a second */

static struct log silent = {.program = "test_stream_stats"};

static bool shows(struct stream_stats *stream, uint64_t sequence, bool is_shared, int64_t now)
{
	const struct vitrine_image image = {.sequence = sequence, .name = "a stream"};

	return stream_stats_add(stream, &image, 4, is_shared, now, &silent);
}

static void test_counts_frames_and_what_lies_between(void **state)
{
	struct stream_stats stream = {0};

	(void)state;
	assert_true(shows(&stream, 7, false, FRAME));
	assert_string_equal(stream.name, "a stream");
	assert_false(shows(&stream, 8, false, 2 * FRAME));
	assert_false(shows(&stream, 12, false, 3 * FRAME));
	assert_int_equal(stream.shown, 3);
	assert_int_equal(stream.dropped, 3); /* 9, 10, 11 */
}

static void test_what_other_consumers_take_is_not_dropped(void **state)
{
	struct stream_stats stream = {0};

	(void)state;
	shows(&stream, 1, true, FRAME);
	shows(&stream, 9, true, 2 * FRAME);
	assert_int_equal(stream.dropped, 0);
}

static void test_measures_each_second(void **state)
{
	struct stream_stats stream = {0};

	(void)state;
	for (int i = 0; i < 50; i++)
		shows(&stream, (uint64_t)i + 1, false, (i + 1) * FRAME);
	assert_true(stream.fps == 0); /* not yet */
	shows(&stream, 51, false, 51 * FRAME);
	assert_true(stream.fps > 50.9 && stream.fps < 51.1);
	assert_true(stream.latency_ms == 4);
}

static void test_what_a_pause_skips_is_not_dropped(void **state)
{
	struct stream_stats stream = {0};

	(void)state;
	shows(&stream, 1, false, FRAME);
	stream_stats_follow(&stream, false, 2 * FRAME);
	stream_stats_end(&stream, 2 * FRAME + 2 * STREAM_STATS_QUIET_NS, &silent);
	assert_true(stream.is_on); /* a pause ends no stream */
	stream_stats_follow(&stream, true, 3 * FRAME + 2 * STREAM_STATS_QUIET_NS);
	assert_false(shows(&stream, 90, false, 4 * FRAME + 2 * STREAM_STATS_QUIET_NS));
	assert_int_equal(stream.dropped, 0);
	assert_int_equal(stream.shown, 2);
}

static void test_ends_when_it_is_quiet_or_something_else_is_shown(void **state)
{
	struct stream_stats stream = {0};

	(void)state;
	shows(&stream, 1, false, FRAME);
	stream_stats_end(&stream, FRAME + STREAM_STATS_QUIET_NS - 1, &silent);
	assert_true(stream.is_on);
	stream_stats_end(&stream, FRAME + STREAM_STATS_QUIET_NS, &silent);
	assert_false(stream.is_on);
	shows(&stream, 2, false, FRAME);
	stream_stats_end(&stream, INT64_MAX, &silent);
	assert_false(stream.is_on);
	/* A frame after the silence is the first of another stream. */
	shows(&stream, 3, false, FRAME);
	assert_true(shows(&stream, 9, false, 2 * FRAME + STREAM_STATS_QUIET_NS));
	assert_int_equal(stream.dropped, 0);
	assert_int_equal(stream.shown, 1);
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

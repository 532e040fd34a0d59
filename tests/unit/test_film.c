/*
 * test_film.c - the clock of `vitrine recv --stream`: which frames are written, repeated and
 * skipped. Frames have the times that the test gives them, and all of them fit into the queue, so
 * nothing depends on the speed of the machine.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "film.h"
#include "monotonic.h"

#define SECOND INT64_C(1000000000)
#define FRAMES 60 /* the queue has room for 64 */

struct counts {
	unsigned sent, repeated, skipped, dropped;
};

static FILE *events;
static struct log out;
static struct film *film;
static int64_t start_ns;
static int was; /* standard output, to which a film writes */

static void begin(double fps)
{
	const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	fflush(stdout);
	was = dup(STDOUT_FILENO);
	assert_true(was >= 0 && nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) == STDOUT_FILENO);
	close(nowhere);
	events = tmpfile();
	assert_non_null(events);
	out = (struct log){.out = events, .err = events, .program = "test"};
	film = film_create(&out, FILM_RAW, fps);
	assert_non_null(film);
	/*
	 * Not now: a first frame that is older than a frame takes starts the clock when it comes.
	 */
	start_ns = monotonic_ns() + 60 * SECOND;
}

/* A frame that was published `seconds` after the first one. */
static void add_at(double seconds)
{
	const struct vitrine_image image = {
		.kind = VITRINE_PIXELS,
		.format = VITRINE_R8,
		.width = 4,
		.height = 4,
		.pitch = 4,
		.size = 16,
		.published_ns = start_ns + (int64_t)(seconds * (double)SECOND),
	};
	void *bytes = film_reserve(film, &image);

	if (bytes == NULL)
		return;
	memset(bytes, 7, 16);
	film_add(film);
}

static struct counts end(void)
{
	struct counts counts = {0};
	char line[512];
	int fields = 0;

	assert_true(film_close(film, 0));
	assert_int_equal(dup2(was, STDOUT_FILENO), STDOUT_FILENO);
	close(was);
	rewind(events);
	while (fields != 4 && fgets(line, sizeof(line), events) != NULL)
		fields = sscanf(line, "stream-ended sent=%u repeated=%u skipped=%u dropped=%u",
			&counts.sent, &counts.repeated, &counts.skipped, &counts.dropped);
	fclose(events);
	assert_int_equal(fields, 4);
	assert_int_equal(counts.dropped, 0);
	return counts;
}

static void test_steady(void **state)
{
	(void)state;
	begin(60);
	for (int i = 0; i < FRAMES; i++)
		add_at(i / 60.0 + (i % 3) * 0.004);
	struct counts counts = end();
	assert_int_equal(counts.sent, FRAMES);
	assert_int_equal(counts.repeated, 0);
	assert_int_equal(counts.skipped, 0);
}

/* Frames that are held up for up to a quarter of a second are all written. */
static void test_bursts(void **state)
{
	(void)state;
	begin(60);
	for (int i = 0; i < FRAMES; i++)
		add_at((i >= 10 && i < 22 ? 22 : i >= 40 && i < 44 ? 44 : i) / 60.0);
	struct counts counts = end();
	assert_int_equal(counts.sent, FRAMES);
	assert_int_equal(counts.skipped, 0);
	assert_in_range(counts.repeated, 1, 16);
}

/* A source that is faster than the clock, before and after a lull of ten seconds. */
static void test_faster(void **state)
{
	(void)state;
	begin(10);
	for (int i = 0; i < FRAMES; i++)
		add_at((i < FRAMES / 2 ? 0 : 10) + i / 60.0);
	struct counts counts = end();
	assert_in_range(counts.sent, 10, 16);
	assert_in_range(counts.repeated, 96, 102);
	assert_in_range(counts.sent + counts.skipped, FRAMES - 1, FRAMES);
}

static void test_slower(void **state)
{
	(void)state;
	begin(25);
	for (int i = 0; i < FRAMES; i++)
		add_at(i / 20.0);
	struct counts counts = end();
	assert_int_equal(counts.sent, FRAMES);
	assert_int_equal(counts.skipped, 0);
	assert_in_range(counts.repeated, FRAMES / 4 - 2, FRAMES / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steady),
		cmocka_unit_test(test_bursts),
		cmocka_unit_test(test_faster),
		cmocka_unit_test(test_slower),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

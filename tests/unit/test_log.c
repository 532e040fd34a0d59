/* test_log.c - log lines for programs: they are complete and correctly quoted. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "log.h"

static char *text;
static size_t size;
static struct log log_here;

static int set_up(void **state)
{
	(void)state;
	log_start(&log_here, "vitrine-test");
	log_here.out = open_memstream(&text, &size);
	log_here.err = log_here.out;
	return log_here.out == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	fclose(log_here.out);
	free(text);
	return 0;
}

static void test_each_type(void **state)
{
	(void)state;
	log_event(&log_here, "all", LOG_U64("u", UINT64_MAX), LOG_I64("i", -5),
		LOG_HEX("h", 0x7601), LOG_REAL("r", 1.5), LOG_BOOL("b", true), LOG_STR("s", "a b"),
		LOG_STR("n", NULL));
	assert_string_equal(text, "all u=18446744073709551615 i=-5 h=0x00007601 r=1.500 b=true "
				  "s=\"a b\" n=\"\"\n");
}

static void test_an_event_without_fields(void **state)
{
	(void)state;
	log_event(&log_here, "gave-up");
	assert_string_equal(text, "gave-up\n");
}

static void test_strings_stay_on_their_line(void **state)
{
	(void)state;
	log_event(&log_here, "loaded", LOG_STR("name", "a\"b\\c\nd\x1b\te ü"));
	assert_string_equal(text, "loaded name=\"a\\\"b\\\\c\\nd\\x1B\\x09e ü\"\n");
}

/* A name that looks like another one, or that contains terminal escapes, is shown as bytes. */
static void test_strings_mean_what_they_look_like(void **state)
{
	(void)state;
	log_event(&log_here, "loaded",
		LOG_STR("name", "a\xe2\x80\xae"
				"b\xd8\x9c"
				"c\xc2\x9b"
				"d\xff"
				"e\xe2\x81\xa9 ü"));
	assert_string_equal(text, "loaded name=\"a\\xE2\\x80\\xAEb\\xD8\\x9Cc\\xC2\\x9Bd\\xFFe\\xE2"
				  "\\x81\\xA9 ü\"\n");
}

static void test_objects_of_json(void **state)
{
	(void)state;
	log_here.json = true;
	log_event(&log_here, "all", LOG_U64("u", 3), LOG_I64("i", -5), LOG_HEX("h", 0x7601),
		LOG_REAL("r", 1.5), LOG_BOOL("b", true), LOG_STR("s", "a \"b\"\n\xff ü"),
		LOG_STR("n", NULL));
	log_event(&log_here, "gave-up");
	assert_string_equal(text,
		"{\"event\": \"all\", \"u\": 3, \"i\": -5, \"h\": \"0x00007601\", \"r\": 1.500, "
		"\"b\": true, \"s\": \"a \\\"b\\\"\\u000a\xef\xbf\xbd ü\", \"n\": \"\"}\n"
		"{\"event\": \"gave-up\"}\n");
}

static void test_errors_name_the_program(void **state)
{
	(void)state;
	log_error(&log_here, "a\nb.png", "is empty");
	assert_string_equal(text, "vitrine-test: a%0Ab.png: is empty\n");
}

static void *write_lines(void *data)
{
	for (int i = 0; i < 1000; i++)
		log_event(data, "line", LOG_STR("a", "x"), LOG_U64("b", 1), LOG_STR("c", "y"));
	return NULL;
}

static void test_lines_of_threads_do_not_mix(void **state)
{
	static const char line[] = "line a=\"x\" b=1 c=\"y\"\n";
	pthread_t threads[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_lines, &log_here), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	fflush(log_here.out);
	assert_int_equal(size, 4000 * (sizeof(line) - 1));
	for (size_t i = 0; i < 4000; i++)
		assert_memory_equal(text + i * (sizeof(line) - 1), line, sizeof(line) - 1);
}

static void test_a_reader_that_has_gone_ends_nothing(void **state)
{
	struct log log;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	log_start(&log, "vitrine-test");
	log.out = fdopen(ends[1], "w");
	assert_non_null(log.out);
	close(ends[0]);
	for (int i = 0; i < 3; i++)
		log_event(&log, "paused");
	fclose(log.out);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_each_type),
		EACH(test_an_event_without_fields),
		EACH(test_strings_stay_on_their_line),
		EACH(test_strings_mean_what_they_look_like),
		EACH(test_objects_of_json),
		EACH(test_errors_name_the_program),
		EACH(test_lines_of_threads_do_not_mix),
		EACH(test_a_reader_that_has_gone_ends_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

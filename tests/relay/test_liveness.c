/* test_liveness.c - who is there, and what is missing, by what was heard and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "liveness.h"

#define SECOND INT64_C(1000000000)

static struct liveness liveness;
static int64_t now;

static int start(void **state)
{
	(void)state;
	memset(&liveness, 0, sizeof(liveness));
	now = 1000 * SECOND;
	return 0;
}

static struct message_header header_of(const char *sender, uint64_t sequence)
{
	struct message_header header = {.sequence = sequence};

	strcpy(header.sender, sender);
	return header;
}

static enum liveness_advice hears(enum announcement announcement, const char *sender,
	uint64_t sequence)
{
	struct message_header header = header_of(sender, sequence);

	now += SECOND;
	return liveness_announcement(&liveness, announcement, &header, now);
}

static bool sees(const char *sender, uint64_t sequence, bool is_retained)
{
	struct message_header header = header_of(sender, sequence);

	now += SECOND;
	return liveness_picture(&liveness, &header, is_retained, now);
}

static void assert_state(enum liveness_state state, const char *sender)
{
	assert_int_equal(liveness.state, state);
	assert_string_equal(liveness.sender, sender);
}

static void test_comes_and_goes(void **state)
{
	(void)state;
	assert_true(liveness_is_here(&liveness)); /* any client may send */
	hears(ANNOUNCEMENT_HERE, "anna", 0);
	assert_state(LIVENESS_HERE, "anna");
	hears(ANNOUNCEMENT_LEFT, "anna", 0);
	assert_state(LIVENESS_LEFT, "anna");
	assert_false(liveness_is_here(&liveness));
	hears(ANNOUNCEMENT_HERE, "anna again", 0);
	assert_state(LIVENESS_HERE, "anna again");
	hears(ANNOUNCEMENT_LOST, "anna again", 0);
	assert_state(LIVENESS_LOST, "anna again");
	assert_false(sees("", 0, false));
	assert_state(LIVENESS_UNKNOWN, "");
	hears(ANNOUNCEMENT_HERE, "anna", 0);
	assert_true(sees("", 0, false));
	assert_state(LIVENESS_HERE, "anna");
}

static void test_silence(void **state)
{
	(void)state;
	hears(ANNOUNCEMENT_HERE, "anna", 0);
	liveness_tick(&liveness, now + ANNOUNCEMENT_DEAD_NS);
	assert_state(LIVENESS_HERE, "anna");
	liveness_tick(&liveness, now + ANNOUNCEMENT_DEAD_NS + 1);
	assert_state(LIVENESS_SILENT, "anna");
	assert_false(liveness_is_here(&liveness));
	hears(ANNOUNCEMENT_HERE, "anna", 0);
	assert_state(LIVENESS_HERE, "anna");
	now += 10 * ANNOUNCEMENT_DEAD_NS; /* we were away ourselves */
	liveness_restart(&liveness, now);
	liveness_tick(&liveness, now + 1);
	assert_state(LIVENESS_HERE, "anna");
}

static void test_retained_pictures_say_nothing(void **state)
{
	(void)state;
	hears(ANNOUNCEMENT_LEFT, "anna", 0);
	assert_false(sees("anna", 5, true));
	assert_state(LIVENESS_LEFT, "anna");
}

static void test_two_of_them(void **state)
{
	(void)state;
	hears(ANNOUNCEMENT_HERE, "anna", 0);
	assert_false(sees("anna", 1, false));
	hears(ANNOUNCEMENT_HERE, "bert", 0); /* he has shown nothing yet */
	assert_state(LIVENESS_HERE, "anna");
	hears(ANNOUNCEMENT_LEFT, "bert", 0);
	assert_state(LIVENESS_HERE, "anna");
	hears(ANNOUNCEMENT_HERE, "bert", 0);
	assert_true(sees("bert", 1, false));
	assert_false(sees("bert", 2, false)); /* told once */
	assert_state(LIVENESS_HERE, "bert");
	hears(ANNOUNCEMENT_HERE, "anna", 1);
	hears(ANNOUNCEMENT_LOST, "bert", 2);
	assert_state(LIVENESS_HERE, "anna");
	hears(ANNOUNCEMENT_LEFT, "anna", 2);
	assert_state(LIVENESS_LEFT, "anna");
}

static void test_the_other_one_was_not_heard_for_long(void **state)
{
	(void)state;
	hears(ANNOUNCEMENT_HERE, "anna", 0);
	sees("bert", 1, false);
	now += 2 * ANNOUNCEMENT_DEAD_NS;
	hears(ANNOUNCEMENT_LEFT, "bert", 0);
	assert_state(LIVENESS_LEFT, "bert");
}

static void test_strangers(void **state)
{
	(void)state;
	hears(ANNOUNCEMENT_HERE, "anna", 0);
	hears(ANNOUNCEMENT_LEFT, "nobody", 0);
	hears(ANNOUNCEMENT_LOST, "", 0);
	hears(ANNOUNCEMENT_UNKNOWN, "anna", 0);
	hears(ANNOUNCEMENT_HERE, "", 99);
	assert_state(LIVENESS_HERE, "anna");
}

static void test_a_missing_picture(void **state)
{
	(void)state;
	sees("anna", 1, false);
	assert_int_equal(hears(ANNOUNCEMENT_HERE, "anna", 1), LIVENESS_FINE);
	assert_int_equal(hears(ANNOUNCEMENT_HERE, "anna", 2), LIVENESS_FETCH);
	assert_int_equal(hears(ANNOUNCEMENT_HERE, "anna", 2), LIVENESS_FINE);
	assert_int_equal(hears(ANNOUNCEMENT_HERE, "anna", 2), LIVENESS_TELL);
	for (int i = 0; i < 10; i++)
		assert_int_equal(hears(ANNOUNCEMENT_HERE, "anna", 2), LIVENESS_FINE);
	assert_int_equal(hears(ANNOUNCEMENT_HERE, "anna", 3), LIVENESS_FETCH); /* each */
	sees("anna", 3, true);
	for (int i = 0; i < 10; i++)
		assert_int_equal(hears(ANNOUNCEMENT_HERE, "anna", 3), LIVENESS_FINE);
}

static void test_the_first_picture_is_missing(void **state)
{
	(void)state;
	assert_int_equal(hears(ANNOUNCEMENT_HERE, "anna", 1), LIVENESS_FETCH);
	hears(ANNOUNCEMENT_HERE, "anna", 1);
	assert_int_equal(hears(ANNOUNCEMENT_HERE, "anna", 1), LIVENESS_TELL);
}

/* What lies behind somebody else's picture is not missing. */
static void test_an_older_picture_is_not_missing(void **state)
{
	(void)state;
	sees("anna", 4, false);
	sees("bert", 1, false);
	hears(ANNOUNCEMENT_LEFT, "bert", 1);
	hears(ANNOUNCEMENT_HERE, "anna", 4);
	for (int i = 0; i < 10; i++)
		assert_int_not_equal(hears(ANNOUNCEMENT_HERE, "anna", 4), LIVENESS_TELL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_comes_and_goes, start),
		cmocka_unit_test_setup(test_silence, start),
		cmocka_unit_test_setup(test_retained_pictures_say_nothing, start),
		cmocka_unit_test_setup(test_two_of_them, start),
		cmocka_unit_test_setup(test_the_other_one_was_not_heard_for_long, start),
		cmocka_unit_test_setup(test_strangers, start),
		cmocka_unit_test_setup(test_a_missing_picture, start),
		cmocka_unit_test_setup(test_the_first_picture_is_missing, start),
		cmocka_unit_test_setup(test_an_older_picture_is_not_missing, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

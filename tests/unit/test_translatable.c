/*
 * test_translatable.c - sentences that another process says: words in their places, and nothing
 * more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translatable.h"

static void expect(const char *translatable, const char *expected)
{
	char sentence[256];

	assert_string_equal(translatable_translate(sentence, sizeof(sentence), translatable),
		expected);
}

static void test_words(void **state)
{
	char translatable[64];

	(void)state;
	translatable_write(translatable, sizeof(translatable), "first of %s frames", "%u", 12u);
	expect(translatable, "first of 12 frames");
	translatable_write(translatable, sizeof(translatable), "values %s to %s", "%g\n%g", 0.5,
		12.0);
	expect(translatable, "values 0.5 to 12");
	expect("has no pixels", "has no pixels");
	expect("", "");
	expect("incomplete: the file ends early\ffirst of %s frames\n12",
		"incomplete: the file ends early; first of 12 frames");
}

/* A translation may need another order. */
static void test_order(void **state)
{
	(void)state;
	expect("%2$s before %1$s\none\ntwo", "two before one");
}

static void test_hostile(void **state)
{
	char sentence[8];
	char translatable[8];

	(void)state;
	expect("%n%x %u %5$n %\nword", "%n%x %u %5$n %");
	expect("%s and %s\none", "one and ");
	expect("%s%s%s%s%s%s%s\n1\n2\n3\n4\n5\n6\n7", "12345");
	expect("%9$s%0$s.\none", ".");
	expect("%s\n%s", "%s");
	expect("\f\f\n\n\n\f", "; ; ; ");
	assert_string_equal(translatable_translate(sentence, sizeof(sentence), "%s\n123456789"),
		"1234567");
	translatable_write(translatable, sizeof(translatable), "0123456789 %s", "%d", 1);
	assert_string_equal(translatable, "0123456");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

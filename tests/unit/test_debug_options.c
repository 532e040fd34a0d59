/* test_debug_options.c - the durations of --slow that are accepted and refused. */
#include "debug_options.h"

#include <SDL.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void durations_are_read(void **state)
{
	static const char *const wrong[] = {"", "x", "5m", "-1", "9s", "1e3", "nan", "0x10"};
	int64_t ns;

	(void)state;
	assert_true(debug_options_duration("500ms", &ns) && ns == 500000000);
	assert_true(debug_options_duration("0.25s", &ns) && ns == 250000000);
	assert_true(debug_options_duration("80", &ns) && ns == 80000000);
	assert_true(debug_options_duration("0", &ns) && ns == 0);
	for (size_t i = 0; i < SDL_arraysize(wrong); i++)
		assert_false(debug_options_duration(wrong[i], &ns));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

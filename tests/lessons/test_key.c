/* test_key.c - the keys of the lessons' programs: no two users of a machine get the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "lesson.h"

enum { USERS = 200000, LESSONS = 16 };

static uid_t uid;

/* Takes the place of the C library's. */
uid_t getuid(void)
{
	return uid;
}

static key_t key_of(uid_t user, unsigned lesson)
{
	uid = user;
	return lesson_key(1, NULL, lesson);
}

static int compare(const void *one, const void *other)
{
	key_t a = *(const key_t *)one, b = *(const key_t *)other;

	return (a > b) - (a < b);
}

static void users_and_lessons_have_keys_of_their_own(void **state)
{
	key_t *keys = malloc((size_t)USERS * LESSONS * sizeof(*keys));
	size_t count = 0;

	(void)state;
	assert_non_null(keys);
	assert_int_not_equal(key_of(1000, 4), key_of(66536, 4)); /* of a directory service */
	for (unsigned user = 0; user < USERS; user++)
		for (unsigned lesson = 1; lesson < LESSONS; lesson++)
			keys[count++] = key_of(user, lesson);
	qsort(keys, count, sizeof(*keys), compare);
	for (size_t i = 1; i < count; i++)
		assert_int_not_equal(keys[i], keys[i - 1]);
	free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_and_lessons_have_keys_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

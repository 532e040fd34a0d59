/* test_handover.c - paths that one program hands over to a producer of the same channel. */
#include "handover.h"

#include "files.h"

#define KEY 0x77012345

static struct files files;

static int set_up(void **state)
{
	(void)state;
	files_open(&files);
	return setenv("XDG_RUNTIME_DIR", files.folder, 1);
}

static int tear_down(void **state)
{
	(void)state;
	files_close(&files);
	return 0;
}

static void test_paths_arrive_in_order(void **state)
{
	char *const paths[] = {"/a b.png", "/ü/\xff\n", "/c"};
	struct handover *producer = handover_open(KEY);
	size_t size = 0, at = 0;
	char *got;

	(void)state;
	assert_non_null(producer);
	assert_null(handover_pop(producer, &size));
	assert_true(handover_send(KEY, paths, 3));
	got = handover_pop(producer, &size);
	assert_non_null(got);
	for (int i = 0; i < 3; i++) {
		assert_string_equal(got + at, paths[i]);
		at += strlen(paths[i]) + 1;
	}
	assert_int_equal(at, size);
	free(got);
	assert_null(handover_pop(producer, &size));
	handover_close(producer);
}

/* A list never arrives in part. */
static void test_no_producer_and_too_much(void **state)
{
	static char *many[4096];
	static char path[1024];
	struct handover *producer;
	size_t size;

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	for (size_t i = 0; i < 4096; i++)
		many[i] = path;
	assert_false(handover_send(KEY, many, 1));
	producer = handover_open(KEY);
	assert_false(handover_send(KEY + 1, many, 1));
	assert_false(handover_send(KEY, many, 4096));
	assert_null(handover_pop(producer, &size));
	handover_close(producer);
	assert_false(handover_send(KEY, many, 1));
	unsetenv("XDG_RUNTIME_DIR");
	assert_null(handover_open(KEY));
	assert_false(handover_send(KEY, many, 1));
}

/* There, another user's socket would get the paths. */
static void test_a_folder_where_others_may_write(void **state)
{
	char *const paths[] = {"/a"};
	struct handover *producer = handover_open(KEY);

	(void)state;
	assert_non_null(producer);
	assert_int_equal(chmod(files.folder, 01777), 0);
	assert_false(handover_send(KEY, paths, 1));
	assert_null(handover_open(KEY + 1));
	assert_int_equal(chmod(files.folder, 0700), 0);
	assert_true(handover_send(KEY, paths, 1));
	handover_close(producer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_paths_arrive_in_order),
		TEST(test_no_producer_and_too_much),
		TEST(test_a_folder_where_others_may_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

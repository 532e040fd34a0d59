/*
 * test_tracefile.c - the file of --trace: several programs share it, and any user with read access
 * can lock it, which must not block a program.
 */
#include "tracefile.h"

#include <signal.h>
#include <sys/file.h>

#include "files.h"

enum { LIMIT_S = 20 };

static struct files files;

static int set_up(void **state)
{
	(void)state;
	files_open(&files);
	alarm(LIMIT_S); /* a program that waits for the lock does so for ever */
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	alarm(0);
	files_close(&files);
	return 0;
}

static struct tracefile *join(void)
{
	char message[256] = "";
	struct tracefile *file =
		tracefile_open(files_path(&files, "trace"), "test", message, sizeof(message));

	if (file == NULL)
		fail_msg("%s", message);
	return file;
}

/* Opens the file only for reading, takes this lock, and returns the descriptor. */
static int lock(int kind)
{
	int fd = open(files_path(&files, "trace"), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(flock(fd, kind), 0);
	return fd;
}

static void assert_locked_out(void)
{
	char message[256] = "";

	assert_null(tracefile_open(files_path(&files, "trace"), "test", message, sizeof(message)));
	assert_non_null(strstr(message, "locked"));
}

/* The list of events, closed once. */
static void assert_is_list(unsigned programs)
{
	char text[4096] = "";
	unsigned found = 0;
	int fd = open(files_path(&files, "trace"), O_RDONLY | O_CLOEXEC);

	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	assert_int_equal(strncmp(text, "[\n", 2), 0);
	assert_string_equal(text + strlen(text) - 3, "\n]\n");
	assert_ptr_equal(strchr(text, ']'), strrchr(text, ']'));
	for (const char *at = text; (at = strstr(at, "process_name")) != NULL; at++)
		found++;
	assert_int_equal(found, programs);
}

static void test_programs_share_it(void **state)
{
	struct tracefile *first = join(), *second = join();

	(void)state;
	tracefile_close(first);
	tracefile_close(second);
	assert_is_list(2);
	tracefile_close(join());
	assert_is_list(3);
}

static void test_a_lock_of_a_reader_holds_nobody_up(void **state)
{
	int held;

	(void)state;
	tracefile_close(join());
	held = lock(LOCK_EX);
	assert_locked_out();
	close(held);
	/* The list cannot be continued while another process may be writing to it. */
	held = lock(LOCK_SH);
	assert_locked_out();
	close(held);
	tracefile_close(join());
	assert_is_list(2);
}

/* A program that shares a file with others treats it as a trace only if it begins like one. */
static void test_a_lock_makes_no_trace_of_a_file(void **state)
{
	char text[16] = "";
	int held;

	(void)state;
	files_write(&files, "trace", "my diary\n", 9);
	held = lock(LOCK_SH);
	assert_locked_out();
	assert_int_equal(pread(held, text, sizeof(text), 0), 9);
	close(held);
}

static void test_a_lock_does_not_disturb_who_is_in(void **state)
{
	struct tracefile *file = join();
	int held = lock(LOCK_SH);

	(void)state;
	tracefile_close(join());
	tracefile_close(file);
	close(held);
	tracefile_close(join());
	assert_is_list(3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_programs_share_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_lock_of_a_reader_holds_nobody_up, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_a_lock_makes_no_trace_of_a_file, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_a_lock_does_not_disturb_who_is_in, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * film_recording.c: a recording that cannot start gives a reason, and signals no other process.
 */
#include "film_recording.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka needs the above first */
#include <cmocka.h>

static char folder[] = "/tmp/vitrine-recording-XXXXXX";
static bool has_pipes;
static int killed;

/* ---- a system that refuses (the linker sends these calls here) ------------------------------ */

int __real_pipe2(int ends[2], int flags);
int __wrap_pipe2(int ends[2], int flags);
pid_t __wrap_fork(void);
int __wrap_kill(pid_t pid, int number);

int __wrap_pipe2(int ends[2], int flags)
{
	if (has_pipes)
		return __real_pipe2(ends, flags);
	errno = EMFILE;
	return -1;
}

pid_t __wrap_fork(void)
{
	errno = EAGAIN;
	return -1;
}

int __wrap_kill(pid_t pid, int number)
{
	(void)pid;
	(void)number;
	killed++;
	return 0;
}

/* ---- tests ---------------------------------------------------------------------------------- */

/* The two programs need not work: none of them is started. */
static int make_programs(void **state)
{
	char path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, i == 0 ? "ffmpeg" : "vitrine");
		assert_int_equal(symlink("/bin/true", path), 0);
	}
	setenv("PATH", folder, 1);
	return 0;
}

static int remove_programs(void **state)
{
	char path[64];

	(void)state;
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, i == 0 ? "ffmpeg" : "vitrine");
		unlink(path);
	}
	return rmdir(folder);
}

static void is_refused(int error)
{
	char reason[TEXT_REASON_MAX] = "";
	struct recording recording = {0};

	killed = 0;
	assert_false(recording_start(&recording, "0x76000000", folder, 30, reason));
	assert_non_null(strstr(reason, strerror(error)));
	assert_int_equal(recording.state, RECORDING_OFF);
	assert_int_equal(killed, 0);
}

static void test_without_a_pipe(void **state)
{
	(void)state;
	has_pipes = false;
	is_refused(EMFILE);
}

static void test_without_a_process(void **state)
{
	(void)state;
	has_pipes = true;
	is_refused(EAGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_pipe),
		cmocka_unit_test(test_without_a_process),
	};

	return cmocka_run_group_tests(tests, make_programs, remove_programs);
}

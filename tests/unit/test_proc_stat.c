/* test_proc_stat.c - /proc/PID/stat of a process whose name looks like the fields after it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "proc_stat.h"

static void test_a_name_with_parentheses(void **state)
{
	struct proc_stat stat;
	struct timespec now;
	siginfo_t stopped;
	pid_t child;

	(void)state;
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, "a) S 1 (b");
		raise(SIGSTOP);
		_exit(0);
	}
	assert_int_equal(waitid(P_PID, (id_t)child, &stopped, WSTOPPED), 0);
	assert_true(proc_stat_read(child, &stat));
	assert_int_equal(stat.state, 'T');
	assert_int_equal(stat.parent, getpid());
	clock_gettime(CLOCK_BOOTTIME, &now);
	assert_in_range((uint64_t)(stat.started + 1), 1, (uint64_t)now.tv_sec + 1);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_false(proc_stat_read(child, &stat));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_name_with_parentheses)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

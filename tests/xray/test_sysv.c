/*
 * test_sysv.c - sets read as the kernel has them, and arrays judged as the kernel judges them.
 */
#include "sysv/array.h"
#include "sysv/set.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>

#include <cmocka.h>

#define SEMAPHORES 3

static void set_values(int set, const unsigned short *values)
{
	union {
		int value;
		struct semid_ds *status;
		const unsigned short *array;
	} argument = {.array = values};

	assert_int_equal(semctl(set, 0, SETALL, argument), 0);
}

/* Every array of two operations of these, at these values: the same as the kernel's, without sleep. */
static void test_arrays_as_the_kernel_judges(void **state)
{
	static const short operations[] = {-2, -1, 0, 1, 32767};
	static const unsigned short starts[][SEMAPHORES] = {{0, 1, 2}, {1, 0, 32766}};
	int set = semget(IPC_PRIVATE, SEMAPHORES, 0600);
	struct sysv_values buffer;

	(void)state;
	assert_true(set >= 0);
	assert_int_equal(sysv_values_begin(&buffer), 0);
	for (unsigned i = 0; i < 2u * 5 * 5 * 4 * 4; i++) {
		struct sembuf array[2] = {
			{(unsigned short)(i / 50 % 4), operations[i / 2 % 5], IPC_NOWAIT},
			{(unsigned short)(i / 200), operations[i / 10 % 5], IPC_NOWAIT}};
		unsigned short values[SEMAPHORES];
		enum sysv_outcome outcome;
		int error;

		memcpy(values, starts[i % 2], sizeof(values));
		set_values(set, values);
		outcome = sysv_array_apply(values, SEMAPHORES, array, 2, NULL);
		error = semop(set, array, 2) == 0 ? 0 : errno;
		assert_int_equal(outcome, error == 0        ? SYSV_DONE
					  : error == EAGAIN ? SYSV_REFUSED
					  : error == ERANGE ? SYSV_RANGE
							    : SYSV_NUMBER);
		assert_int_equal(sysv_values_read(&buffer, set), SEMAPHORES);
		assert_memory_equal(values, buffer.values, sizeof(values));
	}
	sysv_values_end(&buffer);
	semctl(set, 0, IPC_RMID);
}

/* As many as the kernel gives fit, and behind them nothing can be written. */
static void test_the_largest_set_fits(void **state)
{
	int set = semget(IPC_PRIVATE, 32000, 0600);
	struct sysv_values buffer;

	(void)state;
	if (set < 0)
		skip();
	assert_int_equal(sysv_values_begin(&buffer), 0);
	assert_int_equal(sysv_values_read(&buffer, set), 32000);
	/* The first byte behind the room for 65,536 values is a hole: the kernel answers EFAULT. */
	assert_int_equal(semctl(set, 0, GETALL, buffer.values + 65536 - 31999), -1);
	assert_int_equal(errno, EFAULT);
	semctl(set, 0, IPC_RMID);
	assert_true(sysv_values_read(&buffer, set) < 0);
	sysv_values_end(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arrays_as_the_kernel_judges),
		cmocka_unit_test(test_the_largest_set_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

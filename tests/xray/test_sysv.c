/*
 * test_sysv.c - sets read as the kernel has them, arrays judged as the kernel judges them, who has
 * a segment, and one look after another.
 */
#include "sysv/semop_apply.h"
#include "sysv/set.h"
#include "sysv/sysv_processes.h"
#include "sysv/sysv_snapshot.h"

#include "base/monotonic.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

/*
 * Every array of two operations of these, at these values: the same as the kernel's, without sleep.
 */
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
		outcome = sysv_semop_apply(values, SEMAPHORES, array, 2, NULL);
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

/*
 * True if this process is listed as a user of the segment with this id, which is also the inode of
 * its mapping.
 */
static bool is_said_to_have(ino_t id)
{
	const struct sysv_nameds no_names = {0};
	struct sysv_processes users = {0};
	bool is_found = false;

	sysv_processes_find_mappings(&users, &no_names);
	for (size_t i = 0; i < users.mapping_count; i++)
		if (users.mappings[i].pid == getpid() && users.mappings[i].inode == id)
			is_found = true;
	sysv_processes_end(&users);
	return is_found;
}

static void test_who_has_a_segment(void **state)
{
	int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	void *at = shmat(segment, NULL, 0);

	(void)state;
	assert_true(segment >= 0);
	shmctl(segment, IPC_RMID, NULL);
	assert_ptr_not_equal(at, (void *)-1);
	assert_true(is_said_to_have((ino_t)segment));
	shmdt(at);
}

/* Any user may have a file of such a name. */
static void test_a_file_that_is_called_like_a_segment(void **state)
{
	char folder[] = "/tmp/vitrine-sysv-XXXXXX", path[64];
	struct stat status;
	void *at;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/SYSV76000000", folder);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(fd, 4096), 0);
	assert_int_equal(fstat(fd, &status), 0);
	at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	unlink(path);
	rmdir(folder);
	assert_ptr_not_equal(at, MAP_FAILED);
	assert_false(is_said_to_have(status.st_ino));
	munmap(at, 4096);
	close(fd);
}

/* ---- one look after another ------------------------------------------------------------------ */

enum { MANY = 3000, PATIENCE_S = 30 };

static pid_t sleep_on(int set, unsigned short semaphore)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		semop(set, &(struct sembuf){semaphore, -1, 0}, 1);
		_exit(0);
	}
	return pid;
}

/* How many wait, as the last look has it. */
static int waiting(const struct sysv_snapshot *snapshot, int set, uint32_t semaphore)
{
	const struct snapshot_set *found = snapshot_find_set(snapshot, set);

	assert_non_null(found);
	assert_int_equal(found->error, 0);
	assert_int_equal(found->count, MANY);
	return found->semaphores[semaphore].waiters.for_more;
}

/* Processes in other IPC namespaces may sleep on a set of the same id. */
static size_t asleep_on(const struct sysv_snapshot *snapshot, int set)
{
	size_t count = 0;

	for (size_t i = 0; i < snapshot->users.sleeper_count; i++) {
		const struct sysv_sleeper *sleeper = &snapshot->users.sleepers[i];

		count += sleeper->id == set && !sleeper->is_outside;
	}
	return count;
}

/* Looks until so many wait for the semaphore, and as many sleep on the set. */
static void look_until(struct sysv_snapshot *snapshot, int set, uint32_t semaphore, int waiters,
	size_t asleep)
{
	const struct timespec pause = {0, 20000000};

	for (int i = 0; i < PATIENCE_S * 50; i++) {
		assert_int_equal(snapshot_update(snapshot), 0);
		if (waiting(snapshot, set, semaphore) == waiters &&
			asleep_on(snapshot, set) == asleep)
			return;
		nanosleep(&pause, NULL);
	}
	fail_msg("semaphore %u: %d wait, not %d; %zu sleep, not %zu", semaphore,
		waiting(snapshot, set, semaphore), waiters, asleep_on(snapshot, set), asleep);
}

/* A look reads only a part of them, but no change is missed. */
static void test_looks_at_many(void **state)
{
	int set = semget(IPC_PRIVATE, MANY, 0600);
	struct sysv_snapshot snapshot = {0};
	pid_t first, other;

	(void)state;
	if (set < 0)
		skip();
	snapshot.choices[snapshot.choice_count++] = (struct snapshot_choice){.number = set};
	assert_int_equal(snapshot_begin(&snapshot), 0);
	first = sleep_on(set, MANY - 1);
	look_until(&snapshot, set, MANY - 1, 1, 1);
	other = sleep_on(set, MANY / 2);
	look_until(&snapshot, set, MANY / 2, 1, 2);
	assert_int_equal(semctl(set, MANY - 1, SETVAL, 1), 0);
	assert_int_equal(waitpid(first, NULL, 0), first);
	look_until(&snapshot, set, MANY - 1, 0, 1);
	kill(other, SIGKILL);
	assert_int_equal(waitpid(other, NULL, 0), other);
	look_until(&snapshot, set, MANY / 2, 0, 0);
	semctl(set, 0, IPC_RMID);
	assert_int_equal(snapshot_update(&snapshot), 0);
	assert_null(snapshot_find_set(&snapshot, set));
	snapshot_end(&snapshot);
}

static const struct snapshot_semaphore *look_at(struct sysv_snapshot *snapshot, int set,
	uint32_t semaphore)
{
	const struct snapshot_set *found;

	assert_int_equal(snapshot_update(snapshot), 0);
	found = snapshot_find_set(snapshot, set);
	assert_non_null(found);
	assert_int_equal(found->error, 0);
	return &found->semaphores[semaphore];
}

/* A process that tests a semaphore for 0 changes its GETPID and no value. */
static void test_the_last_process_after_a_quiet_time(void **state)
{
	const struct timespec pause = {0, 20000000};
	int set = semget(IPC_PRIVATE, MANY, 0600);
	struct sysv_snapshot snapshot = {0};

	(void)state;
	if (set < 0)
		skip();
	snapshot.choices[snapshot.choice_count++] = (struct snapshot_choice){.number = set};
	assert_int_equal(snapshot_begin(&snapshot), 0);
	for (unsigned short i = 0; i < 2; i++) {
		pid_t last = look_at(&snapshot, set, MANY - 1)->waiters.last, pid;
		int looks = 0;

		while (!look_at(&snapshot, set, MANY - 1)->has_last && looks++ < PATIENCE_S * 50)
			nanosleep(&pause, NULL);
		assert_true(look_at(&snapshot, set, MANY - 1)->has_last);
		assert_int_equal(look_at(&snapshot, set, MANY - 1)->waiters.last, last);
		pid = fork();
		if (pid == 0)
			_exit(semop(set, &(struct sembuf){MANY - 1, 0, 0}, 1) == 0 ? 0 : 1);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		for (looks = 0; look_at(&snapshot, set, MANY - 1)->waiters.last != pid &&
				looks < PATIENCE_S * 50;
			looks++)
			nanosleep(&pause, NULL);
		assert_int_equal(look_at(&snapshot, set, MANY - 1)->waiters.last, pid);
	}
	semctl(set, 0, IPC_RMID);
	snapshot_end(&snapshot);
}

static time_t later;
static unsigned counted;

time_t __real_time(time_t *now);
time_t __wrap_time(time_t *now);
int __real_semctl(int id, int number, int command, ...);
int __wrap_semctl(int id, int number, int command, void *argument);

time_t __wrap_time(time_t *now)
{
	return __real_time(now) + later;
}

int __wrap_semctl(int id, int number, int command, void *argument)
{
	counted += command == GETNCNT;
	return __real_semctl(id, number, command, argument);
}

/* How many semaphores have their waiters read in ten looks, one right after the other. */
static unsigned count_in_ten_looks(struct sysv_snapshot *snapshot, int set)
{
	counted = 0;
	for (int i = 0; i < 10; i++) {
		snapshot->look_ns = monotonic_ns();
		look_at(snapshot, set, 0);
	}
	return counted;
}

/* It costs a fifth, and whoever sleeps there is nevertheless found by the next search. */
static void test_a_set_that_nobody_uses(void **state)
{
	const struct timespec pause = {0, 20000000};
	int set = semget(IPC_PRIVATE, MANY, 0600), waiters = 0;
	struct sysv_snapshot snapshot = {0};
	pid_t pid;

	(void)state;
	if (set < 0)
		skip();
	snapshot.choices[snapshot.choice_count++] = (struct snapshot_choice){.number = set};
	assert_int_equal(snapshot_begin(&snapshot), 0);
	look_at(&snapshot, set, 0);
	assert_true(count_in_ten_looks(&snapshot, set) >= 3 * MANY);
	later = 60;
	assert_true(count_in_ten_looks(&snapshot, set) <= MANY);
	pid = sleep_on(set, MANY - 1);
	for (int i = 0; i < PATIENCE_S * 50 && waiters == 0; i++) {
		snapshot.turns = 1; /* not its turn */
		snapshot.look_ns = monotonic_ns();
		waiters = look_at(&snapshot, set, MANY - 1)->waiters.for_more;
		nanosleep(&pause, NULL);
	}
	assert_int_equal(waiters, 1);
	later = 0;
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	semctl(set, 0, IPC_RMID);
	snapshot_end(&snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arrays_as_the_kernel_judges),
		cmocka_unit_test(test_the_largest_set_fits),
		cmocka_unit_test(test_who_has_a_segment),
		cmocka_unit_test(test_a_file_that_is_called_like_a_segment),
		cmocka_unit_test(test_looks_at_many),
		cmocka_unit_test(test_the_last_process_after_a_quiet_time),
		cmocka_unit_test(test_a_set_that_nobody_uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

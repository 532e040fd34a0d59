/* test_semset.c - semset.h alone: each call, each error it names, sleeping and waking. */
#include "support.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "semset.h"

static int made(unsigned count, unsigned mode)
{
	int id = semset_create(test_key.value, count, mode);

	must(id >= 0);
	remember_objects();
	return id;
}

static int do_one(int id, int number, int change, int flags, int64_t timeout_ns)
{
	struct sembuf operation = {
		.sem_num = (unsigned short)number,
		.sem_op = (short)change,
		.sem_flg = (short)flags,
	};

	return semset_do(id, &operation, 1, timeout_ns);
}

static void creates_finds_and_removes(void **state)
{
	unsigned short values[3];
	struct semset_status status;
	int id;

	(void)state;
	must_equal(semset_find(test_key.value), -ENOENT);
	id = made(3, 0620);
	must_equal(semset_create(test_key.value, 3, 0600), -EEXIST);
	must_equal(semset_find(test_key.value), id);
	must_equal(semset_status(id, &status), 0);
	must_equal(status.count, 3);
	must_equal(status.mode, 0620);
	must_equal(status.owner, geteuid());
	must_equal(status.used, 0);
	must_equal(semset_values(id, 3, values), 0);
	must_equal(values[0] + values[1] + values[2], 0);
	must_equal(do_one(id, 1, 5, 0, 0), 0);
	must_equal(semset_status(id, &status), 0);
	must(status.used != 0);
	must_equal(semset_pid(id, 1), getpid());
	must_equal(semset_pid(id, 2), 0);
	must_equal(semset_remove(id), 0);
	must_equal(semset_remove(id), -EINVAL);
	must_equal(semset_status(id, &status), -EINVAL);
	must_equal(semset_values(id, 3, values), -EINVAL);
	must_equal(semset_ncnt(id, 0), -EINVAL);
	must_equal(do_one(id, 0, 1, 0, 0), -EINVAL);
}

static void refuses_impossible_calls(void **state)
{
	struct sembuf many[17] = {{0}};
	int id;

	(void)state;
	must_equal(semset_create(test_key.value, 0, 0600), -EINVAL);
	must_equal(semset_create(test_key.value, 100000, 0600), -EINVAL);
	id = made(1, 0600);
	must_equal(semset_do(id, many, 17, 0), -E2BIG);
	must_equal(do_one(id, 1, 1, 0, 0), -EIDRM); /* it is not the set that was meant */
	must_equal(do_one(id, 0, 32767, 0, 0), 0);
	must_equal(do_one(id, 0, 1, 0, 0), -ERANGE);
	must_equal(semset_remove(id), 0);
}

static void does_all_or_nothing(void **state)
{
	const struct sembuf array[] = {{0, +1, 0}, {1, +1, 0}, {2, -1, IPC_NOWAIT}};
	unsigned short values[3];
	int id = made(3, 0600);

	(void)state;
	must_equal(semset_do(id, array, 3, VITRINE_FOREVER), -EAGAIN);
	must_equal(semset_values(id, 3, values), 0);
	must_equal(values[0] + values[1] + values[2], 0);
	must_equal(do_one(id, 2, 1, 0, 0), 0);
	must_equal(semset_do(id, array, 3, VITRINE_FOREVER), 0);
	must_equal(semset_values(id, 3, values), 0);
	must(values[0] == 1 && values[1] == 1 && values[2] == 0);
	must_equal(semset_remove(id), 0);
}

static void sleeps_no_longer_than_told(void **state)
{
	uint64_t before = clock_ns();
	int id = made(1, 0600);

	(void)state;
	must_equal(do_one(id, 0, -1, 0, 0), -EAGAIN);
	must_equal(do_one(id, 0, -1, 0, 20 * MILLISECOND_NS), -EAGAIN);
	must(clock_ns() - before >= 20 * (uint64_t)MILLISECOND_NS);
	must_equal(semset_remove(id), 0);
}

/* ---- sleepers ------------------------------------------------------------------------------ */

struct nap {
	int id, change, expected;
};

static void on_alarm(int signal)
{
	(void)signal;
}

static void nap(void *argument)
{
	const struct nap *nap = argument;

	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_alarm}, NULL);
	must_equal(do_one(nap->id, 0, nap->change, 0, VITRINE_FOREVER), nap->expected);
}

/* Starts a child that sleeps on semaphore 0, and returns when it does. */
static int asleep(const struct nap *nap_)
{
	int pid = fork_bounded();

	if (pid == 0) {
		nap((void *)nap_);
		_exit(0);
	}
	await_sleepers(nap_->id, 0, nap_->change == 0, 1);
	return pid;
}

static void wakes_sleepers(void **state)
{
	int id = made(1, 0600), pid;

	(void)state;
	pid = asleep(&(struct nap){id, -2, 0});
	must_equal(do_one(id, 0, 1, 0, 0), 0);
	must_equal(semset_ncnt(id, 0), 1);
	must_equal(do_one(id, 0, 2, 0, 0), 0);
	must_equal(await_end(pid), 0);
	pid = asleep(&(struct nap){id, 0, 0});
	must_equal(semset_zcnt(id, 0), 1);
	must_equal(do_one(id, 0, -1, 0, 0), 0);
	must_equal(await_end(pid), 0);
	pid = asleep(&(struct nap){id, -1, -EINTR});
	must_equal(kill(pid, SIGUSR1), 0);
	must_equal(await_end(pid), 0);
	pid = asleep(&(struct nap){id, -1, -EIDRM});
	must_equal(semset_remove(id), 0);
	must_equal(await_end(pid), 0);
}

static void take_and_die(void *argument)
{
	must_equal(do_one(*(int *)argument, 0, -1, SEM_UNDO, 0), 0);
	raise(SIGKILL);
}

static void takes_back_what_the_dead_did(void **state)
{
	unsigned short value;
	int id = made(1, 0600);

	(void)state;
	must_equal(do_one(id, 0, 1, 0, 0), 0);
	must(WIFSIGNALED(run_child(take_and_die, &id)));
	must_equal(semset_values(id, 1, &value), 0);
	must_equal(value, 1);
	must_equal(semset_remove(id), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(creates_finds_and_removes),
		a_test(refuses_impossible_calls),
		a_test(does_all_or_nothing),
		a_test(sleeps_no_longer_than_told),
		a_test(wakes_sleepers),
		a_test(takes_back_what_the_dead_did),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

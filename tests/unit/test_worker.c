/* test_worker.c - ends the sleep of a background thread (worker.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "monotonic.h"
#include "worker.h"

#define WAIT_NS  INT64_C(30000000000)
#define AGAIN_NS INT64_C(1000000)
#define ASLEEP_S 600

struct sleeper {
	struct worker worker;
	bool is_done; /* under the worker's lock */
	int error;    /* of the sleep; 0: it slept for its whole time */
};

static void *sleep_long(void *data)
{
	struct sleeper *sleeper = data;
	const struct timespec time = {.tv_sec = ASLEEP_S};
	int rc;

	worker_allow_interrupts();
	rc = nanosleep(&time, NULL);
	worker_lock(&sleeper->worker);
	sleeper->error = rc < 0 ? errno : 0;
	sleeper->is_done = true;
	worker_tell(&sleeper->worker);
	worker_unlock(&sleeper->worker);
	return NULL;
}

/* An interrupt before the sleep is lost, so the test repeats it. */
static void an_interrupt_ends_a_sleep(void **state)
{
	struct sleeper sleeper = {0};
	int64_t deadline = monotonic_ns() + WAIT_NS;

	(void)state;
	assert_true(worker_start(&sleeper.worker, sleep_long, &sleeper));
	worker_lock(&sleeper.worker);
	while (!sleeper.is_done && monotonic_ns() < deadline) {
		worker_interrupt(&sleeper.worker);
		worker_wait_until(&sleeper.worker, monotonic_ns() + AGAIN_NS);
	}
	assert_true(sleeper.is_done);
	worker_unlock(&sleeper.worker);
	worker_end(&sleeper.worker);
	assert_int_equal(sleeper.error, EINTR);
}

static volatile sig_atomic_t interrupts;

static void count_interrupt(int number)
{
	(void)number;
	interrupts++;
}

/* Sleeps only after the first interrupt, which is lost for that reason. */
static void *sleep_too_late(void *data)
{
	struct sleeper *sleeper = data;
	const struct timespec moment = {.tv_nsec = AGAIN_NS};
	const struct timespec time = {.tv_sec = ASLEEP_S};
	int rc;

	worker_lock(&sleeper->worker);
	worker_begin_call(&sleeper->worker);
	sleeper->is_done = true;
	worker_unlock(&sleeper->worker);
	while (interrupts == 0)
		nanosleep(&moment, NULL);
	rc = nanosleep(&time, NULL);
	sleeper->error = rc < 0 ? errno : 0;
	worker_end_call(&sleeper->worker);
	return NULL;
}

static void an_interrupt_that_is_lost_is_repeated(void **state)
{
	const struct sigaction counting = {.sa_handler = count_interrupt};
	const struct timespec moment = {.tv_nsec = AGAIN_NS};
	struct sleeper sleeper = {0};
	bool is_in_call = false;

	(void)state;
	assert_int_equal(sigaction(SIGURG, &counting, NULL), 0);
	assert_true(worker_start(&sleeper.worker, sleep_too_late, &sleeper));
	while (!is_in_call) {
		worker_lock(&sleeper.worker);
		is_in_call = sleeper.is_done;
		if (is_in_call)
			worker_tell(&sleeper.worker);
		worker_unlock(&sleeper.worker);
		nanosleep(&moment, NULL);
	}
	worker_end(&sleeper.worker);
	assert_int_equal(sleeper.error, EINTR);
}

static void *wait_to_end(void *data)
{
	struct sleeper *sleeper = data;

	worker_lock(&sleeper->worker);
	while (!sleeper->is_done)
		worker_wait(&sleeper->worker);
	worker_unlock(&sleeper->worker);
	return NULL;
}

/* The default action of the signal is to ignore it. */
static void a_thread_that_does_not_expect_it_goes_on(void **state)
{
	struct sleeper sleeper = {0};

	(void)state;
	assert_int_not_equal(signal(SIGURG, SIG_DFL), SIG_ERR);
	assert_true(worker_start(&sleeper.worker, wait_to_end, &sleeper));
	for (int i = 0; i < 100; i++)
		worker_interrupt(&sleeper.worker);
	worker_lock(&sleeper.worker);
	sleeper.is_done = true;
	worker_tell(&sleeper.worker);
	worker_unlock(&sleeper.worker);
	worker_end(&sleeper.worker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interrupt_ends_a_sleep),
		cmocka_unit_test(an_interrupt_that_is_lost_is_repeated),
		cmocka_unit_test(a_thread_that_does_not_expect_it_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* worker.c - see worker.h. */
#include "worker.h"

#include <errno.h>
#include <signal.h>

#include "monotonic.h"
#include "timespec.h"

/* Ignored by default, so it does no harm to a thread that does not expect it. */
#define INTERRUPT SIGURG

#define REMIND_NS INT64_C(50000000)

static void *run(void *data)
{
	struct worker *worker = data;

	worker->work(worker->data);
	worker_lock(worker);
	worker->has_ended = true;
	worker_tell(worker);
	worker_unlock(worker);
	return NULL;
}

bool worker_start(struct worker *worker, void *(*work)(void *data), void *data)
{
	pthread_condattr_t monotonic;
	int rc;

	worker->work = work;
	worker->data = data;
	worker->is_in_call = worker->is_told = worker->has_ended = false;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	rc = pthread_create(&worker->thread, NULL, run, worker);
	if (rc == 0)
		return true;
	pthread_cond_destroy(&worker->changed);
	pthread_mutex_destroy(&worker->lock);
	errno = rc;
	return false;
}

void worker_end(struct worker *worker)
{
	worker_lock(worker);
	while (!worker->has_ended) {
		worker_remind(worker);
		worker_wait_until(worker, monotonic_ns() + REMIND_NS);
	}
	worker_unlock(worker);
	pthread_join(worker->thread, NULL);
	pthread_cond_destroy(&worker->changed);
	pthread_mutex_destroy(&worker->lock);
}

void worker_lock(struct worker *worker)
{
	pthread_mutex_lock(&worker->lock);
}

void worker_unlock(struct worker *worker)
{
	pthread_mutex_unlock(&worker->lock);
}

void worker_tell(struct worker *worker)
{
	pthread_cond_broadcast(&worker->changed);
	worker->is_told = worker->is_in_call;
	worker_remind(worker);
}

void worker_begin_call(struct worker *worker)
{
	worker->is_in_call = true;
	worker->is_told = false;
}

void worker_end_call(struct worker *worker)
{
	worker_lock(worker);
	worker->is_in_call = false;
	worker->is_told = false;
	worker_unlock(worker);
}

void worker_remind(struct worker *worker)
{
	if (worker->is_told)
		worker_interrupt(worker);
}

void worker_wait(struct worker *worker)
{
	pthread_cond_wait(&worker->changed, &worker->lock);
}

bool worker_wait_until(struct worker *worker, int64_t deadline)
{
	const struct timespec until = timespec_of(deadline);

	return pthread_cond_timedwait(&worker->changed, &worker->lock, &until) == 0;
}

static void do_nothing(int number)
{
	(void)number;
}

void worker_allow_interrupts(void)
{
	const struct sigaction action = {.sa_handler = do_nothing}; /* without SA_RESTART */

	sigaction(INTERRUPT, &action, NULL);
}

void worker_interrupt(struct worker *worker)
{
	pthread_kill(worker->thread, INTERRUPT);
}

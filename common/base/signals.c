/* signals.c - see signals.h. */
#include "signals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

struct signals {
	pthread_t thread;
	atomic_bool came;
	atomic_bool ending;
	void (*wake)(void *data);
	void *data;
};

static void fill(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

void signals_block(void)
{
	sigset_t set;

	fill(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void signals_unblock(sigset_t *before)
{
	sigset_t set;

	fill(&set);
	pthread_sigmask(SIG_UNBLOCK, &set, before);
}

static void *wait_for_signals(void *argument)
{
	struct signals *signals = argument;
	sigset_t set;
	int number;

	fill(&set);
	for (;;) {
		if (sigwait(&set, &number) != 0)
			continue;
		if (atomic_load(&signals->ending))
			return NULL;
		atomic_store(&signals->came, true);
		signals->wake(signals->data);
	}
}

struct signals *signals_create(void (*wake)(void *data), void *data)
{
	struct signals *signals = calloc(1, sizeof(*signals));
	int rc;

	if (signals == NULL)
		return NULL;
	signals->wake = wake;
	signals->data = data;
	rc = pthread_create(&signals->thread, NULL, wait_for_signals, signals);
	if (rc != 0) {
		free(signals);
		errno = rc;
		return NULL;
	}
	return signals;
}

void signals_destroy(struct signals *signals)
{
	if (signals == NULL)
		return;
	atomic_store(&signals->ending, true);
	pthread_kill(signals->thread, SIGTERM); /* blocked everywhere, so it only ends sigwait() */
	pthread_join(signals->thread, NULL);
	free(signals);
}

bool signals_came(const struct signals *signals)
{
	return atomic_load(&signals->came);
}

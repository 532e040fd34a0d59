/*
 * worker.h - a thread that works beside the one that draws, with the lock over all that both touch
 * and the condition that says that some of it has changed. Who owns it puts it into a structure of
 * his own. Times are CLOCK_MONOTONIC, ns.
 */
#ifndef VITRINE_BASE_WORKER_H
#define VITRINE_BASE_WORKER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

int64_t worker_now(void);

/* Starts work(data). False: errno, and there is nothing to end. */
bool worker_start(struct worker *worker, void *(*work)(void *data), void *data);
/* Waits for the thread, which was told to end, and gives back what it had. */
void worker_end(struct worker *worker);

void worker_lock(struct worker *worker);
void worker_unlock(struct worker *worker);

/* All that follows: with the lock held. */
void worker_tell(struct worker *worker); /* something has changed */
void worker_wait(struct worker *worker); /* until then; or for no reason: look again */
/* As worker_wait(), until `deadline` at most. False: it is over. */
bool worker_wait_until(struct worker *worker, int64_t deadline);

#endif

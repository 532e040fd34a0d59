/*
 * worker.h - a background thread, with the lock over the data that it shares with the drawing
 * thread and the condition that signals a change of that data. The owner embeds it in its own
 * struct. Times are CLOCK_MONOTONIC, ns.
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
	void *(*work)(void *data);
	void *data;
	bool is_in_call; /* worker_begin_call() */
	bool is_told;    /* … and something has changed since */
	bool has_ended;
};

/* Starts work(data). False: see errno; there is nothing to end. */
bool worker_start(struct worker *worker, void *(*work)(void *data), void *data);
/* Waits for the thread, which has been told to end, and frees what it used; reminds it. */
void worker_end(struct worker *worker);

void worker_lock(struct worker *worker);
void worker_unlock(struct worker *worker);

/*
 * Lets worker_interrupt() end a system call in which this thread sleeps. For a thread whose other
 * system calls can bear EINTR, or that is interrupted only where it sleeps.
 */
void worker_allow_interrupts(void);
/*
 * Makes the system call in which the thread sleeps fail with EINTR. A call that begins just
 * afterwards is not interrupted: worker_remind() is for that. May be called with or without the
 * lock.
 */
void worker_interrupt(struct worker *worker);

/* The call that worker_begin_call() announced has returned. Without the lock. */
void worker_end_call(struct worker *worker);

/* Call the following with the lock held. */
/*
 * The thread begins a call in which it may sleep for long: until worker_end_call(), worker_tell()
 * interrupts it. Whatever the call depends on must be looked at under the same lock.
 */
void worker_begin_call(struct worker *worker);
/* Interrupts the call again if it has not ended since worker_tell(). */
void worker_remind(struct worker *worker);
void worker_tell(struct worker *worker); /* signals a change */
void worker_wait(struct worker *worker); /* waits for a change; may also return without one */
/* As worker_wait(), but not longer than until `deadline`. False: the deadline has passed. */
bool worker_wait_until(struct worker *worker, int64_t deadline);

#endif

/*
 * signals.h - ends a program cleanly on SIGINT, SIGTERM and SIGHUP. There is no handler: the
 * signals are blocked in every thread, and one thread waits for them. So nothing is interrupted
 * half-way, and a signal that arrives just before the window starts to wait still wakes it.
 */
#ifndef VITRINE_BASE_SIGNALS_H
#define VITRINE_BASE_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/*
 * Blocks the signals in this thread and in all threads that it will start. Call first in main.
 * Children need them unblocked again: posix_spawnattr_setsigmask().
 */
void signals_block(void);

/*
 * Lets them end the program again in this thread, around a call that nothing else can interrupt.
 * *before receives the mask to return to: pthread_sigmask(SIG_SETMASK, before, NULL).
 */
void signals_unblock(sigset_t *before);

struct signals;

/* Starts the thread that waits; it calls wake(data) when a signal arrives. NULL: see errno. */
struct signals *signals_create(void (*wake)(void *data), void *data);
void signals_destroy(struct signals *signals); /* NULL is allowed */

/* True if a signal has asked the program to end. Any thread. */
bool signals_came(const struct signals *signals);

#endif

/*
 * signals.h - SIGINT, SIGTERM and SIGHUP end a program cleanly. There is no handler: the signals are
 * blocked in every thread, and one thread waits for them. So nothing is ever interrupted half-way,
 * and a signal that comes just before the window falls asleep still wakes it.
 */
#ifndef VITRINE_BASE_SIGNALS_H
#define VITRINE_BASE_SIGNALS_H

#include <stdbool.h>

/*
 * Blocks the signals in this thread and all that it will start. First thing in main. Children need
 * them unblocked again: posix_spawnattr_setsigmask().
 */
void signals_block(void);

struct signals;

/* Starts to wait; wake(data) is called on a thread of its own when one came. NULL: errno. */
struct signals *signals_create(void (*wake)(void *data), void *data);
void signals_destroy(struct signals *signals); /* NULL is allowed */

/* Whether the program was asked to end. Any thread. */
bool signals_came(const struct signals *signals);

#endif

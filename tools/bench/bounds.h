/*
 * bounds.h - the limits of this machine, which no way of passing frames can beat. Called by
 * bench.c and bench/race.
 */
#ifndef VITRINE_TOOLS_BOUNDS_H
#define VITRINE_TOOLS_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copies of `size` bytes per second, by one process alone, and by each of two at once. 0: failed.
 */
double bounds_copies(size_t size, double seconds);
double bounds_copies_of_two(size_t size, double seconds);

struct bounds_calls {
	double call_us;   /* an empty system call */
	double semop_us;  /* one operation on one semaphore, without waiting */
	double wakeup_us; /* from one process to another that sleeps, by futex */
	double arrays_us; /* all semop arrays of one frame, by one process, without waiting */
};

bool bounds_calls(struct bounds_calls *calls);

#endif

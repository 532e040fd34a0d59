/*
 * bounds.h - what this machine can do at all: the bounds that no way of handing frames over can beat.
 * Called by bench.c.
 */
#ifndef VITRINE_TOOLS_BOUNDS_H
#define VITRINE_TOOLS_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>

/* Copies of `size` bytes a second, by one process alone; then by each of two at once. 0: failed. */
double bounds_copies(size_t size, double seconds);
double bounds_copies_of_two(size_t size, double seconds);

struct bounds_calls {
	double call_us;   /* an empty system call */
	double semop_us;  /* one operation on one semaphore that need not wait */
	double wakeup_us; /* one way from a process to another that sleeps, by futex */
};

bool bounds_calls(struct bounds_calls *calls);

#endif

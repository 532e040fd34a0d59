/*
 * limits.h - what this machine can do at all: the bounds that no way of handing frames over can beat.
 * Called by bench.c.
 */
#ifndef VITRINE_BENCH_LIMITS_H
#define VITRINE_BENCH_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

/* Copies of `size` bytes a second, by one process alone; then by each of two at once. 0: failed. */
double limits_copies(size_t size, double seconds);
double limits_copies_of_two(size_t size, double seconds);

struct limits_calls {
	double call_us;   /* an empty system call */
	double semop_us;  /* one operation on one semaphore that need not wait */
	double wakeup_us; /* one way from a process to another that sleeps, by futex */
};

bool limits_calls(struct limits_calls *calls);

#endif

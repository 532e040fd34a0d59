/* clock.h - the monotonic clock, and deadlines built from time-outs. Private to common/ipc. */
#ifndef VITRINE_CLOCK_H
#define VITRINE_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC, ns. */
uint64_t clock_ns(void);

/* The point in CLOCK_MONOTONIC ns after which a call gives up. */
struct deadline {
	int64_t at_ns; /* VITRINE_FOREVER: never; 0: do not sleep */
};

/* `timeout_ns` from now; VITRINE_FOREVER and 0 as for every call that takes a time-out. */
struct deadline deadline_in(int64_t timeout_ns);

/* What is left, as a time-out: 0 once it has passed. */
int64_t deadline_left(struct deadline deadline);

#endif

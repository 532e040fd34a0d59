/* clock.h - the monotonic clock, and deadlines computed from timeouts. Private to common/ipc. */
#ifndef VITRINE_IPC_CLOCK_H
#define VITRINE_IPC_CLOCK_H

#include <stdint.h>

/* The time of CLOCK_MONOTONIC in nanoseconds. */
uint64_t clock_ns(void);

/* The time of CLOCK_MONOTONIC, in nanoseconds, at which a call stops waiting. */
struct deadline {
	int64_t at_ns; /* VITRINE_FOREVER: never; 0: do not sleep */
};

/*
 * The deadline `timeout_ns` from now; VITRINE_FOREVER and 0 have the same meaning as in every call
 * that takes a timeout.
 */
struct deadline deadline_in(int64_t timeout_ns);

/* The time left, as a timeout: 0 once the deadline has passed. */
int64_t deadline_left(struct deadline deadline);

#endif

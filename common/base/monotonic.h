/* monotonic.h - CLOCK_MONOTONIC as a number. Any thread; never sleeps. */
#ifndef VITRINE_BASE_MONOTONIC_H
#define VITRINE_BASE_MONOTONIC_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds. */
static inline int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

#endif

/* timespec.h - a time in nanoseconds as system calls take it. Any thread; never sleeps. */
#ifndef VITRINE_BASE_TIMESPEC_H
#define VITRINE_BASE_TIMESPEC_H

#include <stdint.h>
#include <time.h>

/* A time too large for a 32-bit time_t, such as INT64_MAX ("for ever"), becomes its maximum. */
static inline struct timespec timespec_of(int64_t ns)
{
	const int64_t second = 1000000000;
	const int64_t most = sizeof(time_t) < sizeof(int64_t) ? INT32_MAX : INT64_MAX;
	const int64_t seconds = ns / second < most ? ns / second : most;

	return (struct timespec){.tv_sec = (time_t)seconds, .tv_nsec = (long)(ns % second)};
}

#endif

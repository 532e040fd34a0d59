/* clock.c - see clock.h. */
#include "clock.h"

#include <time.h>

#include "vitrine.h"

enum { SECOND_NS = 1000000000 };

uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

struct deadline deadline_in(int64_t timeout_ns)
{
	int64_t now = (int64_t)clock_ns();

	if (timeout_ns <= 0)
		return (struct deadline){timeout_ns < 0 ? VITRINE_FOREVER : 0};
	return (struct deadline){timeout_ns > INT64_MAX - now ? VITRINE_FOREVER : now + timeout_ns};
}

int64_t deadline_left(struct deadline deadline)
{
	int64_t left;

	if (deadline.at_ns <= 0)
		return deadline.at_ns;
	left = deadline.at_ns - (int64_t)clock_ns();
	return left > 0 ? left : 0;
}

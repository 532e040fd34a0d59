/* spin.c - see spin.h. */
#include "spin.h"

#include <errno.h>
#include <sched.h>

#include "handle.h"
#include "semset.h"

/*
 * TRY_NS is about the cost of falling asleep and being woken, so spinning in vain at most doubles
 * the cost of a sleep. Each failure doubles the number of sleeps without spinning, up to
 * BACKOFF_MOST. Between attempts spin_try() yields the processor, perhaps to the very thread it
 * waits for. If another thread then keeps the processor much longer than TRY_NS, even a success
 * counts as a failure. A sleep of SHORT_NS or more means that the program is idle.
 */
enum { SHORT_NS = 1000000, TRY_NS = 20000, BACKOFF_MOST = 1023 };

int spin_try(struct spin *spin, int (*attempt)(void *), void *data)
{
	uint64_t now = clock_ns(), end = now + TRY_NS;
	int rc = -EAGAIN;

	if (!spin->last_was_short)
		return rc;
	if (spin->skip > 0) {
		spin->skip--;
		return rc;
	}
	while (rc == -EAGAIN && now < end) {
		sched_yield();
		rc = attempt(data);
		now = clock_ns();
	}
	if (rc != -EAGAIN && now < end + 4 * TRY_NS)
		spin->backoff = 0;
	else if (spin->backoff < BACKOFF_MOST)
		spin->backoff = (uint16_t)(2 * spin->backoff + 1);
	spin->skip = spin->backoff;
	return rc;
}

void spin_slept(struct spin *spin, uint64_t since_ns)
{
	spin->last_was_short = clock_ns() - since_ns < SHORT_NS;
}

struct array {
	int semid;
	const struct sembuf *operations;
	unsigned count;
};

static int try_array(void *data)
{
	const struct array *array = data;

	return semset_do(array->semid, array->operations, array->count, 0);
}

int spin_do(struct spin *spin, int semid, const struct sembuf *operations, unsigned count,
	int64_t timeout_ns)
{
	struct array array = {semid, operations, count};
	uint64_t started;
	int rc;

	if (spin == NULL || timeout_ns == 0)
		return semset_do(semid, operations, count, timeout_ns);
	rc = try_array(&array);
	if (rc != -EAGAIN)
		return rc;
	started = clock_ns();
	rc = spin_try(spin, try_array, &array);
	if (rc != -EAGAIN)
		return rc;
	rc = semset_do(semid, operations, count, timeout_ns);
	spin_slept(spin, started);
	return rc;
}

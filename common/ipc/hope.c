/* hope.c - see hope.h. */
#include "hope.h"

#include <errno.h>
#include <sched.h>

#include "handle.h"
#include "semset.h"

/*
 * TRY_NS is about what it costs to fall asleep and be woken, so that to try in vain costs no more
 * than twice what it would have; then more and more sleeps pass without, up to PASS_MOST. Between
 * tries whoever else wants this processor has it: that may be the one who is waited for. A stranger
 * may keep it for milliseconds; what came then came too late. A sleep of SHORT_NS is an idle one's.
 */
enum { SHORT_NS = 1000000, TRY_NS = 20000, PASS_MOST = 1023 };

int hope_try(struct hope *hope, int (*attempt)(void *), void *data)
{
	uint64_t now = clock_ns(), end = now + TRY_NS;
	int rc = -EAGAIN;

	if (!hope->was_short)
		return rc;
	if (hope->pass > 0) {
		hope->pass--;
		return rc;
	}
	while (rc == -EAGAIN && now < end) {
		sched_yield();
		rc = attempt(data);
		now = clock_ns();
	}
	if (rc != -EAGAIN && now < end + 4 * TRY_NS)
		hope->disgrace = 0;
	else if (hope->disgrace < PASS_MOST)
		hope->disgrace = (uint16_t)(2 * hope->disgrace + 1);
	hope->pass = hope->disgrace;
	return rc;
}

void hope_slept(struct hope *hope, uint64_t since_ns)
{
	hope->was_short = clock_ns() - since_ns < SHORT_NS;
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

int hope_do(struct hope *hope, int semid, const struct sembuf *operations, unsigned count,
	int64_t timeout_ns)
{
	struct array array = {semid, operations, count};
	uint64_t started;
	int rc;

	if (hope == NULL || timeout_ns == 0)
		return semset_do(semid, operations, count, timeout_ns);
	rc = try_array(&array);
	if (rc != -EAGAIN)
		return rc;
	started = clock_ns();
	rc = hope_try(hope, try_array, &array);
	if (rc != -EAGAIN)
		return rc;
	rc = semset_do(semid, operations, count, timeout_ns);
	hope_slept(hope, started);
	return rc;
}

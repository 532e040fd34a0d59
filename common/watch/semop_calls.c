/* semop_calls.c - see semop_calls.h. */
#include "semop_calls.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "semaphores.h"

/* A call that begins later than this after a nap does not continue the same sleep. */
#define BREATH_NS INT64_C(20000000)

struct semop_calls {
	pthread_mutex_t lock; /* protects all fields below */
	uint64_t last; /* number of the newest call; call n is at index n % SEMOP_CALLS_KEPT */
	struct semop_call ring[SEMOP_CALLS_KEPT];
	int32_t undo[SEMAPHORES_MAX];
};

static int64_t now_in(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct semop_calls *semop_calls_create(void)
{
	struct semop_calls *calls = calloc(1, sizeof(*calls));

	if (calls != NULL)
		pthread_mutex_init(&calls->lock, NULL);
	return calls;
}

void semop_calls_destroy(struct semop_calls *calls)
{
	if (calls == NULL)
		return;
	pthread_mutex_destroy(&calls->lock);
	free(calls);
}

/* ---- the thread that makes the calls ------------------------------------------------------- */

static bool may_sleep(const struct semop_call *call)
{
	for (uint32_t i = 0; i < call->count; i++)
		if (call->operations[i].sem_op <= 0 && !(call->operations[i].sem_flg & IPC_NOWAIT))
			return true;
	return false;
}

/* True if the call's nap timed out just now, and the next nap has not begun. */
static bool is_between_naps(const struct semop_call *call, int64_t now)
{
	return call->ended_ns != 0 && call->result == -EAGAIN && may_sleep(call) &&
	       now - call->ended_ns < BREATH_NS &&
	       call->ended_ns - call->started_ns >= SEMOP_CALL_LONG_NS;
}

/*
 * The kernel counts how often a thread gave up the processor because it had to wait. The count
 * distinguishes a sleep from a thread that was only preempted.
 */
static long voluntary_switches(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nvcsw : 0;
}

static bool is_same(const struct semop_call *call, const struct vitrine_event *event)
{
	return call->count == event->count && memcmp(call->operations, event->operations,
						      event->count * sizeof(struct sembuf)) == 0;
}

static void begin(struct semop_calls *calls, const struct vitrine_event *event)
{
	int64_t now = now_in(CLOCK_MONOTONIC);
	struct semop_call *call = &calls->ring[calls->last % SEMOP_CALLS_KEPT];

	if (is_same(call, event) && is_between_naps(call, now)) {
		call->ended_ns = 0;
		call->switches = voluntary_switches();
		return;
	}
	calls->last++;
	call = &calls->ring[calls->last % SEMOP_CALLS_KEPT];
	*call = (struct semop_call){
		.number = calls->last,
		.slot = event->slot,
		.count = event->count,
		.thread = gettid(),
		.real_ns = now_in(CLOCK_REALTIME),
		.started_ns = now,
	};
	snprintf(call->name, sizeof(call->name), "%s", event->name);
	memcpy(call->operations, event->operations, event->count * sizeof(struct sembuf));
	call->switches = voluntary_switches();
}

/* A program has one channel at a time, so joining clears the undo entries. */
static void note_undo(struct semop_calls *calls, const struct vitrine_event *event)
{
	if (strcmp(event->name, "begin") == 0 || strcmp(event->name, "join") == 0)
		memset(calls->undo, 0, sizeof(calls->undo));
	for (uint32_t i = 0; i < event->count; i++)
		if (event->operations[i].sem_flg & SEM_UNDO &&
			event->operations[i].sem_num < SEMAPHORES_MAX)
			calls->undo[event->operations[i].sem_num] -= event->operations[i].sem_op;
}

static void end(struct semop_calls *calls, const struct vitrine_event *event, long switches)
{
	struct semop_call *call = &calls->ring[calls->last % SEMOP_CALLS_KEPT];

	call->ended_ns = now_in(CLOCK_MONOTONIC);
	call->result = event->result;
	call->has_slept |= may_sleep(call) && switches > call->switches;
	if (event->result == 0)
		note_undo(calls, event);
}

void semop_calls_observe(const struct vitrine_event *event, void *data)
{
	struct semop_calls *calls = data;
	long switches = event->before ? 0 : voluntary_switches();

	if (event->operations == NULL || event->count > SEMOP_CALLS_OPERATIONS)
		return;
	pthread_mutex_lock(&calls->lock);
	if (event->before)
		begin(calls, event);
	else
		end(calls, event, switches);
	pthread_mutex_unlock(&calls->lock);
}

/* ---- readers ------------------------------------------------------------------------------- */

bool semop_call_is_asleep(const struct semop_call *call, int64_t now)
{
	if (is_between_naps(call, now))
		return true;
	return call->ended_ns == 0 && may_sleep(call) && now - call->started_ns > BREATH_NS;
}

int64_t semop_call_duration(const struct semop_call *call, int64_t now)
{
	return (call->ended_ns != 0 ? call->ended_ns : now) - call->started_ns;
}

size_t semop_calls_newest(struct semop_calls *calls, struct semop_call *newest, size_t max)
{
	size_t count = 0;

	pthread_mutex_lock(&calls->lock);
	for (uint64_t n = calls->last; n > 0 && count < max && calls->last - n < SEMOP_CALLS_KEPT;
		n--)
		newest[count++] = calls->ring[n % SEMOP_CALLS_KEPT];
	pthread_mutex_unlock(&calls->lock);
	return count;
}

size_t semop_calls_undo(struct semop_calls *calls, struct semop_call_undo *undo, size_t max)
{
	size_t count = 0;

	pthread_mutex_lock(&calls->lock);
	for (uint32_t i = 0; i < SEMAPHORES_MAX && count < max; i++)
		if (calls->undo[i] != 0)
			undo[count++] = (struct semop_call_undo){i, calls->undo[i]};
	pthread_mutex_unlock(&calls->lock);
	return count;
}

size_t semop_calls_since(struct semop_calls *calls, int64_t now, uint64_t *cursor,
	struct semop_call *since, size_t max, uint64_t *lost)
{
	size_t count = 0;

	pthread_mutex_lock(&calls->lock);
	if (calls->last > *cursor + SEMOP_CALLS_KEPT) {
		*lost += calls->last - SEMOP_CALLS_KEPT - *cursor;
		*cursor = calls->last - SEMOP_CALLS_KEPT;
	}
	while (*cursor < calls->last && count < max) {
		const struct semop_call *call = &calls->ring[(*cursor + 1) % SEMOP_CALLS_KEPT];

		if (call->ended_ns == 0 || is_between_naps(call, now))
			break;
		since[count++] = *call;
		++*cursor;
	}
	pthread_mutex_unlock(&calls->lock);
	return count;
}

/* stepper.c - see stepper.h. */
#include "stepper.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "monotonic.h"
#include "presence.h"
#include "semaphores.h"
#include "timespec.h"

struct stepper {
	void (*wake)(void *data);
	void *wake_data;
	bool (*is_inside)(void *data);
	void *inside_data;
	pthread_mutex_t lock; /* protects all fields below */
	pthread_cond_t changed;
	enum stepper_mode mode;
	int64_t slow_ns;
	bool is_ending;
	uint64_t granted;         /* number of the last stop that may continue */
	struct stepper_stop step; /* the current stop; number 0: the thread runs */
	/* used only by the observed thread */
	uint64_t stops;
	bool holds_mutex;
	struct stepper_stop tried; /* the last array, and whether it succeeded */
	bool was_refused;
};

struct stepper *stepper_create(enum stepper_mode mode, int64_t slow_ns, void (*wake)(void *data),
	void *data)
{
	struct stepper *stepper = calloc(1, sizeof(*stepper));
	pthread_condattr_t monotonic;

	if (stepper == NULL)
		return NULL;
	stepper->wake = wake;
	stepper->wake_data = data;
	stepper->mode = mode;
	stepper->slow_ns = slow_ns;
	pthread_mutex_init(&stepper->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&stepper->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return stepper;
}

void stepper_destroy(struct stepper *stepper)
{
	if (stepper == NULL)
		return;
	pthread_cond_destroy(&stepper->changed);
	pthread_mutex_destroy(&stepper->lock);
	free(stepper);
}

void stepper_set_inside(struct stepper *stepper, bool (*is_inside)(void *data), void *data)
{
	stepper->is_inside = is_inside;
	stepper->inside_data = data;
}

/* ---- the observed thread ------------------------------------------------------------------- */

static struct timespec in(int64_t ns)
{
	return timespec_of(monotonic_ns() + ns);
}

/* With slow motion alone, a transition is one step, as with STEPPER_TRANSITIONS. */
static bool stops_here(const struct stepper *stepper)
{
	if (stepper->is_ending)
		return false;
	if (stepper->mode == STEPPER_ALL)
		return true;
	return !stepper->holds_mutex &&
	       (stepper->mode == STEPPER_TRANSITIONS || stepper->slow_ns > 0);
}

/*
 * Sleeps until the user, a change of mode or stepper_end() continues the thread; in slow motion for
 * the set time. Call with the lock held.
 */
static void wait_for_leave(struct stepper *stepper)
{
	const struct timespec until = in(stepper->slow_ns);
	int rc = 0;

	while (rc == 0 && stops_here(stepper) && stepper->granted < stepper->step.number) {
		bool is_slow = stepper->mode == STEPPER_RUNS;

		stepper->step.is_slow = is_slow;
		if (is_slow)
			rc = pthread_cond_timedwait(&stepper->changed, &stepper->lock, &until);
		else
			pthread_cond_wait(&stepper->changed, &stepper->lock);
	}
}

/* The thread's name tells the other programs that this stop is intended. */
static void stop(struct stepper *stepper, const struct stepper_stop *step)
{
	char name[16] = "";

	pthread_getname_np(pthread_self(), name, sizeof(name));
	pthread_setname_np(pthread_self(), STEPPER_THREAD_NAME);
	pthread_mutex_lock(&stepper->lock);
	stepper->step = *step;
	stepper->step.is_slow = stepper->mode == STEPPER_RUNS;
	pthread_mutex_unlock(&stepper->lock);
	stepper->wake(stepper->wake_data);
	pthread_mutex_lock(&stepper->lock);
	wait_for_leave(stepper);
	stepper->step = (struct stepper_stop){0};
	pthread_mutex_unlock(&stepper->lock);
	pthread_setname_np(pthread_self(), name);
	stepper->wake(stepper->wake_data);
}

static struct stepper_stop step_of(const struct stepper *stepper, const struct vitrine_event *event)
{
	struct stepper_stop step = {
		.slot = event->slot, .count = event->count, .holds_mutex = stepper->holds_mutex};

	snprintf(step.name, sizeof(step.name), "%s", event->name);
	memcpy(step.operations, event->operations, event->count * sizeof(struct sembuf));
	return step;
}

/*
 * True if the array was refused, or its nap timed out, and it is tried again: that is no new step.
 */
static bool is_tried_again(const struct stepper *stepper, const struct stepper_stop *step)
{
	return stepper->was_refused && stepper->tried.count == step->count &&
	       memcmp(stepper->tried.operations, step->operations, sizeof(step->operations)) == 0;
}

static void note_result(struct stepper *stepper, const struct vitrine_event *event)
{
	stepper->was_refused = event->result == -EAGAIN;
	/* The mutex may have been removed with the channel. */
	if (event->result == -EIDRM || event->result == -EINVAL)
		stepper->holds_mutex = false;
	for (uint32_t i = 0; event->result == 0 && i < event->count; i++)
		if (event->operations[i].sem_num == SEMAPHORES_MUTEX &&
			event->operations[i].sem_op != 0)
			stepper->holds_mutex = event->operations[i].sem_op < 0;
}

void stepper_observe(const struct vitrine_event *event, void *data)
{
	struct stepper *stepper = data;
	struct stepper_stop step;
	bool stops;

	if (event->operations == NULL || event->count > STEPPER_OPERATIONS)
		return;
	if (!event->before) {
		note_result(stepper, event);
		return;
	}
	step = step_of(stepper, event);
	pthread_mutex_lock(&stepper->lock);
	stops = stops_here(stepper);
	pthread_mutex_unlock(&stepper->lock);
	if (stops && !is_tried_again(stepper, &step) &&
		(stepper->is_inside == NULL || stepper->is_inside(stepper->inside_data))) {
		step.number = ++stepper->stops;
		stop(stepper, &step);
		step.number = 0;
	}
	stepper->tried = step;
}

/* ---- the window's side --------------------------------------------------------------------- */

void stepper_set_mode(struct stepper *stepper, enum stepper_mode mode)
{
	pthread_mutex_lock(&stepper->lock);
	stepper->mode = mode;
	pthread_cond_broadcast(&stepper->changed);
	pthread_mutex_unlock(&stepper->lock);
}

enum stepper_mode stepper_mode(struct stepper *stepper)
{
	enum stepper_mode mode;

	pthread_mutex_lock(&stepper->lock);
	mode = stepper->mode;
	pthread_mutex_unlock(&stepper->lock);
	return mode;
}

void stepper_set_slow(struct stepper *stepper, int64_t ns)
{
	pthread_mutex_lock(&stepper->lock);
	stepper->slow_ns = ns;
	pthread_cond_broadcast(&stepper->changed);
	pthread_mutex_unlock(&stepper->lock);
}

int64_t stepper_slow(struct stepper *stepper)
{
	int64_t ns;

	pthread_mutex_lock(&stepper->lock);
	ns = stepper->slow_ns;
	pthread_mutex_unlock(&stepper->lock);
	return ns;
}

void stepper_go(struct stepper *stepper)
{
	pthread_mutex_lock(&stepper->lock);
	stepper->granted = stepper->step.number;
	pthread_cond_broadcast(&stepper->changed);
	pthread_mutex_unlock(&stepper->lock);
}

bool stepper_look(struct stepper *stepper, struct stepper_stop *step)
{
	pthread_mutex_lock(&stepper->lock);
	*step = stepper->step;
	pthread_mutex_unlock(&stepper->lock);
	return step->number != 0;
}

void stepper_end(struct stepper *stepper)
{
	pthread_mutex_lock(&stepper->lock);
	stepper->is_ending = true;
	pthread_cond_broadcast(&stepper->changed);
	pthread_mutex_unlock(&stepper->lock);
}

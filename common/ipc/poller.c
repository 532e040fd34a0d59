/*
 * poller.c - vitrine_fd: System V semaphores have no descriptor, so a thread sleeps on behalf of
 * the program.
 *
 * The thread has its own inspector handle and sleeps like a mirror, so the protocol has no special
 * case for it. The thread and the program take turns. When there is an image for the program, the
 * thread makes the descriptor readable and stops looking. When the program takes or looks, it
 * clears the descriptor and lets the thread look again. So the descriptor is level-triggered, and
 * an image that the program does not take costs nothing.
 */
#include "poller.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "choose_slot.h"

struct poller {
	struct vitrine_channel *inspector; /* the thread's own handle */
	bool is_mirror;
	int fd;
	pthread_t thread;
	pthread_mutex_t mutex; /* protects the fields below */
	pthread_cond_t changed;
	bool is_thread_turn; /* otherwise the descriptor is readable */
	bool is_ending;
	uint64_t seen; /* mirror: the sequence number that the program has seen */
};

static bool is_something_there(const struct poller *poller, const struct values *values, int latest,
	uint64_t seen)
{
	if (!poller->is_mirror)
		return values->semaphore[SEM_FULL] > 0;
	return latest >= 0 && slot_sequence(poller->inspector, (uint32_t)latest) > seen;
}

/*
 * Looks once; if there is no image for the program, sleeps for up to SLEEP_SLICE_NS. True: the
 * program must look; it may find an error.
 */
static bool look_once(const struct poller *poller, uint64_t seen)
{
	struct vitrine_channel *inspector = poller->inspector;
	struct values values;
	int latest;

	if (segment_is_lost(inspector) || handle_values(inspector, &values) < 0)
		return true;
	latest = latest_slot(inspector, &values);
	if (is_something_there(poller, &values, latest, seen))
		return true;
	if (latest < 0 && values.semaphore[SEM_NOTHING] == 0)
		return true; /* the semaphores contradict each other */
	sleep_until_newer(inspector, latest, SLEEP_SLICE_NS);
	return false;
}

static void *feed(void *data)
{
	struct poller *poller = data;
	const uint64_t one = 1;

	pthread_mutex_lock(&poller->mutex);
	while (!poller->is_ending) {
		uint64_t seen = poller->seen;
		bool is_there;

		if (!poller->is_thread_turn) {
			pthread_cond_wait(&poller->changed, &poller->mutex);
			continue;
		}
		pthread_mutex_unlock(&poller->mutex);
		is_there = look_once(poller, seen);
		pthread_mutex_lock(&poller->mutex);
		if (is_there && seen == poller->seen)
			poller->is_thread_turn = write(poller->fd, &one, sizeof(one)) < 0;
	}
	pthread_mutex_unlock(&poller->mutex);
	return NULL;
}

void poller_look_again(const struct vitrine_channel *channel, uint64_t seen)
{
	struct poller *poller = channel != NULL ? channel->poller : NULL;
	uint64_t count;

	if (poller == NULL || !handle_is_own(channel))
		return;
	pthread_mutex_lock(&poller->mutex);
	if (seen > poller->seen)
		poller->seen = seen;
	if (!poller->is_thread_turn && read(poller->fd, &count, sizeof(count)) > 0) {
		poller->is_thread_turn = true;
		pthread_cond_signal(&poller->changed);
	}
	pthread_mutex_unlock(&poller->mutex);
}

static void destroy_locks(struct poller *poller)
{
	pthread_mutex_destroy(&poller->mutex);
	pthread_cond_destroy(&poller->changed);
}

/* Starts the thread with all signals blocked: signals are for the program's own threads. */
static int start_thread(struct poller *poller)
{
	sigset_t all, before;
	int error;

	pthread_mutex_init(&poller->mutex, NULL);
	pthread_cond_init(&poller->changed, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&poller->thread, NULL, feed, poller);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0)
		destroy_locks(poller);
	return -error;
}

static void end_thread(struct poller *poller)
{
	pthread_mutex_lock(&poller->mutex);
	poller->is_ending = true;
	pthread_cond_signal(&poller->changed);
	pthread_mutex_unlock(&poller->mutex);
	pthread_join(poller->thread, NULL);
	destroy_locks(poller);
}

static void discard(struct poller *poller)
{
	vitrine_close(poller->inspector);
	if (poller->fd >= 0)
		close(poller->fd);
	free(poller);
}

void poller_end(const struct vitrine_channel *channel)
{
	if (channel->poller == NULL)
		return;
	/*
	 * fork() does not copy the thread. In a child pthread_cond_destroy() could wait for ever
	 * for the thread to leave pthread_cond_wait().
	 */
	if (handle_is_own(channel))
		end_thread(channel->poller);
	discard(channel->poller);
}

/*
 * Opens the thread's handle. It must refer to the same channel as *channel: under the key there may
 * be a new channel by now, or none.
 */
static int open_inspector(struct vitrine_channel *channel, struct poller *poller)
{
	struct vitrine_key key = {.value = channel->info.key};
	struct vitrine_options options = {.role = VITRINE_INSPECTOR, .key = &key};
	int rc;

	memcpy(key.text, channel->info.key_text, sizeof(key.text));
	rc = vitrine_open(&poller->inspector, &options);
	if (rc < 0 && rc != VITRINE_ENONE)
		return fail(channel, rc, "%s", vitrine_message(poller->inspector));
	if (rc < 0 || poller->inspector->info.semid != channel->info.semid)
		return fail_system(channel, -EIDRM, "fd");
	return VITRINE_OK;
}

static int make(struct vitrine_channel *channel, struct poller *poller)
{
	int rc = open_inspector(channel, poller);

	if (rc < 0)
		return rc;
	poller->is_mirror = channel->info.role == VITRINE_MIRROR;
	poller->is_thread_turn = true;
	poller->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (poller->fd < 0)
		return fail_system(channel, -errno, "eventfd");
	rc = start_thread(poller);
	return rc < 0 ? fail(channel, VITRINE_ENOMEM, "fd: cannot start a thread") : VITRINE_OK;
}

int vitrine_fd(struct vitrine_channel *channel)
{
	int rc = handle_check(channel, ROLE_BIT(VITRINE_CONSUMER) | ROLE_BIT(VITRINE_MIRROR));
	struct poller *poller;

	if (rc < 0)
		return rc;
	if (channel->poller != NULL)
		return channel->poller->fd;
	poller = calloc(1, sizeof(*poller));
	if (poller == NULL)
		return fail(channel, VITRINE_ENOMEM, "fd: not enough memory");
	poller->fd = -1;
	rc = make(channel, poller);
	if (rc < 0) {
		discard(poller);
		return rc;
	}
	channel->poller = poller;
	return poller->fd;
}

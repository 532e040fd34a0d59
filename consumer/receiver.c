/* receiver.c - see receiver.h. */
#include "receiver.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "pool.h"

/* How long to wait after a failure before the next try. */
#define RETRY_NS INT64_C(500000000)

/* While nothing is taken, nobody sleeps in the channel: look this often whether it is still there. */
#define CHECK_NS INT64_C(1000000000)

struct wishes {
	enum receiver_pace pace;
	bool mirror;
	bool ending;
};

struct receiver {
	struct receiver_options options;
	pthread_t thread;
	pthread_mutex_t lock; /* over all up to `trouble` */
	pthread_cond_t changed;
	struct wishes wishes;
	bool has_hand;
	bool is_read; /* uploaded: what is left is to present it */
	bool is_done;
	double latency_ms;
	struct hand hand;
	char trouble[512]; /* "": none */
	/* the thread's own */
	bool is_mirror;
	uint64_t last_number;
	uint64_t last_sequence; /* of this channel's images, the last that was in hand */
	int waiting;            /* when it left */
};

/* ---- between the threads ------------------------------------------------------------------- */

void receiver_set(struct receiver *receiver, enum receiver_pace pace, bool mirror)
{
	pthread_mutex_lock(&receiver->lock);
	if (receiver->wishes.pace != pace || receiver->wishes.mirror != mirror) {
		receiver->wishes.pace = pace;
		receiver->wishes.mirror = mirror;
		pthread_cond_broadcast(&receiver->changed);
	}
	pthread_mutex_unlock(&receiver->lock);
}

bool receiver_look(struct receiver *receiver, struct hand *hand)
{
	bool has;

	pthread_mutex_lock(&receiver->lock);
	has = receiver->has_hand && !receiver->is_done;
	if (has)
		*hand = receiver->hand;
	pthread_mutex_unlock(&receiver->lock);
	return has;
}

bool receiver_has(struct receiver *receiver, uint64_t number)
{
	bool has;

	pthread_mutex_lock(&receiver->lock);
	has = receiver->has_hand && receiver->hand.number == number;
	pthread_mutex_unlock(&receiver->lock);
	return has;
}

void receiver_read(struct receiver *receiver, uint64_t number)
{
	pthread_mutex_lock(&receiver->lock);
	if (receiver->has_hand && receiver->hand.number == number) {
		receiver->is_read = true;
		pthread_cond_broadcast(&receiver->changed);
	}
	pthread_mutex_unlock(&receiver->lock);
}

void receiver_done(struct receiver *receiver, uint64_t number, double latency_ms)
{
	pthread_mutex_lock(&receiver->lock);
	if (receiver->has_hand && receiver->hand.number == number) {
		receiver->is_done = true;
		receiver->latency_ms = latency_ms;
		pthread_cond_broadcast(&receiver->changed);
	}
	pthread_mutex_unlock(&receiver->lock);
}

bool receiver_trouble(struct receiver *receiver, char *text, size_t size)
{
	bool has;

	pthread_mutex_lock(&receiver->lock);
	has = receiver->trouble[0] != '\0';
	snprintf(text, size, "%s", receiver->trouble);
	receiver->trouble[0] = '\0';
	pthread_mutex_unlock(&receiver->lock);
	return has;
}

static void tell(const struct receiver *receiver)
{
	receiver->options.wake(receiver->options.wake_data);
}

static struct wishes wishes_of(struct receiver *receiver)
{
	struct wishes wishes;

	pthread_mutex_lock(&receiver->lock);
	wishes = receiver->wishes;
	pthread_mutex_unlock(&receiver->lock);
	return wishes;
}

/* Sleeps for `ns`, or until the window wishes something else than `now`. */
static void rest(struct receiver *receiver, struct wishes now, int64_t ns)
{
	struct timespec until;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	ns += until.tv_nsec;
	until.tv_sec += ns / 1000000000;
	until.tv_nsec = ns % 1000000000;
	pthread_mutex_lock(&receiver->lock);
	while (rc == 0 && receiver->wishes.ending == now.ending &&
		receiver->wishes.pace == now.pace && receiver->wishes.mirror == now.mirror)
		rc = pthread_cond_timedwait(&receiver->changed, &receiver->lock, &until);
	pthread_mutex_unlock(&receiver->lock);
}

/* Shows the window an image. With pace STEPS this was the one. */
static void hand_over(struct receiver *receiver, const struct vitrine_image *image)
{
	pthread_mutex_lock(&receiver->lock);
	receiver->hand = (struct hand){.number = receiver->last_number, .image = *image};
	receiver->has_hand = true;
	receiver->is_read = false;
	receiver->is_done = false;
	if (receiver->wishes.pace == RECEIVER_STEPS)
		receiver->wishes.pace = RECEIVER_PAUSES;
	pthread_mutex_unlock(&receiver->lock);
	tell(receiver);
}

/*
 * Waits until the window has uploaded the image in hand: to copy it at the same time would make both
 * slower, and the eye waits for only one. false: it cannot be shown, or the program ends.
 */
static bool wait_until_read(struct receiver *receiver)
{
	bool is_read;

	pthread_mutex_lock(&receiver->lock);
	while (!receiver->is_read && !receiver->is_done && !receiver->wishes.ending)
		pthread_cond_wait(&receiver->changed, &receiver->lock);
	is_read = receiver->is_read;
	pthread_mutex_unlock(&receiver->lock);
	return is_read;
}

/* Waits until the window is done with the image in hand; false: the program ends before that. */
static bool wait_until_done(struct receiver *receiver)
{
	double latency_ms;
	bool is_done;

	pthread_mutex_lock(&receiver->lock);
	while (!receiver->is_done && !receiver->wishes.ending)
		pthread_cond_wait(&receiver->changed, &receiver->lock);
	is_done = receiver->is_done;
	latency_ms = receiver->latency_ms;
	receiver->has_hand = false;
	pthread_mutex_unlock(&receiver->lock);
	if (is_done)
		history_set_latency(receiver->options.history, receiver->last_number, latency_ms);
	return is_done;
}

/* ---- images -------------------------------------------------------------------------------- */

/* Copies an image out of its slot, if it may be kept at all: the one copy beside the upload. */
static void keep(struct receiver *receiver, const struct vitrine_image *image)
{
	void *memory;

	if (image->kind != VITRINE_PIXELS)
		return;
	memory = history_reserve(receiver->options.history, image->size, false);
	if (memory == NULL)
		return;
	memcpy(memory, image->data, image->size);
	picture_unref(history_add(receiver->options.history, receiver->last_number, image, memory));
	tell(receiver);
}

/* The window may have changed its mind while the thread slept. */
static bool is_still_wished(struct receiver *receiver)
{
	struct wishes wishes = wishes_of(receiver);

	return wishes.pace != RECEIVER_PAUSES && !wishes.mirror && !wishes.ending;
}

static int take(struct receiver *receiver)
{
	struct vitrine_channel *channel = link_channel(receiver->options.link);
	struct vitrine_image image;
	int rc = vitrine_take(channel, LINK_NAP_NS, &image);

	if (rc < 0)
		return rc;
	if (!is_still_wished(receiver))
		return vitrine_requeue(channel, &image);
	receiver->last_number++;
	receiver->last_sequence = image.sequence;
	hand_over(receiver, &image);
	/* The window reads it now; to find all pages at once is three times as fast. */
	madvise((void *)(uintptr_t)image.data, image.size, MADV_POPULATE_READ);
	if (wait_until_read(receiver))
		keep(receiver, &image);
	return wait_until_done(receiver) ? vitrine_release(channel, &image)
					 : vitrine_requeue(channel, &image);
}

static int show_copy(struct receiver *receiver, struct vitrine_image *image, void *memory)
{
	struct picture *picture;

	receiver->last_number++;
	receiver->last_sequence = image->sequence;
	picture = history_add(receiver->options.history, receiver->last_number, image, memory);
	if (picture == NULL)
		return VITRINE_ENOMEM;
	image->data = memory;
	hand_over(receiver, image);
	wait_until_done(receiver);
	picture_unref(picture);
	return VITRINE_OK;
}

/* Reads the newest image as nobody's holder: what was overwritten meanwhile is thrown away. */
static int mirror(struct receiver *receiver)
{
	struct vitrine_channel *channel = link_channel(receiver->options.link);
	struct vitrine_image image;
	void *memory;
	int rc = vitrine_wait_newer(channel, receiver->last_sequence, LINK_NAP_NS);

	if (rc == VITRINE_OK)
		rc = vitrine_latest(channel, &image);
	if (rc < 0)
		return rc;
	memory = history_reserve(receiver->options.history, image.size, true);
	if (memory == NULL)
		return VITRINE_ENOMEM;
	memcpy(memory, image.data, image.size);
	if (!vitrine_unchanged(channel, &image)) {
		pool_give_back(memory);
		return VITRINE_OK;
	}
	return show_copy(receiver, &image, memory);
}

/* ---- the thread ---------------------------------------------------------------------------- */

static void report(struct receiver *receiver, const char *text)
{
	pthread_mutex_lock(&receiver->lock);
	snprintf(receiver->trouble, sizeof(receiver->trouble), "%s", text);
	pthread_mutex_unlock(&receiver->lock);
	tell(receiver);
}

/* Is in the channel in the role that is wished for, or tries. */
static bool join(struct receiver *receiver, bool as_mirror)
{
	struct link *link = receiver->options.link;
	enum vitrine_role role = as_mirror ? VITRINE_MIRROR : VITRINE_CONSUMER;
	bool is_change = as_mirror != receiver->is_mirror;

	if (link_channel(link) != NULL && !is_change)
		return true;
	if (link_channel(link) == NULL) {
		receiver->last_sequence = 0;
		return link_open(link, role) == VITRINE_OK;
	}
	receiver->is_mirror = as_mirror;
	log_event(receiver->options.log, "mirror", LOG_BOOL("on", as_mirror));
	return link_change_role(link, role) == VITRINE_OK;
}

/* After a call that gave `rc`: recovers what can be recovered, tells the rest, waits a moment. */
static void recover(struct receiver *receiver, int rc, struct wishes wishes)
{
	struct link *link = receiver->options.link;

	switch (rc) {
	case VITRINE_OK:
	case VITRINE_ETIMEDOUT:
	case VITRINE_EINTR:
	case VITRINE_ENONE: return;
	case VITRINE_EREMOVED:
		receiver->last_sequence = 0;
		if (link_recover(link, rc) != VITRINE_OK)
			rest(receiver, wishes, RETRY_NS);
		return;
	case VITRINE_ENOMEM: report(receiver, "there is no memory for the image"); break;
	default: report(receiver, vitrine_message(link_channel(link))); break;
	}
	rest(receiver, wishes, RETRY_NS);
}

/* Whether the channel is still there, while nothing is asked of it. */
static int check(struct receiver *receiver)
{
	struct vitrine_snapshot snapshot;
	int rc = vitrine_inspect(link_channel(receiver->options.link), &snapshot);

	return rc == VITRINE_OK && snapshot.segment_removed ? VITRINE_EREMOVED : rc;
}

static void *work(void *argument)
{
	struct receiver *receiver = argument;
	struct wishes wishes;

	for (wishes = wishes_of(receiver); !wishes.ending; wishes = wishes_of(receiver)) {
		if (!join(receiver, wishes.mirror)) {
			rest(receiver, wishes, RETRY_NS);
		} else if (wishes.pace == RECEIVER_PAUSES) {
			recover(receiver, check(receiver), wishes);
			rest(receiver, wishes, CHECK_NS);
		} else {
			recover(receiver, wishes.mirror ? mirror(receiver) : take(receiver),
				wishes);
		}
	}
	if (link_channel(receiver->options.link) != NULL)
		receiver->waiting = link_close(receiver->options.link);
	return NULL;
}

struct receiver *receiver_create(const struct receiver_options *options)
{
	struct receiver *receiver = calloc(1, sizeof(*receiver));
	pthread_condattr_t attributes;
	int rc;

	if (receiver == NULL)
		return NULL;
	receiver->options = *options;
	receiver->is_mirror = options->mirror;
	receiver->wishes = (struct wishes){.pace = RECEIVER_GOES_ON, .mirror = options->mirror};
	pthread_mutex_init(&receiver->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&receiver->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	rc = pthread_create(&receiver->thread, NULL, work, receiver);
	if (rc == 0)
		return receiver;
	pthread_cond_destroy(&receiver->changed);
	pthread_mutex_destroy(&receiver->lock);
	free(receiver);
	errno = rc;
	return NULL;
}

int receiver_destroy(struct receiver *receiver)
{
	int waiting;

	if (receiver == NULL)
		return 0;
	pthread_mutex_lock(&receiver->lock);
	receiver->wishes.ending = true;
	pthread_cond_broadcast(&receiver->changed);
	pthread_mutex_unlock(&receiver->lock);
	pthread_join(receiver->thread, NULL);
	waiting = receiver->waiting;
	pthread_cond_destroy(&receiver->changed);
	pthread_mutex_destroy(&receiver->lock);
	free(receiver);
	return waiting;
}

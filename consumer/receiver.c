/* receiver.c - see receiver.h. */
#include "receiver.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "decode.h"
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
	pthread_mutex_t lock; /* over all up to `refused` */
	pthread_cond_t changed;
	struct wishes wishes;
	bool has_hand;
	bool is_read; /* uploaded: what is left is to present it */
	bool is_done;
	double latency_ms;
	struct hand hand;
	struct trouble trouble; /* reason "": none */
	uint64_t refused;
	/* the thread's own */
	struct decoder *decoder;
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

bool receiver_trouble(struct receiver *receiver, struct trouble *trouble)
{
	pthread_mutex_lock(&receiver->lock);
	*trouble = receiver->trouble;
	receiver->trouble.reason[0] = '\0';
	pthread_mutex_unlock(&receiver->lock);
	return trouble->reason[0] != '\0';
}

uint64_t receiver_refused(struct receiver *receiver)
{
	uint64_t refused;

	pthread_mutex_lock(&receiver->lock);
	refused = receiver->refused;
	pthread_mutex_unlock(&receiver->lock);
	return refused;
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
static void hand_over(struct receiver *receiver, const struct vitrine_image *image,
	const struct content *content)
{
	pthread_mutex_lock(&receiver->lock);
	receiver->hand = (struct hand){
		.number = receiver->last_number, .image = *image, .content = *content};
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

static void report(struct receiver *receiver, const char *subject, const char *reason)
{
	log_error(receiver->options.log, subject, reason);
	pthread_mutex_lock(&receiver->lock);
	snprintf(receiver->trouble.subject, sizeof(receiver->trouble.subject), "%s", subject);
	snprintf(receiver->trouble.reason, sizeof(receiver->trouble.reason), "%s", reason);
	pthread_mutex_unlock(&receiver->lock);
	tell(receiver);
}

/* ---- images -------------------------------------------------------------------------------- */

/* An image on its way from the channel to the window. */
struct arrival {
	const struct vitrine_image *image;
	struct content content;
	void *copy;              /* of the payload, private; NULL: none, or the history's already */
	struct picture *picture; /* what the history holds of it, a reference; NULL: nothing */
};

/* Whether it can be shown only out of a copy: bytes to parse, and what is checked is what is shown. */
static bool needs_copy(const struct receiver *receiver, const struct vitrine_image *image)
{
	return image->kind != VITRINE_PIXELS ||
	       (receiver->options.verify && image->checksum != VITRINE_NO_CHECKSUM);
}

static void copy(const struct receiver *receiver, struct arrival *arrival, bool must)
{
	const struct vitrine_image *image = arrival->image;

	arrival->copy = history_reserve(receiver->options.history, image->size, must);
	if (arrival->copy != NULL)
		memcpy(arrival->copy, image->data, (size_t)image->size);
}

/* Checks the copy, or where there is none the slot: it is held, and no producer writes there now. */
static bool check(struct receiver *receiver, struct arrival *arrival)
{
	const struct vitrine_image *image = arrival->image;
	char reason[TEXT_REASON_MAX];

	if (!receiver->options.verify || image->checksum == VITRINE_NO_CHECKSUM)
		return true;
	arrival->content.is_checked =
		content_check(image, arrival->copy != NULL ? arrival->copy : image->data, reason);
	if (arrival->content.is_checked)
		return true;
	pool_give_back(arrival->copy);
	pthread_mutex_lock(&receiver->lock);
	receiver->refused++;
	pthread_mutex_unlock(&receiver->lock);
	log_event(receiver->options.log, "refused", LOG_U64("seq", image->sequence),
		LOG_STR("name", image->name), LOG_STR("reason", reason));
	report(receiver, image->name, reason);
	return false;
}

static bool is_ending(void *data)
{
	return wishes_of(data).ending;
}

/* Finds out what there is to see, in the copy if there is one; the history keeps that. */
static void look(struct receiver *receiver, struct arrival *arrival)
{
	const struct decode_wish wish = {.gives_up = is_ending, .data = receiver};
	struct history *history = receiver->options.history;
	const struct vitrine_image *image = arrival->image;
	bool is_checked = arrival->content.is_checked;
	struct content content = {.kind = CONTENT_CARD};

	if (image->kind == VITRINE_PIXELS)
		content = content_of_pixels(image,
			arrival->copy != NULL ? arrival->copy : image->data);
	else if (arrival->copy != NULL)
		content = content_of_file(image, arrival->copy, history, receiver->decoder, &wish);
	else
		snprintf(content.note, sizeof(content.note),
			"it is larger than --memory: there is no copy to look at, or to save");
	content.is_checked = is_checked;
	arrival->content = content;
	if (arrival->copy == NULL)
		return;
	arrival->copy = NULL;
	arrival->picture = history_add(history, receiver->last_number, image, &content);
	if (arrival->picture == NULL)
		arrival->content = (struct content){
			.kind = CONTENT_CARD, .note = "there is not enough memory for it"};
}

/* After its upload: the one copy of pixels beside that, if they may be kept at all. */
static void keep(struct receiver *receiver, struct arrival *arrival)
{
	if (arrival->image->kind != VITRINE_PIXELS || arrival->picture != NULL)
		return;
	copy(receiver, arrival, false);
	if (arrival->copy == NULL)
		return;
	look(receiver, arrival);
	tell(receiver);
}

/* The window may have changed its mind while the thread slept. */
static bool is_still_wished(struct receiver *receiver)
{
	struct wishes wishes = wishes_of(receiver);

	return wishes.pace != RECEIVER_PAUSES && !wishes.mirror && !wishes.ending;
}

/* Shows a taken image. False: the program ends before the window was done with it. */
static bool show(struct receiver *receiver, struct arrival *arrival)
{
	const struct vitrine_image *image = arrival->image;

	if (needs_copy(receiver, image)) {
		copy(receiver, arrival, false);
		if (!check(receiver, arrival))
			return true;
	}
	look(receiver, arrival);
	hand_over(receiver, image, &arrival->content);
	/* The window reads it now; to find all pages at once is three times as fast. */
	if (arrival->picture == NULL)
		madvise((void *)(uintptr_t)image->data, image->size, MADV_POPULATE_READ);
	if (wait_until_read(receiver))
		keep(receiver, arrival);
	return wait_until_done(receiver);
}

static int take(struct receiver *receiver)
{
	struct vitrine_channel *channel = link_channel(receiver->options.link);
	struct vitrine_image image;
	struct arrival arrival = {.image = &image};
	bool is_done;
	int rc = vitrine_take(channel, LINK_NAP_NS, &image);

	if (rc < 0)
		return rc;
	if (!is_still_wished(receiver))
		return vitrine_requeue(channel, &image);
	receiver->last_number++;
	receiver->last_sequence = image.sequence;
	is_done = show(receiver, &arrival);
	picture_unref(arrival.picture);
	return is_done ? vitrine_release(channel, &image) : vitrine_requeue(channel, &image);
}

/* Reads the newest image as nobody's holder: what was overwritten meanwhile is thrown away. */
static int mirror(struct receiver *receiver)
{
	struct vitrine_channel *channel = link_channel(receiver->options.link);
	struct vitrine_image image;
	struct arrival arrival = {.image = &image};
	int rc = vitrine_wait_newer(channel, receiver->last_sequence, LINK_NAP_NS);

	if (rc == VITRINE_OK)
		rc = vitrine_latest(channel, &image);
	if (rc < 0)
		return rc;
	copy(receiver, &arrival, true);
	if (arrival.copy == NULL)
		return VITRINE_ENOMEM;
	if (!vitrine_unchanged(channel, &image)) {
		pool_give_back(arrival.copy);
		return VITRINE_OK;
	}
	receiver->last_number++;
	receiver->last_sequence = image.sequence;
	if (!check(receiver, &arrival))
		return VITRINE_OK;
	look(receiver, &arrival);
	hand_over(receiver, &image, &arrival.content);
	wait_until_done(receiver);
	picture_unref(arrival.picture);
	return VITRINE_OK;
}

/* ---- the thread ---------------------------------------------------------------------------- */

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
	case VITRINE_ENOMEM: report(receiver, "channel", "there is no memory for the image"); break;
	default: report(receiver, "channel", vitrine_message(link_channel(link))); break;
	}
	rest(receiver, wishes, RETRY_NS);
}

/* Whether the channel is still there, while nothing is asked of it. */
static int check_channel(struct receiver *receiver)
{
	struct vitrine_snapshot snapshot;
	int rc = vitrine_inspect(link_channel(receiver->options.link), &snapshot);

	return rc == VITRINE_OK && snapshot.segment_removed ? VITRINE_EREMOVED : rc;
}

static void *work(void *argument)
{
	struct receiver *receiver = argument;
	struct wishes wishes;

	receiver->decoder = decoder_create(&receiver->options.decoder);
	for (wishes = wishes_of(receiver); !wishes.ending; wishes = wishes_of(receiver)) {
		if (!join(receiver, wishes.mirror)) {
			rest(receiver, wishes, RETRY_NS);
		} else if (wishes.pace == RECEIVER_PAUSES) {
			recover(receiver, check_channel(receiver), wishes);
			rest(receiver, wishes, CHECK_NS);
		} else {
			recover(receiver, wishes.mirror ? mirror(receiver) : take(receiver),
				wishes);
		}
	}
	if (link_channel(receiver->options.link) != NULL)
		receiver->waiting = link_close(receiver->options.link);
	decoder_destroy(receiver->decoder);
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

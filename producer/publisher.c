/* publisher.c - see publisher.h. */
#include "publisher.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "digest.h"
#include "presence.h"
#include "upkeep.h"
#include "vitrine.h"

struct publisher {
	struct publisher_options options;
	pthread_t thread;

	pthread_mutex_t lock; /* over all that follows */
	pthread_cond_t work;
	bool ending;
	bool giving_up;
	bool is_quiet;
	enum publisher_state state;
	uint64_t id;            /* of what is being published */
	struct payload payload; /* empty: nothing to do */
	bool has_result;
	struct publisher_result result;

	/* the thread's own */
	struct upkeep upkeep;
	int waiting; /* images left behind: what link_close() said */
};

/* ---- the thread's view of the window's wishes ---------------------------------------------- */

static bool is_ending(struct publisher *publisher)
{
	bool ending;

	pthread_mutex_lock(&publisher->lock);
	ending = publisher->ending;
	pthread_mutex_unlock(&publisher->lock);
	return ending;
}

static bool is_given_up(void *data)
{
	struct publisher *publisher = data;
	bool given_up;

	pthread_mutex_lock(&publisher->lock);
	given_up = publisher->ending || publisher->giving_up;
	pthread_mutex_unlock(&publisher->lock);
	return given_up;
}

static void set_state(struct publisher *publisher, enum publisher_state state)
{
	bool changed;

	pthread_mutex_lock(&publisher->lock);
	changed = publisher->state != state;
	publisher->state = state;
	pthread_mutex_unlock(&publisher->lock);
	if (changed)
		publisher->options.wake(publisher->options.wake_data);
}

static struct timespec in_a_second(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec++;
	return time;
}

/* Sleeps until there is work, or a second is over. True: there is work. */
static bool wait_for_work(struct publisher *publisher)
{
	struct timespec deadline = in_a_second();
	bool has_work;

	pthread_mutex_lock(&publisher->lock);
	while (!publisher->ending && payload_is_empty(&publisher->payload))
		if (pthread_cond_timedwait(&publisher->work, &publisher->lock, &deadline) != 0)
			break;
	has_work = !payload_is_empty(&publisher->payload);
	pthread_mutex_unlock(&publisher->lock);
	return has_work;
}

/* Sleeps for a second, or until what waits is given up. */
static void wait_a_second(struct publisher *publisher)
{
	struct timespec deadline = in_a_second();

	pthread_mutex_lock(&publisher->lock);
	while (!publisher->ending && !publisher->giving_up)
		if (pthread_cond_timedwait(&publisher->work, &publisher->lock, &deadline) != 0)
			break;
	pthread_mutex_unlock(&publisher->lock);
}

/* The file itself is at fault: vitrine's own codes are all below 0. */
enum { BAD_PAYLOAD = 1 };

/* ---- one image ----------------------------------------------------------------------------- */

/* Says that it waits: for a slot, or with drop-oldest for the mutex. */
static void begin_to_wait(struct publisher *publisher, const char *name)
{
	struct link_look *look = calloc(1, sizeof(*look));
	char reason[PRESENCE_MAX] = "another process decides the order of images";

	set_state(publisher, publisher->options.when_full == VITRINE_WAIT ? PUBLISHER_WAITS_SLOT
									  : PUBLISHER_WAITS_MUTEX);
	if (look != NULL && publisher->options.when_full == VITRINE_WAIT) {
		vitrine_inspect(link_channel(publisher->options.link), &look->snapshot);
		presence_full(reason, look);
	}
	log_event(publisher->options.log, "waiting", LOG_STR("reason", reason),
		LOG_STR("for", name));
	free(look);
}

/* Claims, sleeping for as long as nobody gives up. */
static int claim(struct publisher *publisher, const struct vitrine_image *image,
	struct vitrine_claim *claimed)
{
	bool is_first = true;
	int rc;

	for (;;) {
		rc = vitrine_claim(link_channel(publisher->options.link), image->size,
			publisher->options.when_full, LINK_NAP_NS, claimed);
		if (rc != VITRINE_ETIMEDOUT && rc != VITRINE_EINTR)
			return rc;
		if (is_given_up(publisher))
			return rc;
		if (rc == VITRINE_ETIMEDOUT && is_first) {
			begin_to_wait(publisher, image->name);
			is_first = false;
		}
	}
}

/* Fills the claimed slot and hands it over. */
static int hand_over(struct publisher *publisher, const struct vitrine_claim *claimed,
	struct vitrine_image *image, char reason[TEXT_REASON_MAX])
{
	struct vitrine_channel *channel = link_channel(publisher->options.link);
	int rc;

	set_state(publisher, PUBLISHER_BUSY);
	if (!payload_fill(&publisher->payload, claimed->data, image, is_given_up, publisher,
		    reason)) {
		vitrine_abandon(channel, claimed);
		return is_given_up(publisher) ? VITRINE_EINTR : BAD_PAYLOAD;
	}
	for (;;) {
		rc = vitrine_publish(channel, claimed, image, LINK_NAP_NS);
		if (rc != VITRINE_ETIMEDOUT && rc != VITRINE_EINTR)
			break;
		if (is_given_up(publisher))
			break;
		if (rc == VITRINE_ETIMEDOUT)
			set_state(publisher, PUBLISHER_WAITS_MUTEX);
	}
	if (rc < 0 && rc != VITRINE_EREMOVED)
		vitrine_abandon(channel, claimed);
	return rc;
}

static void log_published(const struct publisher *publisher, const struct vitrine_image *image,
	const struct timespec *start)
{
	bool is_pixels = image->kind == VITRINE_PIXELS;
	char hex[DIGEST_TEXT_MAX];
	struct timespec end;
	double ms;

	clock_gettime(CLOCK_MONOTONIC, &end);
	ms = (double)(end.tv_sec - start->tv_sec) * 1e3 +
	     (double)(end.tv_nsec - start->tv_nsec) / 1e6;
	struct log_field fields[9] = {
		LOG_STR("event", "published"),
		LOG_U64("seq", image->sequence),
		LOG_U64("slot", image->slot),
		LOG_STR("name", image->name),
		is_pixels ? LOG_U64("width", image->width) : LOG_STR("type", image->media_type),
		LOG_U64("height", image->height),
	};
	size_t count = is_pixels ? 6 : 5;

	fields[count++] = LOG_U64("bytes", image->size);
	fields[count++] = LOG_REAL("ms", ms);
	if (image->checksum != VITRINE_NO_CHECKSUM)
		fields[count++] = LOG_STR(digest_name(image->checksum),
			digest_text(hex, image->checksum, image->digest));
	log_write(publisher->options.log, fields, count);
}

/* In a channel that is removed meanwhile opens a fresh one, and begins again there. */
static int publish(struct publisher *publisher, struct vitrine_image *image,
	struct publisher_result *result)
{
	struct link *link = publisher->options.link;
	struct vitrine_claim claimed;
	int rc = VITRINE_OK;

	while (rc == VITRINE_OK) {
		rc = claim(publisher, image, &claimed);
		if (rc == VITRINE_OK)
			rc = hand_over(publisher, &claimed, image, result->reason);
		if (rc == VITRINE_OK || rc == BAD_PAYLOAD)
			break;
		snprintf(result->reason, sizeof(result->reason), "%s",
			vitrine_message(link_channel(link)));
		if (rc != VITRINE_EREMOVED || is_given_up(publisher))
			return rc;
		rc = link_recover(link, rc);
	}
	result->sequence = image->sequence;
	result->dropped = claimed.dropped;
	return rc;
}

/* Opens the file, if it is one, for as long as that takes. */
static int publish_payload(struct publisher *publisher, struct publisher_result *result)
{
	struct vitrine_image image;
	struct timespec start;
	int rc = BAD_PAYLOAD;

	clock_gettime(CLOCK_MONOTONIC, &start);
	if (payload_open(&publisher->payload, &image, result->reason))
		rc = publish(publisher, &image, result);
	payload_close(&publisher->payload);
	if (rc == VITRINE_OK)
		log_published(publisher, &image, &start);
	return rc;
}

static void finish(struct publisher *publisher, const struct publisher_result *result)
{
	struct payload payload;

	pthread_mutex_lock(&publisher->lock);
	payload = publisher->payload;
	publisher->payload = (struct payload){0};
	publisher->giving_up = false;
	publisher->state = PUBLISHER_IDLE;
	publisher->result = *result;
	publisher->has_result = true;
	pthread_mutex_unlock(&publisher->lock);
	payload_end(&payload);
	publisher->options.wake(publisher->options.wake_data);
}

static void publish_next(struct publisher *publisher)
{
	struct publisher_result result = {.id = publisher->id};
	int rc = publish_payload(publisher, &result);

	if (rc == VITRINE_OK)
		result.outcome = PUBLISHER_PUBLISHED;
	else if (is_given_up(publisher) &&
		 (rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR || rc == VITRINE_EREMOVED))
		result.outcome = PUBLISHER_GAVE_UP;
	else if (link_channel(publisher->options.link) == NULL)
		return; /* no channel: it waits for one */
	else
		result.outcome = PUBLISHER_FAILED;
	finish(publisher, &result);
}

/* ---- between images ------------------------------------------------------------------------ */

/* Once a second while idle: looks after the channel, and opens a fresh one if it was removed. */
static void look_after_channel(struct publisher *publisher)
{
	int rc;

	pthread_mutex_lock(&publisher->lock);
	bool may_trim = !publisher->is_quiet;
	pthread_mutex_unlock(&publisher->lock);
	rc = upkeep_look(&publisher->upkeep, link_channel(publisher->options.link), may_trim);

	if (rc == VITRINE_EREMOVED) {
		publisher->upkeep = (struct upkeep){0};
		link_recover(publisher->options.link, rc);
	}
}

/* The channel could not be opened again: tries once a second, until what waits is given up. */
static void open_again(struct publisher *publisher, bool has_work)
{
	struct publisher_result result = {.outcome = PUBLISHER_GAVE_UP};

	if (link_open(publisher->options.link, VITRINE_PRODUCER) == VITRINE_OK)
		return;
	if (has_work)
		set_state(publisher, PUBLISHER_WAITS_CHANNEL);
	wait_a_second(publisher);
	if (has_work && is_given_up(publisher)) {
		result.id = publisher->id;
		finish(publisher, &result);
	}
}

static void *work(void *argument)
{
	struct publisher *publisher = argument;

	link_open(publisher->options.link, VITRINE_PRODUCER);
	while (!is_ending(publisher)) {
		bool has_work = wait_for_work(publisher);

		if (is_ending(publisher))
			break;
		if (link_channel(publisher->options.link) == NULL)
			open_again(publisher, has_work);
		else if (has_work)
			publish_next(publisher);
		else
			look_after_channel(publisher);
	}
	publisher->waiting = link_close(publisher->options.link);
	return NULL;
}

/* ---- the window's side --------------------------------------------------------------------- */

struct publisher *publisher_create(const struct publisher_options *options)
{
	struct publisher *publisher = calloc(1, sizeof(*publisher));
	pthread_condattr_t monotonic;
	int rc;

	if (publisher == NULL)
		return NULL;
	publisher->options = *options;
	pthread_mutex_init(&publisher->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&publisher->work, &monotonic);
	pthread_condattr_destroy(&monotonic);
	rc = pthread_create(&publisher->thread, NULL, work, publisher);
	if (rc == 0)
		return publisher;
	pthread_cond_destroy(&publisher->work);
	pthread_mutex_destroy(&publisher->lock);
	free(publisher);
	errno = rc;
	return NULL;
}

int publisher_destroy(struct publisher *publisher)
{
	int waiting;

	if (publisher == NULL)
		return 0;
	pthread_mutex_lock(&publisher->lock);
	publisher->ending = true;
	pthread_cond_signal(&publisher->work);
	pthread_mutex_unlock(&publisher->lock);
	pthread_join(publisher->thread, NULL);
	waiting = publisher->waiting;
	payload_end(&publisher->payload);
	pthread_cond_destroy(&publisher->work);
	pthread_mutex_destroy(&publisher->lock);
	free(publisher);
	return waiting;
}

void publisher_publish(struct publisher *publisher, uint64_t id, struct payload *payload)
{
	pthread_mutex_lock(&publisher->lock);
	publisher->id = id;
	publisher->payload = *payload;
	publisher->payload.checksum = publisher->options.checksum;
	*payload = (struct payload){0};
	publisher->state = PUBLISHER_BUSY;
	pthread_cond_signal(&publisher->work);
	pthread_mutex_unlock(&publisher->lock);
}

bool publisher_is_free(struct publisher *publisher)
{
	bool is_free;

	pthread_mutex_lock(&publisher->lock);
	is_free = payload_is_empty(&publisher->payload) && !publisher->has_result;
	pthread_mutex_unlock(&publisher->lock);
	return is_free;
}

void publisher_give_up(struct publisher *publisher)
{
	pthread_mutex_lock(&publisher->lock);
	publisher->giving_up = !payload_is_empty(&publisher->payload);
	pthread_cond_signal(&publisher->work);
	pthread_mutex_unlock(&publisher->lock);
}

void publisher_set_quiet(struct publisher *publisher, bool is_quiet)
{
	pthread_mutex_lock(&publisher->lock);
	publisher->is_quiet = is_quiet;
	pthread_mutex_unlock(&publisher->lock);
}

enum publisher_state publisher_state(struct publisher *publisher)
{
	enum publisher_state state;

	pthread_mutex_lock(&publisher->lock);
	state = publisher->state;
	pthread_mutex_unlock(&publisher->lock);
	return state;
}

bool publisher_pop(struct publisher *publisher, struct publisher_result *result)
{
	bool has_result;

	pthread_mutex_lock(&publisher->lock);
	has_result = publisher->has_result;
	if (has_result)
		*result = publisher->result;
	publisher->has_result = false;
	pthread_mutex_unlock(&publisher->lock);
	return has_result;
}

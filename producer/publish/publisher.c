/* publisher.c - see publisher.h: the thread, and the functions for the window. */
#include "monotonic.h"
#include "publisher_state.h"

#include <stdlib.h>

#define SECOND_NS INT64_C(1000000000)

/* ---- requests of the window ---------------------------------------------------------------- */

static bool is_ending(struct publisher *publisher)
{
	bool ending;

	worker_lock(&publisher->worker);
	ending = publisher->ending;
	worker_unlock(&publisher->worker);
	return ending;
}

bool publisher_is_given_up(void *data)
{
	struct publisher *publisher = data;
	bool given_up;

	worker_lock(&publisher->worker);
	given_up = publisher->ending || publisher->giving_up;
	worker_unlock(&publisher->worker);
	return given_up;
}

void publisher_set_state(struct publisher *publisher, enum publisher_state state)
{
	bool changed;

	worker_lock(&publisher->worker);
	changed = publisher->state != state;
	publisher->state = state;
	worker_unlock(&publisher->worker);
	if (changed)
		publisher->options.wake(publisher->options.wake_data);
}

/*
 * Sleeps until there is work or another expectation, or the channel is to be looked at. True: there
 * is work.
 */
static bool wait_for_work(struct publisher *publisher)
{
	int64_t deadline =
		monotonic_ns() + (publisher->housekeeping.is_trimmed ? LINK_SLEEP_NS : SECOND_NS);
	bool has_work;

	worker_lock(&publisher->worker);
	while (!publisher->ending && publication_is_empty(&publisher->publication) &&
		!publisher->has_expectation)
		if (!worker_wait_until(&publisher->worker, deadline))
			break;
	has_work = !publication_is_empty(&publisher->publication);
	worker_unlock(&publisher->worker);
	return has_work;
}

/* Sleeps for a second, or until the waiting image is cancelled. */
static void wait_a_second(struct publisher *publisher)
{
	int64_t deadline = monotonic_ns() + SECOND_NS;

	worker_lock(&publisher->worker);
	while (!publisher->ending && !publisher->giving_up)
		if (!worker_wait_until(&publisher->worker, deadline))
			break;
	worker_unlock(&publisher->worker);
}

/* ---- one image after the other --------------------------------------------------------------- */

static void finish(struct publisher *publisher, const struct publisher_result *result)
{
	struct publication publication;

	worker_lock(&publisher->worker);
	publication = publisher->publication;
	publisher->publication = (struct publication){0};
	publisher->giving_up = false;
	publisher->state = PUBLISHER_IDLE;
	publisher->result = *result;
	publisher->has_result = true;
	worker_unlock(&publisher->worker);
	publication_end(&publication);
	publisher->options.wake(publisher->options.wake_data);
}

static void publish_next(struct publisher *publisher)
{
	struct publisher_result result = {.id = publisher->id};
	int rc = publisher_publish_payload(publisher, &result);

	if (rc == VITRINE_OK)
		result.outcome = PUBLISHER_PUBLISHED;
	else if (publisher_is_given_up(publisher) &&
		 (rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR || rc == VITRINE_EREMOVED))
		result.outcome = PUBLISHER_GAVE_UP;
	else if (link_channel(publisher->options.link) == NULL)
		return; /* no channel: the image waits for one */
	else
		result.outcome = PUBLISHER_FAILED;
	finish(publisher, &result);
}

/* ---- between images ------------------------------------------------------------------------ */

/*
 * Makes a slot ready for the expected image. If that fails, the image finds its slot as it is:
 * there is nothing to report. True: the expectation was new.
 */
static bool prepare(struct publisher *publisher)
{
	bool is_new, is_quiet;
	uint64_t expected, id;

	worker_lock(&publisher->worker);
	expected = publisher->expected;
	id = publisher->expected_id;
	is_quiet = publisher->is_quiet;
	is_new = publisher->has_expectation;
	publisher->has_expectation = false;
	worker_unlock(&publisher->worker);
	if (!is_quiet)
		housekeeping_prepare(&publisher->housekeeping,
			link_channel(publisher->options.link), expected, is_new && id != 0);
	return is_new;
}

/* While idle: checks the channel, and opens a new one if it was removed. */
static void look_after_channel(struct publisher *publisher)
{
	int rc;

	worker_lock(&publisher->worker);
	bool may_trim = !publisher->is_quiet;
	worker_unlock(&publisher->worker);
	rc = housekeeping_look(&publisher->housekeeping, link_channel(publisher->options.link),
		may_trim);

	if (rc == VITRINE_EREMOVED) {
		publisher->housekeeping = (struct housekeeping){0};
		link_recover(publisher->options.link, rc);
	}
}

/*
 * The channel could not be opened again: retries once a second, until the waiting image is
 * cancelled.
 */
static void open_again(struct publisher *publisher, bool has_work)
{
	struct publisher_result result = {.outcome = PUBLISHER_GAVE_UP};

	if (link_open(publisher->options.link, VITRINE_PRODUCER) == VITRINE_OK)
		return;
	if (has_work)
		publisher_set_state(publisher, PUBLISHER_WAITS_CHANNEL);
	wait_a_second(publisher);
	if (has_work && publisher_is_given_up(publisher)) {
		result.id = publisher->id;
		finish(publisher, &result);
	}
}

static void *work(void *argument)
{
	struct publisher *publisher = argument;

	worker_allow_interrupts();
	link_open(publisher->options.link, VITRINE_PRODUCER);
	while (!is_ending(publisher)) {
		bool has_work = wait_for_work(publisher);

		if (is_ending(publisher))
			break;
		if (link_channel(publisher->options.link) == NULL)
			open_again(publisher, has_work);
		else if (has_work)
			publish_next(publisher);
		else if (!prepare(publisher))
			look_after_channel(publisher);
	}
	publisher->waiting = link_close(publisher->options.link);
	return NULL;
}

/* ---- the window's side --------------------------------------------------------------------- */

struct publisher *publisher_create(const struct publisher_options *options)
{
	struct publisher *publisher = calloc(1, sizeof(*publisher));

	if (publisher == NULL)
		return NULL;
	publisher->options = *options;
	if (worker_start(&publisher->worker, work, publisher))
		return publisher;
	free(publisher);
	return NULL;
}

int publisher_destroy(struct publisher *publisher)
{
	int waiting;

	if (publisher == NULL)
		return 0;
	worker_lock(&publisher->worker);
	publisher->ending = true;
	worker_tell(&publisher->worker);
	worker_unlock(&publisher->worker);
	worker_end(&publisher->worker);
	waiting = publisher->waiting;
	publication_end(&publisher->publication);
	free(publisher);
	return waiting;
}

void publisher_publish(struct publisher *publisher, uint64_t id, struct publication *publication)
{
	worker_lock(&publisher->worker);
	publisher->id = id;
	publisher->publication = *publication;
	publisher->publication.checksum = publisher->options.checksum;
	*publication = (struct publication){0};
	publisher->state = PUBLISHER_BUSY;
	worker_tell(&publisher->worker);
	worker_unlock(&publisher->worker);
}

bool publisher_is_free(struct publisher *publisher)
{
	bool is_free;

	worker_lock(&publisher->worker);
	is_free = publication_is_empty(&publisher->publication) && !publisher->has_result;
	worker_unlock(&publisher->worker);
	return is_free;
}

void publisher_give_up(struct publisher *publisher)
{
	worker_lock(&publisher->worker);
	publisher->giving_up = !publication_is_empty(&publisher->publication);
	worker_tell(&publisher->worker);
	worker_unlock(&publisher->worker);
}

void publisher_set_quiet(struct publisher *publisher, bool is_quiet)
{
	worker_lock(&publisher->worker);
	publisher->is_quiet = is_quiet;
	worker_remind(&publisher->worker); /* the window looks in once a second */
	worker_unlock(&publisher->worker);
}

void publisher_expect(struct publisher *publisher, uint64_t id, uint64_t size)
{
	worker_lock(&publisher->worker);
	if (publisher->expected != size || publisher->expected_id != id) {
		publisher->expected = size;
		publisher->expected_id = id;
		publisher->has_expectation = true;
		worker_tell(&publisher->worker);
	}
	worker_unlock(&publisher->worker);
}

enum publisher_state publisher_state(struct publisher *publisher)
{
	enum publisher_state state;

	worker_lock(&publisher->worker);
	state = publisher->state;
	worker_unlock(&publisher->worker);
	return state;
}

bool publisher_pop(struct publisher *publisher, struct publisher_result *result)
{
	bool has_result;

	worker_lock(&publisher->worker);
	has_result = publisher->has_result;
	if (has_result)
		*result = publisher->result;
	publisher->has_result = false;
	worker_unlock(&publisher->worker);
	return has_result;
}

/*
 * receiving_wire.c - the receiving side on the connection's thread: checks only whose message it
 * is, and keeps the newest for receiving.c.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "monotonic.h"
#include "receiving_state.h"

static void wake_main(struct receiving *receiving)
{
	eventfd_write(receiving->woken, 1);
}

static void log_sender(const struct receiving *receiving, const struct liveness *liveness)
{
	log_event(log_of(receiving), "sender", LOG_STR("state", liveness_word(liveness->state)),
		LOG_STR("sender", liveness->sender));
}

static void on_up(void *data, const struct connection_terms *terms)
{
	struct receiving *receiving = data;
	const struct address *address = &receiving->relay->address;

	log_event(log_of(receiving), "connected", LOG_STR("broker", address->host),
		LOG_U64("port", address->port), LOG_STR("topic", address->topic),
		LOG_REAL("ms", terms->ms));
	/* Subscribe to the status first: next to a large picture there may be no room for it. */
	connection_subscribe(receiving->connection, address->status);
	connection_subscribe(receiving->connection, address->topic);
	pthread_mutex_lock(&receiving->lock);
	receiving->is_up = true;
	liveness_restart(&receiving->liveness, monotonic_ns());
	pthread_mutex_unlock(&receiving->lock);
	wake_main(receiving);
}

static void on_down(void *data, const char *reason, int64_t pause_ms)
{
	struct receiving *receiving = data;

	pthread_mutex_lock(&receiving->lock);
	if (receiving->is_up)
		receiving->down_ns = monotonic_ns();
	receiving->is_up = false;
	pthread_mutex_unlock(&receiving->lock);
	log_event(log_of(receiving), "offline", LOG_STR("reason", reason),
		LOG_REAL("retry_s", (double)pause_ms / 1000));
	wake_main(receiving);
}

void receiving_refused(const struct receiving *receiving, const struct header *header,
	const char *reason)
{
	log_event(log_of(receiving), "refused",
		LOG_STR("name",
			header->name[0] != '\0' ? header->name : receiving->relay->address.topic),
		LOG_STR("reason", reason));
}

/* Stores a copy for the main thread. */
static void keep_newest(struct receiving *receiving, const struct message *message)
{
	struct arrival arrival = {
		.bytes = malloc(message->size),
		.size = message->size,
		.is_retained = message->is_retained,
		.header = message->header,
	};
	struct arrival before;

	if (arrival.bytes == NULL) {
		receiving_refused(receiving, &message->header, "not enough memory for it");
		return;
	}
	memcpy(arrival.bytes, message->payload, message->size);
	pthread_mutex_lock(&receiving->lock);
	before = receiving->newest;
	receiving->newest = arrival;
	receiving->overtaken += before.bytes != NULL;
	pthread_mutex_unlock(&receiving->lock);
	free(before.bytes);
	wake_main(receiving);
}

static void on_picture(struct receiving *receiving, const struct message *message)
{
	struct liveness *liveness = &receiving->liveness;
	bool is_another;

	if (message->size == 0) {
		log_event(log_of(receiving), "cleared",
			LOG_STR("topic", receiving->relay->address.topic));
		return;
	}
	pthread_mutex_lock(&receiving->lock);
	is_another =
		liveness_picture(liveness, &message->header, message->is_retained, monotonic_ns());
	pthread_mutex_unlock(&receiving->lock);
	if (is_another)
		log_event(log_of(receiving), "another", LOG_STR("sender", message->header.sender));
	if (message->size > receiving->relay->most)
		receiving_refused(receiving, &message->header, "it is larger than --max-size");
	else
		keep_newest(receiving, message);
}

static void log_missing(const struct receiving *receiving, const struct header *header)
{
	const char *reason = header->bytes > receiving->relay->most
				     ? "it is larger than --max-size"
				     : "the broker has not sent it: it may not accept messages of "
				       "that size";

	log_event(log_of(receiving), "missing", LOG_U64("number", header->sequence),
		LOG_U64("bytes", header->bytes), LOG_STR("reason", reason));
}

static void on_announcement(struct receiving *receiving, const struct message *message)
{
	enum announcement announcement = announcement_of_word(message->payload, message->size);
	struct liveness *liveness = &receiving->liveness;
	enum liveness_state before = liveness->state;
	enum liveness_advice advice;

	pthread_mutex_lock(&receiving->lock);
	advice = liveness_announcement(liveness, announcement, &message->header, monotonic_ns());
	pthread_mutex_unlock(&receiving->lock);
	if (liveness->state != before) {
		log_sender(receiving, liveness);
		wake_main(receiving);
	}
	if (advice == LIVENESS_FETCH)
		connection_subscribe(receiving->connection, receiving->relay->address.topic);
	else if (advice == LIVENESS_TELL)
		log_missing(receiving, &message->header);
}

static void on_message(void *data, const struct message *message)
{
	struct receiving *receiving = data;

	if (strcmp(message->topic, receiving->relay->address.topic) == 0)
		on_picture(receiving, message);
	else if (strcmp(message->topic, receiving->relay->address.status) == 0)
		on_announcement(receiving, message);
}

static void on_subscribed(void *data, int id, bool is_granted)
{
	struct receiving *receiving = data;

	(void)id;
	if (!is_granted)
		log_error(log_of(receiving), receiving->relay->address.topic,
			"the broker does not allow this user to read this topic; `vitrine relay "
			"--check` has details");
}

static void on_round(void *data)
{
	struct receiving *receiving = data;
	struct liveness *liveness = &receiving->liveness;
	enum liveness_state before = liveness->state;

	pthread_mutex_lock(&receiving->lock);
	liveness_tick(liveness, monotonic_ns());
	pthread_mutex_unlock(&receiving->lock);
	if (liveness->state != before) {
		log_sender(receiving, liveness);
		wake_main(receiving);
	}
	if (atomic_exchange(&receiving->fetches, false))
		connection_subscribe(receiving->connection, receiving->relay->address.topic);
}

const struct connection_events receiving_events = {
	.up = on_up,
	.down = on_down,
	.message = on_message,
	.subscribed = on_subscribed,
	.round = on_round,
};

/*
 * receiving_wire.c - the receiving side on the connection's thread: checks only which topic a
 * message is on, and keeps the newest picture of each for receiving.c.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "monotonic.h"
#include "receiving_state.h"
#include "translate.h"

static void wake_main(struct receiving *receiving)
{
	eventfd_write(receiving->woken, 1);
}

/*
 * The topic with this name; with wildcards, adds a new one if necessary. NULL: there are too many.
 */
static struct topic *topic_of(struct receiving *receiving, const char *name)
{
	struct topic *topic;

	pthread_mutex_lock(&receiving->lock);
	topic = topics_of(&receiving->topics, &receiving->relay->address, name);
	pthread_mutex_unlock(&receiving->lock);
	if (topic == NULL && !receiving->has_too_many) {
		receiving->has_too_many = true;
		log_error(log_of(receiving), receiving->relay->address.topic,
			_("stands for too many topics, and some are ignored: replace # by the topics "
			  "with the pictures"));
	}
	return topic;
}

static void log_sender(const struct receiving *receiving, const struct topic *topic)
{
	const struct liveness *liveness = &topic->liveness;

	log_event(log_of(receiving), "sender", LOG_STR("state", liveness_word(liveness->state)),
		LOG_STR("sender", liveness->sender), LOG_STR("topic", topic->name));
}

/* Subscribes to the retained messages and to all later ones. */
static int subscribe(struct receiving *receiving)
{
	return connection_subscribe(receiving->connection, receiving->relay->address.topic);
}

static void on_up(void *data, const struct connection_terms *terms)
{
	struct receiving *receiving = data;
	const struct address *address = &receiving->relay->address;

	receiving->terms = *terms;
	/* Subscribe to the status first: next to a large picture there may be no room for it. */
	if (address->status[0] != '\0')
		connection_subscribe(receiving->connection, address->status);
	receiving->subscription = subscribe(receiving);
	pthread_mutex_lock(&receiving->lock);
	receiving->is_up = true;
	for (size_t i = 0; i < receiving->topics.count; i++)
		liveness_restart(&receiving->topics.all[i]->liveness, monotonic_ns());
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

static void on_note(void *data, const char *note)
{
	struct receiving *receiving = data;

	log_error(log_of(receiving), receiving->relay->address.host, note);
}

void receiving_refused(const struct receiving *receiving, const struct topic *topic,
	const struct message_header *header, const char *reason)
{
	log_event(log_of(receiving), "refused",
		LOG_STR("name", header->name[0] != '\0' ? header->name : topic->name),
		LOG_STR("reason", reason), LOG_STR("topic", topic->name));
}

/* Stores a copy for the main thread. */
static void keep_newest(struct receiving *receiving, struct topic *topic,
	const struct message *message)
{
	struct arrival arrival = {
		.bytes = malloc(message->size + 1),
		.size = message->size,
		.is_retained = message->is_retained,
		.header = message->header,
	};

	if (arrival.bytes == NULL) {
		receiving_refused(receiving, topic, &message->header,
			_("not enough memory for it"));
		return;
	}
	memcpy(arrival.bytes, message->payload, message->size);
	((char *)arrival.bytes)[message->size] = '\0';
	pthread_mutex_lock(&receiving->lock);
	topics_keep(&receiving->topics, topic, &arrival, receiving->relay->most);
	pthread_mutex_unlock(&receiving->lock);
	wake_main(receiving);
}

static void on_picture(struct receiving *receiving, struct topic *topic,
	const struct message *message)
{
	bool is_another;

	if (message->size == 0) {
		log_event(log_of(receiving), "cleared", LOG_STR("topic", topic->name));
		return;
	}
	pthread_mutex_lock(&receiving->lock);
	is_another = liveness_picture(&topic->liveness, &message->header, message->is_retained,
		monotonic_ns());
	pthread_mutex_unlock(&receiving->lock);
	if (is_another)
		log_event(log_of(receiving), "another", LOG_STR("sender", message->header.sender),
			LOG_STR("topic", topic->name));
	if (message->size > receiving->relay->most)
		receiving_refused(receiving, topic, &message->header,
			_("it is larger than --max-size"));
	else
		keep_newest(receiving, topic, message);
}

static void log_missing(const struct receiving *receiving, const struct topic *topic,
	const struct message_header *header)
{
	const char *reason =
		header->bytes > receiving->relay->most
			? _("it is larger than --max-size")
			: _("the broker has not sent it: it may not accept messages of "
			    "that size");

	log_event(log_of(receiving), "missing", LOG_U64("number", header->sequence),
		LOG_U64("bytes", header->bytes), LOG_STR("reason", reason),
		LOG_STR("topic", topic->name));
}

static void on_announcement(struct receiving *receiving, struct topic *topic,
	const struct message *message)
{
	enum announcement announcement = announcement_of_word(message->payload, message->size);
	struct liveness *liveness = &topic->liveness;
	enum liveness_state before = liveness->state;
	enum liveness_advice advice;

	pthread_mutex_lock(&receiving->lock);
	advice = liveness_announcement(liveness, announcement, &message->header, monotonic_ns());
	pthread_mutex_unlock(&receiving->lock);
	if (liveness->state != before) {
		log_sender(receiving, topic);
		wake_main(receiving);
	}
	if (advice == LIVENESS_FETCH)
		subscribe(receiving);
	else if (advice == LIVENESS_TELL)
		log_missing(receiving, topic, &message->header);
}

/*
 * True if it is a sender's announcement; writes the topic of its pictures. The subscription a/#
 * receives pictures and announcements, and perhaps messages of other programs on a topic that ends
 * like ours.
 */
static bool is_announcement(const struct receiving *receiving, const struct message *message,
	char name[ADDRESS_TOPIC_MAX])
{
	const struct address *address = &receiving->relay->address;
	const size_t length = strlen(message->topic), ending = strlen(ADDRESS_STATUS);
	bool is_ours =
		announcement_of_word(message->payload, message->size) != ANNOUNCEMENT_UNKNOWN &&
		message->header.sender[0] != '\0';

	if (length <= ending || length - ending >= ADDRESS_TOPIC_MAX ||
		strcmp(message->topic + length - ending, ADDRESS_STATUS) != 0)
		return false;
	memcpy(name, message->topic, length - ending);
	name[length - ending] = '\0';
	return address->status[0] == '\0' ? is_ours
					  : !connection_matches(address->topic, message->topic);
}

static void on_message(void *data, const struct message *message)
{
	struct receiving *receiving = data;
	char name[ADDRESS_TOPIC_MAX];
	struct topic *topic;

	if (is_announcement(receiving, message, name)) {
		/* Do not remember a topic because of a message that names no sender. */
		topic = message->header.sender[0] != '\0' ? topic_of(receiving, name) : NULL;
		if (topic != NULL)
			on_announcement(receiving, topic, message);
	} else {
		topic = topic_of(receiving, message->topic);
		if (topic != NULL)
			on_picture(receiving, topic, message);
	}
}

/* A picture that is published after this line is not missed. */
static void log_connected(const struct receiving *receiving)
{
	const struct address *address = &receiving->relay->address;

	log_event(log_of(receiving), "connected", LOG_STR("broker", address->host),
		LOG_U64("port", address->port), LOG_STR("topic", address->topic),
		LOG_STR("protocol", receiving->terms.protocol),
		LOG_REAL("ms", receiving->terms.ms));
}

static void on_subscribed(void *data, int id, bool is_granted)
{
	struct receiving *receiving = data;

	if (id == receiving->subscription) {
		log_connected(receiving);
		receiving->subscription = 0;
	}
	if (!is_granted)
		log_error(log_of(receiving), receiving->relay->address.topic,
			_("the broker does not allow this user to read this topic; `vitrine relay "
			  "--check` has details"));
}

static void on_round(void *data)
{
	struct receiving *receiving = data;

	for (size_t i = 0; i < receiving->topics.count; i++) {
		struct topic *topic = receiving->topics.all[i];
		enum liveness_state before = topic->liveness.state;

		pthread_mutex_lock(&receiving->lock);
		liveness_tick(&topic->liveness, monotonic_ns());
		pthread_mutex_unlock(&receiving->lock);
		if (topic->liveness.state != before) {
			log_sender(receiving, topic);
			wake_main(receiving);
		}
	}
	if (atomic_exchange(&receiving->fetches, false))
		subscribe(receiving);
}

const struct connection_events receiving_events = {
	.up = on_up,
	.down = on_down,
	.note = on_note,
	.message = on_message,
	.subscribed = on_subscribed,
	.round = on_round,
};

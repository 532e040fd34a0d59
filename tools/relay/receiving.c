/*
 * receiving.c - vitrine relay --from: publishes what arrives from the broker, in one channel or in
 * one for each topic. Between the network and the channel there is room for one picture of each
 * topic; a newer one replaces an older one that has not been published yet, and in the channel the
 * oldest waiting image is dropped if necessary. So nothing queues. This is the main thread, which
 * uses the channels; receiving_wire.c uses the network.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "announcement.h"
#include "command.h"
#include "message_to_image.h"
#include "monotonic.h"
#include "receiving_state.h"
#include "text_message.h"
#include "translate.h"

#define IDLE_NS  INT64_C(1000000000) /* after this, memory of free slots is given back */
#define GRACE_NS INT64_C(3000000000) /* a shorter interruption of the connection is not shown */

/* ---- channels -------------------------------------------------------------------------------- */

/* Opens the next channel. NULL: failed. */
static struct outlet *open_outlet(struct receiving *receiving, const char *label)
{
	struct outlet *outlet = outlet_open(receiving->relay->tool, label);

	if (outlet != NULL)
		receiving->outlets[receiving->outlet_count++] = outlet;
	return outlet;
}

/* Finds the channel for a topic's first picture; false: there is none for it. */
static bool find_outlet(struct receiving *receiving, struct topic *topic)
{
	const unsigned most = receiving->relay->per_topic;

	if (topic->outlet != NULL || topic->is_ignored)
		return topic->outlet != NULL;
	if (most == 0)
		topic->outlet = receiving->outlets[0];
	else if (receiving->outlet_count < most)
		topic->outlet = open_outlet(receiving, topic->label);
	else
		log_error(log_of(receiving), topic->name,
			_("is ignored: there are as many channels as --per-topic allows"));
	topic->is_ignored = topic->outlet == NULL;
	return topic->outlet != NULL;
}

/* True if a sender of any topic in this channel may be there. */
static bool is_somebody_here(struct receiving *receiving, const struct outlet *outlet)
{
	bool is_here = false, is_reachable, has_topic = false;

	pthread_mutex_lock(&receiving->lock);
	is_reachable = receiving->is_up || monotonic_ns() < receiving->down_ns + GRACE_NS;
	for (size_t i = 0; i < receiving->topics.count; i++) {
		const struct topic *topic = receiving->topics.all[i];

		if (receiving->relay->per_topic != 0 && topic->outlet != outlet)
			continue;
		has_topic = true;
		is_here |= liveness_is_here(&topic->liveness);
	}
	pthread_mutex_unlock(&receiving->lock);
	return is_reachable && (is_here || !has_topic);
}

/* Shows in each channel whether somebody is there; false: it cannot continue. */
static bool show_presence(struct receiving *receiving)
{
	for (unsigned i = 0; i < receiving->outlet_count; i++) {
		struct outlet *outlet = receiving->outlets[i];

		if (!outlet_become(outlet, is_somebody_here(receiving, outlet) ? VITRINE_PRODUCER
									       : VITRINE_MIRROR))
			return false;
	}
	return true;
}

/* The channel is new and empty: have the pictures sent again. */
static void forget_published(struct receiving *receiving, const struct outlet *outlet)
{
	pthread_mutex_lock(&receiving->lock);
	for (size_t i = 0; i < receiving->topics.count; i++) {
		struct topic *topic = receiving->topics.all[i];

		if (topic->outlet != outlet)
			continue;
		memset(&topic->last, 0, sizeof(topic->last));
		memset(&topic->published, 0, sizeof(topic->published));
	}
	pthread_mutex_unlock(&receiving->lock);
	receiving->fetches = true;
	connection_wake(receiving->connection);
}

/* Called when nothing has arrived for a while; false: it cannot continue. */
static bool look_after(struct receiving *receiving)
{
	for (unsigned i = 0; i < receiving->outlet_count; i++) {
		enum outlet_result result = outlet_rest(receiving->outlets[i]);

		if (result == OUTLET_NEW)
			forget_published(receiving, receiving->outlets[i]);
		if (result == OUTLET_FAILED)
			return false;
	}
	return true;
}

/* ---- pictures -------------------------------------------------------------------------------- */

/*
 * True if it has arrived before: the broker sends its retained message at each connection, and a
 * loop of relays sends anything again.
 */
static bool is_known(const struct topic *topic, const struct arrival *arrival,
	const struct vitrine_image *image)
{
	const struct message_header *header = &arrival->header, *last = &topic->last;
	const struct vitrine_image *published = &topic->published;

	if (header->sender[0] != '\0' && header->sequence != 0 &&
		header->sequence <= last->sequence && strcmp(header->sender, last->sender) == 0)
		return true;
	return image->checksum != VITRINE_NO_CHECKSUM && image->checksum == published->checksum &&
	       image->size == published->size &&
	       memcmp(image->digest, published->digest, sizeof(image->digest)) == 0 &&
	       (arrival->is_retained || strcmp(header->sender, topic->publisher) != 0);
}

static void log_published(struct receiving *receiving, struct topic *topic,
	const struct arrival *arrival)
{
	const struct vitrine_image *image = &topic->published;
	uint64_t overtaken;

	pthread_mutex_lock(&receiving->lock);
	overtaken = topic->overtaken;
	topic->overtaken = 0;
	pthread_mutex_unlock(&receiving->lock);
	log_event(log_of(receiving), "published", LOG_U64("seq", image->sequence),
		LOG_U64("slot", image->slot), LOG_STR("name", image->name),
		LOG_STR("type", image->media_type), LOG_U64("bytes", image->size),
		LOG_U64("number", arrival->header.sequence), LOG_BOOL("kept", arrival->is_retained),
		LOG_U64("overtaken", overtaken), LOG_STR("topic", topic->name));
}

/*
 * The publication time of a retained picture in this machine's CLOCK_MONOTONIC (negative if before
 * boot); 0: just now. It is as exact as the wall clocks of the two machines agree. A picture that
 * was not retained was published just now, regardless of the sender's clock.
 */
static int64_t publication_ns(const struct arrival *arrival)
{
	uint64_t then_ms = arrival->header.published_ms, now_ms = announcement_now_ms();
	int64_t then_ns;

	if (!arrival->is_retained || then_ms == 0 || then_ms >= now_ms ||
		now_ms - then_ms > INT64_MAX / 1000000)
		return 0;
	then_ns = monotonic_ns() - (int64_t)(now_ms - then_ms) * 1000000;
	return then_ns != 0 ? then_ns : -1; /* 0 means just now */
}

/*
 * Extracts the image from a message that is text. A relay's file with all its properties is not
 * changed. false: `reason` says why there is no image in it.
 */
static bool take_image_out(const struct receiving *receiving, struct arrival *arrival,
	char reason[TEXT_REASON_MAX])
{
	void *bytes;
	size_t size;

	if (message_header_is_complete(&arrival->header))
		return true;
	switch (text_message_image(arrival->bytes, arrival->size, receiving->relay->field, &bytes,
		&size, reason)) {
	case TEXT_MESSAGE_NOTHING: return true;
	case TEXT_MESSAGE_REFUSED: return false;
	case TEXT_MESSAGE_DONE: break;
	}
	free(arrival->bytes);
	arrival->bytes = bytes;
	arrival->size = size;
	arrival->header.checksum = VITRINE_NO_CHECKSUM; /* it was that of the whole message */
	return true;
}

/* Describes the image in an arrival; false: `reason` says why it is refused. */
static bool examine(const struct receiving *receiving, const struct topic *topic,
	struct arrival *arrival, struct vitrine_image *image, char reason[TEXT_REASON_MAX])
{
	const struct relay *relay = receiving->relay;

	return message_check_digest(arrival->bytes, arrival->size, &arrival->header, reason) &&
	       take_image_out(receiving, arrival, reason) &&
	       message_to_image(receiving->decoder, arrival->bytes, arrival->size, &arrival->header,
		       relay->address.is_filter ? topic->label : NULL, topic->name, relay->memory,
		       image, reason);
}

/* Examines what arrived and publishes it if it is good; false: it cannot continue. */
static bool receive(struct receiving *receiving, struct topic *topic, struct arrival *arrival)
{
	struct vitrine_image image;
	char reason[512];

	if (topic->is_ignored)
		return true;
	if (!examine(receiving, topic, arrival, &image, reason)) {
		if (!topic->is_told)
			receiving_refused(receiving, topic, &arrival->header, reason);
		topic->is_told = receiving->relay->address.is_filter;
		return true;
	}
	topic->is_told = false;
	if (is_known(topic, arrival, &image) || !find_outlet(receiving, topic))
		return true;
	if (arrival->header.sender[0] != '\0')
		topic->last = arrival->header;
	image.published_ns = publication_ns(arrival);
	switch (outlet_publish(topic->outlet, arrival->bytes, arrival->size, &image, reason)) {
	case OUTLET_FAILED: return false;
	case OUTLET_REFUSED:
		receiving_refused(receiving, topic, &arrival->header, reason);
		return true;
	default: break;
	}
	topic->published = image;
	strcpy(topic->publisher, arrival->header.sender);
	log_published(receiving, topic, arrival);
	return true;
}

/* ---- the main thread ------------------------------------------------------------------------- */

/* Handles everything that has arrived; false: it cannot continue. */
static bool receive_pending(struct receiving *receiving)
{
	bool goes_on = true;

	while (goes_on && !tool_interrupted(receiving->relay->tool)) {
		struct arrival arrival;
		struct topic *topic;

		pthread_mutex_lock(&receiving->lock);
		topic = topics_take(&receiving->topics, &arrival);
		pthread_mutex_unlock(&receiving->lock);
		if (topic == NULL)
			break;
		goes_on = receive(receiving, topic, &arrival);
		free(arrival.bytes);
	}
	return goes_on;
}

/* Sleeps until something arrives, and handles it; false: it cannot continue. */
static bool receive_some(struct receiving *receiving)
{
	struct tool *tool = receiving->relay->tool;
	eventfd_t ignored;

	if (!tool_ready_within(tool, receiving->woken, POLLIN, IDLE_NS))
		return true;
	if (eventfd_read(receiving->woken, &ignored) < 0 && !look_after(receiving))
		return false;
	return receive_pending(receiving) && show_presence(receiving);
}

static struct connection *connect_to(struct receiving *receiving)
{
	const struct relay *relay = receiving->relay;
	const struct connection_options options = {
		.address = &relay->address,
		.credentials = &relay->credentials,
		.events = &receiving_events,
		.data = receiving,
		.id = receiving->id,
		.packet_most = (uint32_t)relay->most + 65536,
	};

	return connection_create(&options);
}

/* Receives until a signal ends it or it cannot continue. */
static int run(struct receiving *receiving)
{
	struct tool *tool = receiving->relay->tool;
	bool goes_on = true;
	int error;

	receiving->woken = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (receiving->woken >= 0)
		receiving->connection = connect_to(receiving);
	error = receiving->connection != NULL ? connection_start(receiving->connection) : errno;
	if (error != 0) {
		log_error(&tool->log, _("cannot start"), strerror(error));
		return COMMAND_FAILED;
	}
	while (goes_on && !tool_interrupted(tool))
		goes_on = receive_some(receiving);
	return goes_on ? COMMAND_OK : COMMAND_FAILED;
}

int relay_receive(const struct relay *relay)
{
	struct receiving *receiving = calloc(1, sizeof(*receiving));
	int rc = COMMAND_FAILED;

	if (receiving == NULL) {
		log_error(&relay->tool->log, _("cannot start"), strerror(errno));
		return rc;
	}
	receiving->relay = relay;
	receiving->woken = -1;
	receiving->down_ns = monotonic_ns() - GRACE_NS;
	pthread_mutex_init(&receiving->lock, NULL);
	connection_make_id(receiving->id);
	receiving->decoder = decoder_create(&(struct decoder_options){.memory = relay->memory});
	if (!relay->address.is_filter)
		topics_of(&receiving->topics, &relay->address, relay->address.topic);
	if (relay->per_topic != 0 || open_outlet(receiving, NULL) != NULL)
		rc = run(receiving);
	for (unsigned i = 0; i < receiving->outlet_count; i++)
		outlet_close(receiving->outlets[i]);
	if (!connection_destroy(receiving->connection, NULL))
		return rc; /* its thread may still use all this until the program ends */
	decoder_destroy(receiving->decoder);
	topics_free(&receiving->topics);
	if (receiving->woken >= 0)
		close(receiving->woken);
	pthread_mutex_destroy(&receiving->lock);
	free(receiving);
	return rc;
}

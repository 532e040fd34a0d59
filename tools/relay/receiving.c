/*
 * receiving.c - vitrine relay --from: publishes in the channel what arrives from the broker.
 * Between the network and the channel there is room for one picture; a newer one replaces an older
 * one that has not been published yet, and in the channel the oldest waiting image is dropped if
 * necessary. So nothing queues. While a sender is there, this program is the channel's producer.
 * When the sender has left or the broker cannot be reached, it becomes a mirror; the consumer's
 * window then shows that no producer is there. This is the main thread, which uses the channel;
 * receiving_wire.c uses the network.
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
#include "monotonic.h"
#include "receiving_state.h"
#include "validate.h"

#define IDLE_NS  INT64_C(1000000000) /* after this, memory of free slots is given back */
#define GRACE_NS INT64_C(3000000000) /* a shorter interruption of the connection is not shown */

/* Changes to another role if necessary. false: the reason has been printed. */
static bool become(struct receiving *receiving, enum vitrine_role role)
{
	struct link_look look;

	if (role == receiving->role)
		return true;
	receiving->role = role;
	if (link_change_role(receiving->link, role) == VITRINE_OK)
		return true;
	link_look(receiving->link, &look);
	log_error(log_of(receiving), "cannot continue in the channel", look.message);
	return false;
}

/* True if the consumer's window should show that a producer is there. */
static bool is_somebody_here(struct receiving *receiving)
{
	bool is_here;

	pthread_mutex_lock(&receiving->lock);
	is_here = liveness_is_here(&receiving->liveness) &&
		  (receiving->is_up || monotonic_ns() < receiving->down_ns + GRACE_NS);
	pthread_mutex_unlock(&receiving->lock);
	return is_here;
}

/*
 * True if it has arrived before: the broker sends its retained message at each connection, and a
 * loop of relays sends anything again.
 */
static bool is_known(const struct receiving *receiving, const struct arrival *arrival,
	const struct vitrine_image *image)
{
	const struct header *header = &arrival->header, *last = &receiving->last;
	const struct vitrine_image *published = &receiving->published;

	if (header->sender[0] != '\0' && header->sequence != 0 &&
		header->sequence <= last->sequence && strcmp(header->sender, last->sender) == 0)
		return true;
	return image->checksum != VITRINE_NO_CHECKSUM && image->checksum == published->checksum &&
	       image->size == published->size &&
	       memcmp(image->digest, published->digest, sizeof(image->digest)) == 0 &&
	       (arrival->is_retained || strcmp(header->sender, receiving->publisher) != 0);
}

/* One attempt. Returns 0 or the library's error. */
static int publish(struct receiving *receiving, const struct arrival *arrival,
	struct vitrine_image *image)
{
	struct vitrine_channel *channel = link_channel(receiving->link);
	const struct tool *tool = receiving->relay->tool;
	struct vitrine_claim claim;
	int rc;

	do
		rc = vitrine_claim(channel, image->size, VITRINE_DROP_OLDEST, LINK_NAP_NS, &claim);
	while ((rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) && !tool_interrupted(tool));
	if (rc < 0)
		return rc;
	memcpy(claim.data, arrival->bytes, arrival->size);
	do
		rc = vitrine_publish(channel, &claim, image, LINK_NAP_NS);
	while ((rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) && !tool_interrupted(tool));
	if (rc < 0)
		vitrine_abandon(channel, &claim);
	return rc;
}

static void log_published(struct receiving *receiving, const struct arrival *arrival)
{
	const struct vitrine_image *image = &receiving->published;
	uint64_t overtaken;

	pthread_mutex_lock(&receiving->lock);
	overtaken = receiving->overtaken;
	receiving->overtaken = 0;
	pthread_mutex_unlock(&receiving->lock);
	log_event(log_of(receiving), "published", LOG_U64("seq", image->sequence),
		LOG_U64("slot", image->slot), LOG_STR("name", image->name),
		LOG_STR("type", image->media_type), LOG_U64("bytes", image->size),
		LOG_U64("number", arrival->header.sequence), LOG_BOOL("kept", arrival->is_retained),
		LOG_U64("overtaken", overtaken));
}

/*
 * The publication time of a retained picture in this machine's CLOCK_MONOTONIC (negative if before
 * boot); 0: just now. It is as exact as the wall clocks of the two machines agree. A picture that
 * was not retained was published just now, whatever the sender's clock says.
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

/* Publishes an accepted image; false: it cannot continue. */
static bool pass_on(struct receiving *receiving, const struct arrival *arrival,
	struct vitrine_image *image)
{
	char reason[512];
	int rc;

	do {
		if (!become(receiving, VITRINE_PRODUCER))
			return false;
		image->sequence = 0;
		image->published_ns = publication_ns(arrival);
		rc = publish(receiving, arrival, image);
		if (rc == VITRINE_EREMOVED)
			rc = tool_recover(receiving->link, rc, reason) == VITRINE_OK
				     ? VITRINE_EREMOVED
				     : VITRINE_ESYSTEM;
		else if (rc < 0)
			snprintf(reason, sizeof(reason), "%s",
				vitrine_message(link_channel(receiving->link)));
	} while (rc == VITRINE_EREMOVED);
	if (rc == VITRINE_ESYSTEM) {
		log_error(log_of(receiving), "cannot publish", reason);
		return false;
	}
	if (rc < 0) { /* larger than a slot, out of memory …: the next one may fit */
		receiving_refused(receiving, &arrival->header, reason);
		return true;
	}
	receiving->published = *image;
	receiving->has_published = true;
	strcpy(receiving->publisher, arrival->header.sender);
	log_published(receiving, arrival);
	return true;
}

/* Examines what arrived and publishes it if it is good; false: it cannot continue. */
static bool receive(struct receiving *receiving, const struct arrival *arrival)
{
	const struct relay *relay = receiving->relay;
	struct vitrine_image image;
	char reason[TEXT_REASON_MAX];

	if (!validate(receiving->decoder, arrival->bytes, arrival->size, &arrival->header,
		    relay->address.topic, relay->memory, &image, reason)) {
		receiving_refused(receiving, &arrival->header, reason);
		return true;
	}
	if (is_known(receiving, arrival, &image))
		return true;
	if (arrival->header.sender[0] != '\0')
		receiving->last = arrival->header;
	return pass_on(receiving, arrival, &image);
}

/* Called when nothing has arrived for a while; false: it cannot continue. */
static bool look_after(struct receiving *receiving)
{
	struct vitrine_channel *channel = link_channel(receiving->link);
	struct vitrine_snapshot snapshot;
	char reason[512];
	int rc = vitrine_inspect(channel, &snapshot);

	if (rc == VITRINE_EREMOVED) {
		rc = tool_recover(receiving->link, rc, reason);
		if (rc != VITRINE_OK) {
			log_error(log_of(receiving), "cannot continue in the channel", reason);
			return false;
		}
		/* The new channel is empty: have the picture sent again. */
		memset(&receiving->last, 0, sizeof(receiving->last));
		memset(&receiving->published, 0, sizeof(receiving->published));
		receiving->fetches = true;
		connection_wake(receiving->connection);
	} else if (receiving->has_published && receiving->role == VITRINE_PRODUCER) {
		vitrine_trim(channel);
		receiving->has_published = false;
	}
	return true;
}

/* Sleeps until something arrives, and handles it; false: it cannot continue. */
static bool receive_one(struct receiving *receiving)
{
	struct tool *tool = receiving->relay->tool;
	struct arrival arrival;
	eventfd_t ignored;
	bool goes_on = true;

	if (!tool_ready_within(tool, receiving->woken, POLLIN, IDLE_NS))
		return true;
	if (eventfd_read(receiving->woken, &ignored) < 0)
		goes_on = look_after(receiving);
	pthread_mutex_lock(&receiving->lock);
	arrival = receiving->newest;
	receiving->newest.bytes = NULL;
	pthread_mutex_unlock(&receiving->lock);
	if (arrival.bytes != NULL)
		goes_on = goes_on && receive(receiving, &arrival);
	free(arrival.bytes);
	return goes_on &&
	       become(receiving, is_somebody_here(receiving) ? VITRINE_PRODUCER : VITRINE_MIRROR);
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
		log_error(&tool->log, "cannot start", strerror(error));
		return COMMAND_FAILED;
	}
	while (goes_on && !tool_interrupted(tool))
		goes_on = receive_one(receiving);
	return goes_on ? COMMAND_OK : COMMAND_FAILED;
}

int relay_receive(const struct relay *relay)
{
	struct receiving *receiving = calloc(1, sizeof(*receiving));
	int rc = COMMAND_FAILED;

	if (receiving == NULL) {
		log_error(&relay->tool->log, "cannot start", strerror(errno));
		return rc;
	}
	receiving->relay = relay;
	receiving->woken = -1;
	receiving->role = VITRINE_MIRROR;
	receiving->down_ns = monotonic_ns() - GRACE_NS;
	pthread_mutex_init(&receiving->lock, NULL);
	connection_make_id(receiving->id);
	receiving->decoder = decoder_create(&(struct decoder_options){.memory = relay->memory});
	receiving->link = tool_open(relay->tool, VITRINE_MIRROR);
	if (receiving->link != NULL)
		rc = run(receiving);
	tool_close(relay->tool, receiving->link);
	if (!connection_destroy(receiving->connection, NULL))
		return rc; /* its thread may still use all this until the program ends */
	decoder_destroy(receiving->decoder);
	free(receiving->newest.bytes);
	if (receiving->woken >= 0)
		close(receiving->woken);
	pthread_mutex_destroy(&receiving->lock);
	free(receiving);
	return rc;
}

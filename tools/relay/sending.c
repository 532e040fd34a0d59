/*
 * sending.c - vitrine relay --to: sends the newest image of the channel as a message that the
 * broker retains. It reads the channel as a mirror does, so it takes nothing and delays no program.
 * One message is in transit at a time; until the broker has confirmed it, newer images replace each
 * other here and never queue. This is the main thread, which sleeps in the channel and encodes;
 * sending_wire.c sends.
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
#include "sending_state.h"
#include "translate.h"

#define DAMAGED_NS INT64_C(5000000000) /* how often to report that the newest image is damaged */

/* True if a picture can be sent now; *again: send the newest even if it was sent before. */
static bool can_send(struct sending *sending, bool *again, uint64_t *most)
{
	bool can;

	pthread_mutex_lock(&sending->lock);
	can = sending->is_up && !sending->has_next && !sending->is_under_way;
	*again = sending->again;
	*most = RELAY_MESSAGE_MOST;
	if (sending->packet_most != 0 && sending->packet_most < *most)
		*most = sending->packet_most;
	pthread_mutex_unlock(&sending->lock);
	return can;
}

/* Passes a payload to the connection's thread. */
static void hand_over(struct sending *sending, struct payload *payload, uint64_t skipped)
{
	pthread_mutex_lock(&sending->lock);
	sending->again = false;
	if (sending->is_up) {
		sending->next = *payload;
		sending->skipped = skipped;
		sending->has_next = true;
	} else {
		payload_free(payload);
	}
	pthread_mutex_unlock(&sending->lock);
	connection_wake(sending->connection);
}

/* Prepares the newest image. Returns 0 or the library's error. */
static int prepare(struct sending *sending, uint64_t most)
{
	uint64_t before = sending->last_seen;
	struct payload payload;
	char reason[TEXT_REASON_MAX];
	int error = VITRINE_OK;
	enum payload_verdict verdict = payload_make(&payload, link_channel(sending->link),
		sending->relay->quality, most, &error, reason);

	if (verdict == PAYLOAD_FAILED)
		return error;
	sending->last_seen = payload.image.sequence;
	if (payload.image.sequence != before)
		sending->number++;
	if (verdict == PAYLOAD_REFUSED) {
		pthread_mutex_lock(&sending->lock);
		sending->again = false;
		pthread_mutex_unlock(&sending->lock);
		sending_refused(sending, &payload, reason);
		return VITRINE_OK;
	}
	payload.header.sequence = sending->number;
	strcpy(payload.header.sender, sending->id);
	hand_over(sending, &payload,
		before > 0 && payload.image.sequence > before ? payload.image.sequence - before - 1
							      : 0);
	return VITRINE_OK;
}

/* Sleeps until there is something to send and a connection; false: it cannot continue. */
static bool send_one(struct sending *sending)
{
	struct tool *tool = sending->relay->tool;
	eventfd_t ignored;
	uint64_t most;
	bool again;
	char reason[512];
	int rc;

	if (!can_send(sending, &again, &most)) {
		if (tool_ready_within(tool, sending->woken, POLLIN, VITRINE_FOREVER))
			eventfd_read(sending->woken, &ignored);
		return true;
	}
	rc = vitrine_wait_newer(link_channel(sending->link), again ? 0 : sending->last_seen,
		LINK_NAP_NS);
	if (rc == VITRINE_OK)
		rc = prepare(sending, most);
	if (rc == VITRINE_OK || rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR ||
		rc == VITRINE_ENONE)
		return true;
	if (rc == VITRINE_EDAMAGED) {
		log_error(log_of(sending), "refused", vitrine_message(link_channel(sending->link)));
		tool_sleep(tool, DAMAGED_NS);
		return true;
	}
	sending->last_seen = 0; /* a new channel counts from 1 */
	rc = tool_recover(sending->link, rc, reason);
	if (rc != VITRINE_OK)
		log_error(log_of(sending), _("cannot read the channel"), reason);
	return rc == VITRINE_OK;
}

/*
 * Prepares the message that the broker publishes if we disappear, and the one that we send when we
 * end.
 */
static void prepare_farewells(struct sending *sending)
{
	struct outgoing outgoing = {
		.topic = sending->relay->address.status,
		.qos = 1,
		.retain = true,
		.header = &sending->presence,
	};

	strcpy(sending->presence.sender, sending->id);
	outgoing.payload = announcement_word(ANNOUNCEMENT_LOST);
	outgoing.size = strlen(outgoing.payload);
	sending->will = outgoing;
	outgoing.payload = announcement_word(ANNOUNCEMENT_LEFT);
	outgoing.size = strlen(outgoing.payload);
	sending->farewell = outgoing;
}

static struct connection *connect_to(struct sending *sending)
{
	const struct relay *relay = sending->relay;
	const struct connection_options options = {
		.address = &relay->address,
		.credentials = &relay->credentials,
		.events = &sending_events,
		.data = sending,
		.id = sending->id,
		.packet_most = 65536, /* only other senders' bulletins arrive here */
		.will = &sending->will,
	};

	return connection_create(&options);
}

/* Sends until a signal ends it or it cannot continue. */
static int run(struct sending *sending)
{
	struct tool *tool = sending->relay->tool;
	bool goes_on = true;
	int error;

	sending->woken = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (sending->woken >= 0)
		sending->connection = connect_to(sending);
	error = sending->connection != NULL ? connection_start(sending->connection) : errno;
	if (error != 0) {
		log_error(&tool->log, _("cannot start"), strerror(error));
		return COMMAND_FAILED;
	}
	while (goes_on && !tool_interrupted(tool))
		goes_on = send_one(sending);
	return goes_on ? COMMAND_OK : COMMAND_FAILED;
}

int relay_send(const struct relay *relay)
{
	struct sending *sending = calloc(1, sizeof(*sending));
	int rc = COMMAND_FAILED;

	if (sending == NULL) {
		log_error(&relay->tool->log, _("cannot start"), strerror(errno));
		return rc;
	}
	sending->relay = relay;
	sending->woken = -1;
	pthread_mutex_init(&sending->lock, NULL);
	connection_make_id(sending->id);
	prepare_farewells(sending);
	sending->link = tool_open(relay->tool, VITRINE_MIRROR);
	if (sending->link != NULL)
		rc = run(sending);
	tool_close(relay->tool, sending->link);
	if (!connection_destroy(sending->connection, &sending->farewell))
		return rc; /* its thread may still use all this until the program ends */
	payload_free(&sending->next);
	if (sending->woken >= 0)
		close(sending->woken);
	pthread_mutex_destroy(&sending->lock);
	free(sending);
	return rc;
}

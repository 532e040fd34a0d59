/*
 * sending.c - vitrine relay --to: the newest image of the channel becomes a message that the broker
 * keeps. This side looks at the channel as a mirror does, so it takes nothing and delays nobody. One
 * message is under way at a time; while the broker has not confirmed it, newer images overtake each
 * other here and are never in a queue.
 *
 * The main thread sleeps in the channel and encodes; the connection's thread sends.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bulletin.h"
#include "command.h"
#include "connection.h"
#include "payload.h"
#include "relay.h"

#define DAMAGED_NS INT64_C(5000000000) /* how often to say that the newest image makes no sense */

struct sending {
	const struct relay *relay;
	struct link *link;
	struct connection *connection;
	struct outgoing will, farewell;
	struct header presence; /* of will and farewell */
	char id[HEADER_SENDER_MAX];
	int woken; /* eventfd: the main thread may go on */

	pthread_mutex_t lock;
	bool is_up;
	bool again;        /* the broker may have forgotten the newest: send it once more */
	bool has_next;     /* `next` is ready to be sent */
	bool is_under_way; /* `next` was sent, its bytes are freed, and nobody has confirmed it */
	uint64_t packet_most; /* of the broker; 0: no limit */
	struct payload next;
	uint64_t skipped; /* images between this one and the last */

	/* the main thread's */
	uint64_t last_seen; /* the channel's number of the image that was looked at last */
	uint64_t number;    /* ours */

	/* the connection's thread's */
	int message_id;
	int64_t sent_ns;
	uint64_t newest, newest_bytes; /* that the broker has confirmed */
	int64_t bulletin_ns;           /* when the last one was sent */
	char rival[HEADER_SENDER_MAX]; /* somebody else who sends to this topic; "" */
};

static const struct log *log_of(const struct sending *sending)
{
	return &sending->relay->tool->log;
}

/* ---- the connection's thread ---------------------------------------------------------------- */

static void wake_main(struct sending *sending)
{
	eventfd_write(sending->woken, 1);
}

static void send_bulletin(struct sending *sending)
{
	struct header header = {
		.sequence = sending->newest,
		.bytes = sending->newest_bytes,
		.published_ms = bulletin_now_ms(),
	};
	const char *word = bulletin_word(BULLETIN_HERE);
	const struct outgoing outgoing = {
		.topic = sending->relay->address.status,
		.payload = word,
		.size = strlen(word),
		.qos = 0,
		.retain = true,
		.header = &header,
	};
	char reason[TEXT_REASON_MAX];

	strcpy(header.sender, sending->id);
	connection_publish(sending->connection, &outgoing, reason);
	sending->bulletin_ns = tool_now();
}

static void on_up(void *data, const struct connection_terms *terms)
{
	struct sending *sending = data;
	const struct address *address = &sending->relay->address;

	log_event(log_of(sending), "connected", LOG_STR("broker", address->host),
		LOG_U64("port", address->port), LOG_STR("topic", address->topic),
		LOG_STR("sender", sending->id), LOG_REAL("ms", terms->ms));
	if (!terms->retains)
		log_error(log_of(sending), address->topic,
			"this broker keeps no messages: who comes later sees nothing until the "
			"next picture (mosquitto.conf: retain_available true)");
	connection_subscribe(sending->connection, address->status);
	pthread_mutex_lock(&sending->lock);
	sending->is_up = true;
	sending->again = true;
	sending->packet_most = terms->packet_most;
	pthread_mutex_unlock(&sending->lock);
	send_bulletin(sending);
	wake_main(sending);
}

/* With the lock: what was to be sent, or is under way, is not any more. */
static void forget_next(struct sending *sending)
{
	payload_free(&sending->next);
	sending->has_next = false;
	sending->is_under_way = false;
}

static void on_down(void *data, const char *reason, int64_t pause_ms)
{
	struct sending *sending = data;

	pthread_mutex_lock(&sending->lock);
	sending->is_up = false;
	forget_next(sending);
	pthread_mutex_unlock(&sending->lock);
	log_event(log_of(sending), "offline", LOG_STR("reason", reason),
		LOG_REAL("retry_s", (double)pause_ms / 1000));
	wake_main(sending);
}

static void log_refused(const struct sending *sending, const struct payload *payload,
	const char *reason)
{
	log_event(log_of(sending), "refused", LOG_U64("seq", payload->image.sequence),
		LOG_STR("name", payload->image.name), LOG_STR("reason", reason));
}

/* The broker has it, or will not have it. */
static void on_sent(void *data, int id, const char *refusal)
{
	struct sending *sending = data;
	const struct payload *next = &sending->next;

	if (id != sending->message_id || !sending->is_under_way)
		return;
	if (refusal != NULL) {
		log_refused(sending, next, refusal);
	} else {
		sending->newest = next->header.sequence;
		sending->newest_bytes = next->header.bytes;
		log_event(log_of(sending), "sent", LOG_U64("seq", next->image.sequence),
			LOG_STR("name", next->header.name),
			LOG_STR("type", next->header.media_type),
			LOG_U64("bytes", next->header.bytes),
			LOG_U64("ms", (uint64_t)(tool_now() - sending->sent_ns) / 1000000),
			LOG_U64("skipped", sending->skipped));
	}
	pthread_mutex_lock(&sending->lock);
	forget_next(sending);
	pthread_mutex_unlock(&sending->lock);
	wake_main(sending);
}

/* A picture goes; what the bytes were copied from is freed at once. */
static void send_next(struct sending *sending)
{
	struct payload *next = &sending->next;
	struct header header = next->header;
	const struct outgoing outgoing = {
		.topic = sending->relay->address.topic,
		.payload = next->bytes,
		.size = next->size,
		.qos = 1,
		.retain = true,
		.header = &header,
	};
	char reason[TEXT_REASON_MAX];

	next->header.bytes = next->size;
	sending->sent_ns = tool_now();
	sending->message_id = connection_publish(sending->connection, &outgoing, reason);
	if (sending->message_id < 0)
		log_refused(sending, next, reason);
	pthread_mutex_lock(&sending->lock);
	payload_free(next);
	sending->has_next = false;
	sending->is_under_way = sending->message_id >= 0;
	pthread_mutex_unlock(&sending->lock);
	if (sending->message_id < 0)
		wake_main(sending);
}

static void on_round(void *data)
{
	struct sending *sending = data;
	bool has_next;

	pthread_mutex_lock(&sending->lock);
	has_next = sending->has_next;
	pthread_mutex_unlock(&sending->lock);
	if (has_next) /* nobody touches it until it was sent */
		send_next(sending);
	if (tool_now() > sending->bulletin_ns + BULLETIN_EVERY_NS)
		send_bulletin(sending);
}

/* Somebody else is at this topic: the newest picture wins, whoever sent it; but say so. */
static void on_message(void *data, const struct message *message)
{
	struct sending *sending = data;
	const char *sender = message->header.sender;
	enum bulletin bulletin = bulletin_of_word(message->payload, message->size);
	char reason[TEXT_REASON_MAX];

	if (message->is_retained || sender[0] == '\0' || strcmp(sender, sending->id) == 0)
		return;
	if (bulletin != BULLETIN_HERE) {
		if (bulletin != BULLETIN_UNKNOWN && strcmp(sender, sending->rival) == 0)
			sending->rival[0] = '\0';
		return;
	}
	if (strcmp(sender, sending->rival) == 0)
		return;
	strcpy(sending->rival, sender);
	log_event(log_of(sending), "another", LOG_STR("sender", sender));
	snprintf(reason, sizeof(reason),
		"%s sends to this topic, too: whatever came last is shown; let one end, or take "
		"another topic",
		sender);
	log_error(log_of(sending), sending->relay->address.topic, reason);
}

static const struct connection_events events = {
	.up = on_up,
	.down = on_down,
	.sent = on_sent,
	.message = on_message,
	.round = on_round,
};

/* ---- the main thread ------------------------------------------------------------------------ */

/* Whether a picture could go now; *again: the newest, even if it went before. */
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

/* Hands a payload to the connection's thread. */
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

/* Makes the newest image ready. Returns 0 or the library's error. */
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
		log_refused(sending, &payload, reason);
		return VITRINE_OK;
	}
	payload.header.sequence = sending->number;
	strcpy(payload.header.sender, sending->id);
	hand_over(sending, &payload,
		before > 0 && payload.image.sequence > before ? payload.image.sequence - before - 1
							      : 0);
	return VITRINE_OK;
}

/* Sleeps until there is something to send and a way to send it; false: it cannot go on. */
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
	sending->last_seen = 0; /* a channel that was made anew counts from 1 */
	rc = tool_recover(sending->link, rc, reason);
	if (rc != VITRINE_OK)
		log_error(log_of(sending), "cannot look into the channel", reason);
	return rc == VITRINE_OK;
}

/* What the broker says for us if we vanish, and what we say when we go. */
static void prepare_farewells(struct sending *sending)
{
	struct outgoing outgoing = {
		.topic = sending->relay->address.status,
		.qos = 1,
		.retain = true,
		.header = &sending->presence,
	};

	strcpy(sending->presence.sender, sending->id);
	outgoing.payload = bulletin_word(BULLETIN_LOST);
	outgoing.size = strlen(outgoing.payload);
	sending->will = outgoing;
	outgoing.payload = bulletin_word(BULLETIN_LEFT);
	outgoing.size = strlen(outgoing.payload);
	sending->farewell = outgoing;
}

static struct connection *connect_to(struct sending *sending)
{
	const struct relay *relay = sending->relay;
	const struct connection_options options = {
		.address = &relay->address,
		.credentials = &relay->credentials,
		.events = &events,
		.data = sending,
		.id = sending->id,
		.packet_most = 65536, /* all that comes here is what others say of themselves */
		.will = &sending->will,
	};

	return connection_create(&options);
}

/* Sends until it is told to end, or cannot go on. */
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
		log_error(&tool->log, "cannot start", strerror(error));
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
		log_error(&relay->tool->log, "cannot start", strerror(errno));
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
		return rc; /* its thread may yet look at all this, until the program ends */
	payload_free(&sending->next);
	if (sending->woken >= 0)
		close(sending->woken);
	pthread_mutex_destroy(&sending->lock);
	free(sending);
	return rc;
}

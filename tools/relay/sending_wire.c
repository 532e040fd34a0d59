/*
 * sending_wire.c - the sending side on the connection's thread: sends what sending.c has prepared,
 * receives the broker's confirmation, and announces its presence every few seconds.
 */
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>

#include "announcement.h"
#include "monotonic.h"
#include "sending_state.h"
#include "translate.h"

static void wake_main(struct sending *sending)
{
	eventfd_write(sending->woken, 1);
}

static void send_announcement(struct sending *sending)
{
	struct message_header header = {
		.sequence = sending->newest,
		.bytes = sending->newest_bytes,
		.published_ms = announcement_now_ms(),
	};
	const char *word = announcement_word(ANNOUNCEMENT_HERE);
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
	sending->announcement_ns = monotonic_ns();
}

static void on_up(void *data, const struct connection_terms *terms)
{
	struct sending *sending = data;
	const struct address *address = &sending->relay->address;

	log_event(log_of(sending), "connected", LOG_STR("broker", address->host),
		LOG_U64("port", address->port), LOG_STR("topic", address->topic),
		LOG_STR("sender", sending->id), LOG_STR("protocol", terms->protocol),
		LOG_REAL("ms", terms->ms));
	if (!terms->retains)
		log_error(log_of(sending), address->topic,
			_("this broker retains no messages: viewers who join later see nothing "
			  "until the next picture (mosquitto.conf: retain_available true)"));
	connection_subscribe(sending->connection, address->status);
	pthread_mutex_lock(&sending->lock);
	sending->is_up = true;
	sending->again = true;
	sending->packet_most = terms->packet_most;
	pthread_mutex_unlock(&sending->lock);
	send_announcement(sending);
	wake_main(sending);
}

/* With the lock held: discards what was to be sent or is in transit. */
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

static void on_note(void *data, const char *note)
{
	struct sending *sending = data;

	log_error(log_of(sending), sending->relay->address.host, note);
}

void sending_refused(const struct sending *sending, const struct payload *payload,
	const char *reason)
{
	log_event(log_of(sending), "refused", LOG_U64("seq", payload->image.sequence),
		LOG_STR("name", payload->image.name), LOG_STR("reason", reason));
}

/* The broker has accepted or refused it. */
static void on_sent(void *data, int id, const char *refusal)
{
	struct sending *sending = data;
	const struct payload *next = &sending->next;

	if (id != sending->message_id || !sending->is_under_way)
		return;
	if (refusal != NULL) {
		sending_refused(sending, next, refusal);
	} else {
		sending->newest = next->header.sequence;
		sending->newest_bytes = next->header.bytes;
		log_event(log_of(sending), "sent", LOG_U64("seq", next->image.sequence),
			LOG_STR("name", next->header.name),
			LOG_STR("type", next->header.media_type),
			LOG_U64("bytes", next->header.bytes),
			LOG_U64("ms", (uint64_t)(monotonic_ns() - sending->sent_ns) / 1000000),
			LOG_U64("skipped", sending->skipped));
	}
	pthread_mutex_lock(&sending->lock);
	forget_next(sending);
	pthread_mutex_unlock(&sending->lock);
	wake_main(sending);
}

/* Sends a picture; frees the bytes as soon as they are copied. */
static void send_next(struct sending *sending)
{
	struct payload *next = &sending->next;
	struct message_header header = next->header;
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
	sending->sent_ns = monotonic_ns();
	sending->message_id = connection_publish(sending->connection, &outgoing, reason);
	if (sending->message_id < 0)
		sending_refused(sending, next, reason);
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
	if (has_next) /* no other thread touches it until it has been sent */
		send_next(sending);
	if (monotonic_ns() > sending->announcement_ns + ANNOUNCEMENT_EVERY_NS)
		send_announcement(sending);
}

/* Another sender uses this topic: the newest picture wins, but report it. */
static void on_message(void *data, const struct message *message)
{
	struct sending *sending = data;
	const char *sender = message->header.sender;
	enum announcement announcement = announcement_of_word(message->payload, message->size);
	char reason[TEXT_REASON_MAX];

	if (message->is_retained || sender[0] == '\0' || strcmp(sender, sending->id) == 0)
		return;
	if (announcement != ANNOUNCEMENT_HERE) {
		if (announcement != ANNOUNCEMENT_UNKNOWN && strcmp(sender, sending->rival) == 0)
			sending->rival[0] = '\0';
		return;
	}
	if (strcmp(sender, sending->rival) == 0)
		return;
	strcpy(sending->rival, sender);
	log_event(log_of(sending), "another", LOG_STR("sender", sender));
	snprintf(reason, sizeof(reason),
		_("%s also sends to this topic, so the last picture sent is shown; stop one of the "
		  "two, or use another topic"),
		sender);
	log_error(log_of(sending), sending->relay->address.topic, reason);
}

const struct connection_events sending_events = {
	.up = on_up,
	.down = on_down,
	.note = on_note,
	.sent = on_sent,
	.message = on_message,
	.round = on_round,
};

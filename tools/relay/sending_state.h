/*
 * sending_state.h - what the two threads of the sending side share: sending.c is in the channel,
 * sending_wire.c in the network. Nobody else includes it.
 */
#ifndef VITRINE_TOOLS_SENDING_STATE_H
#define VITRINE_TOOLS_SENDING_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "connection.h"
#include "payload.h"
#include "relay.h"

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
	int64_t announcement_ns;       /* when the last one was sent */
	char rival[HEADER_SENDER_MAX]; /* somebody else who sends to this topic; "" */
};

static inline const struct log *log_of(const struct sending *sending)
{
	return &sending->relay->tool->log;
}

/* The connection's events; their data is a struct sending. */
extern const struct connection_events sending_events;

/* An image was not sent, and why: the line in the log. */
void sending_refused(const struct sending *sending, const struct payload *payload,
	const char *reason);

#endif

/*
 * sending_state.h - the state shared by the two threads of the sending side: sending.c uses the
 * channel, sending_wire.c the network. Not for other files.
 */
#ifndef VITRINE_TOOLS_SENDING_STATE_H
#define VITRINE_TOOLS_SENDING_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "connection.h"
#include "image_to_message.h"
#include "relay.h"

struct sending {
	const struct relay *relay;
	struct link *link;
	struct connection *connection;
	struct outgoing will, farewell;
	struct message_header presence; /* of the will and the farewell */
	char id[HEADER_SENDER_MAX];
	int woken; /* eventfd: the main thread can continue */

	pthread_mutex_t lock;
	bool is_up;
	bool again;           /* the broker may have lost the newest: send it again */
	bool has_next;        /* `next` is ready to be sent */
	bool is_under_way;    /* `next` was sent and its bytes freed; not confirmed yet */
	uint64_t packet_most; /* the broker's limit; 0: none */
	struct payload next;
	uint64_t skipped; /* images skipped since the last one */

	/* used by the main thread only */
	uint64_t last_seen; /* the channel's sequence number of the last image read */
	uint64_t number;    /* ours */

	/* used by the connection's thread only */
	int message_id;
	int64_t sent_ns;
	uint64_t newest, newest_bytes; /* confirmed by the broker */
	int64_t announcement_ns;       /* when the last one was sent */
	char rival[HEADER_SENDER_MAX]; /* another sender on this topic; "" */
};

static inline const struct log *log_of(const struct sending *sending)
{
	return &sending->relay->tool->log;
}

/* The connection's events; their data is a struct sending. */
extern const struct connection_events sending_events;

/* Logs that an image was not sent, and why. */
void sending_refused(const struct sending *sending, const struct payload *payload,
	const char *reason);

#endif

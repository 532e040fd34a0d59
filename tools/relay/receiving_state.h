/*
 * receiving_state.h - the state shared by the two threads of the receiving side: receiving.c uses
 * the channels, receiving_wire.c the network. Not for other files.
 */
#ifndef VITRINE_TOOLS_RECEIVING_STATE_H
#define VITRINE_TOOLS_RECEIVING_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "connection.h"
#include "outlet.h"
#include "relay.h"
#include "topics.h"

struct receiving {
	const struct relay *relay;
	struct decoder *decoder; /* examines what arrived */
	struct connection *connection;
	char id[HEADER_SENDER_MAX];
	int woken;           /* eventfd: there is something for the main thread */
	atomic_bool fetches; /* request the broker's retained messages again */

	pthread_mutex_t lock;
	struct topics topics;
	bool is_up;
	int64_t down_ns; /* time since which the connection is down */

	/* used by the connection's thread only */
	bool has_too_many; /* this was logged */
	struct connection_terms terms;
	int subscription; /* not yet answered, for the first time in this connection; 0: none */

	/* used by the main thread only */
	struct outlet *outlets[RELAY_CHANNELS_MOST]; /* with --per-topic one each, else the first */
	unsigned outlet_count;
};

static inline const struct log *log_of(const struct receiving *receiving)
{
	return &receiving->relay->tool->log;
}

/* The connection's events; their data is a struct receiving. */
extern const struct connection_events receiving_events;

/* Logs that a picture was refused, and why. */
void receiving_refused(const struct receiving *receiving, const struct topic *topic,
	const struct message_header *header, const char *reason);

#endif

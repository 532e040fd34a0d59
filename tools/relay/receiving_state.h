/*
 * receiving_state.h - the state shared by the two threads of the receiving side: receiving.c uses
 * the channel, receiving_wire.c the network. Not for other files.
 */
#ifndef VITRINE_TOOLS_RECEIVING_STATE_H
#define VITRINE_TOOLS_RECEIVING_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "connection.h"
#include "liveness.h"
#include "relay.h"

/* A picture passed from one thread to the other. */
struct arrival {
	void *bytes; /* NULL: none */
	size_t size;
	bool is_retained;
	struct header header;
};

struct receiving {
	const struct relay *relay;
	struct decoder *decoder; /* examines what arrived */
	struct link *link;
	struct connection *connection;
	char id[HEADER_SENDER_MAX];
	int woken;           /* eventfd: there is something for the main thread */
	atomic_bool fetches; /* the broker is asked to send its retained message again */

	pthread_mutex_t lock;
	struct arrival newest;
	uint64_t overtaken; /* pictures replaced by a newer one */
	bool is_up;
	int64_t down_ns; /* time since which the connection is down */
	struct liveness liveness;

	/* used by the main thread only */
	enum vitrine_role role;
	bool has_published; /* since memory was last given back */
	struct header last; /* of the last picture that had a sender */
	struct vitrine_image published;
	char publisher[HEADER_SENDER_MAX]; /* its sender; "": unknown */
};

static inline const struct log *log_of(const struct receiving *receiving)
{
	return &receiving->relay->tool->log;
}

/* The connection's events; their data is a struct receiving. */
extern const struct connection_events receiving_events;

/* Logs that a picture was refused, and why. */
void receiving_refused(const struct receiving *receiving, const struct header *header,
	const char *reason);

#endif

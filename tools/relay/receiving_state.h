/*
 * receiving_state.h - what the two threads of the receiving side share: receiving.c is in the channel,
 * receiving_wire.c in the network. Nobody else includes it.
 */
#ifndef VITRINE_TOOLS_RECEIVING_STATE_H
#define VITRINE_TOOLS_RECEIVING_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "connection.h"
#include "liveness.h"
#include "relay.h"

/* A picture on its way from one thread to the other. */
struct arrival {
	void *bytes; /* NULL: there is none */
	size_t size;
	bool is_retained;
	struct header header;
};

struct receiving {
	const struct relay *relay;
	struct decoder *decoder; /* looks at what came */
	struct link *link;
	struct connection *connection;
	char id[HEADER_SENDER_MAX];
	int woken;           /* eventfd: there is something for the main thread */
	atomic_bool fetches; /* the broker is to send again what it keeps */

	pthread_mutex_t lock;
	struct arrival newest;
	uint64_t overtaken; /* pictures that a newer one took the place of */
	bool is_up;
	int64_t down_ns; /* since when it is not up */
	struct liveness liveness;

	/* the main thread's */
	enum vitrine_role role;
	bool has_published; /* since memory was given back last */
	struct header last; /* of the last picture that had a sender */
	struct vitrine_image published;
	char publisher[HEADER_SENDER_MAX]; /* who sent that; "": not said */
};

static inline const struct log *log_of(const struct receiving *receiving)
{
	return &receiving->relay->tool->log;
}

/* The connection's events; their data is a struct receiving. */
extern const struct connection_events receiving_events;

/* A picture was not taken, and why: the line in the log. */
void receiving_refused(const struct receiving *receiving, const struct header *header,
	const char *reason);

#endif

/*
 * connection.h - one connection to a broker, by libmosquitto, on a thread of its own, so that neither
 * a slow network keeps the channel waiting nor the channel the network. It connects, says why it
 * could not, tries again after a while that grows, and begins afresh each time: a new client with
 * nothing in its queues. It knows nothing of pictures.
 *
 * All events are called on the connection's thread; connection_publish() and connection_subscribe()
 * may be called in them, and nowhere else.
 */
#ifndef VITRINE_TOOLS_CONNECTION_H
#define VITRINE_TOOLS_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "credentials.h"
#include "header.h"
#include "text.h"

/* The longest time between two tries; 30 students must not come back all in the same moment. */
#define CONNECTION_PAUSE_MS 15000

struct connection;

/* What the broker said when it let us in. */
struct connection_terms {
	uint32_t packet_most; /* bytes of a packet that it takes; 0: it sets no limit */
	uint8_t qos_most;
	bool retains; /* it keeps the newest message for those who come later */
	double ms;    /* from the first packet to the answer */
};

struct message {
	const char *topic;
	const void *payload; /* valid until the event returns */
	size_t size;
	bool is_retained; /* not just published: the broker had kept it */
	struct header header;
};

struct outgoing {
	const char *topic;
	const void *payload; /* copied */
	size_t size;
	int qos;
	bool retain;
	const struct header *header;
};

struct connection_events {
	/* The broker has let us in: subscribe now. */
	void (*up)(void *data, const struct connection_terms *terms);
	/* It is over, or could not be had; the next try comes in `pause_ms`. */
	void (*down)(void *data, const char *reason, int64_t pause_ms);
	void (*message)(void *data, const struct message *message);
	/* Message `id`, QoS 1: the broker has it (`refusal` is NULL), or says why it will not. */
	void (*sent)(void *data, int id, const char *refusal);
	/* Subscription `id`: granted, or not. */
	void (*subscribed)(void *data, int id, bool is_granted);
	/* While it is up: after connection_wake(), and several times a second. */
	void (*round)(void *data);
};

struct connection_options {
	const struct address *address;
	const struct credentials *credentials;
	const struct connection_events *events; /* each may be NULL */
	void *data;
	const char *id; /* the client's; unlike all others at this broker */
	uint32_t
		packet_most; /* bytes of a packet that we take: the broker keeps larger ones back */
	const struct outgoing *will; /* what the broker publishes if we vanish; NULL: nothing */
};

/* What the options point to must outlive it. NULL: errno. */
struct connection *connection_create(const struct connection_options *options);

/* Starts the thread. 0, or errno. */
int connection_start(struct connection *connection);

/*
 * Ends it; `farewell` (may be NULL) is published before, if it is up. Waits a few seconds at most.
 * false: the system keeps the thread in connect(), and it will end with the program; until then it
 * may yet call an event, and what the options point to must stay. NULL is allowed.
 */
bool connection_destroy(struct connection *connection, const struct outgoing *farewell);

/* Have `round` called soon. Any thread. */
void connection_wake(struct connection *connection);

/* The message's id, or -1 with the reason: too large, or no memory. */
int connection_publish(struct connection *connection, const struct outgoing *outgoing,
	char reason[TEXT_REASON_MAX]);

/*
 * The broker sends what it has kept, then what others publish. With QoS 0: what it has no room for is
 * not sent; nothing waits for us there. The id, or -1.
 */
int connection_subscribe(struct connection *connection, const char *topic);

/* "HOSTNAME-1a2b3c4d": an id that no other client has. Returns `id`. */
char *connection_make_id(char id[HEADER_SENDER_MAX]);

#endif

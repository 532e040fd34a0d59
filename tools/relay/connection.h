/*
 * connection.h - one connection to a broker, through libmosquitto, on a thread of its own, so that
 * a slow network does not delay the channel, nor the channel the network. It connects, reports why
 * it could not, and retries after increasing pauses, each time with a new client whose queues are
 * empty. It knows nothing of pictures. All events are called on the connection's thread;
 * connection_publish() and connection_subscribe() may be called only inside them.
 */
#ifndef VITRINE_TOOLS_CONNECTION_H
#define VITRINE_TOOLS_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "credentials.h"
#include "message_header.h"
#include "text.h"

/*
 * The longest pause between two attempts; random, so that 30 students do not all reconnect at once.
 */
#define CONNECTION_PAUSE_MS 15000

struct connection;

/* What the broker announced when it accepted the connection. */
struct connection_terms {
	uint32_t packet_most; /* the largest packet it accepts, bytes; 0: no limit */
	uint8_t qos_most;
	bool retains;         /* it retains the newest message for later subscribers */
	const char *protocol; /* "5", or "3.1.1" where the broker supports no newer one */
	double ms;            /* from the first packet to the answer */
};

struct message {
	const char *topic;
	const void *payload; /* valid until the event returns */
	size_t size;
	bool is_retained; /* the broker had retained it, so it is not new */
	struct message_header header;
};

struct outgoing {
	const char *topic;
	const void *payload; /* copied */
	size_t size;
	int qos;
	bool retain;
	const struct message_header *header;
};

struct connection_events {
	/* The broker has accepted the connection: subscribe now. */
	void (*up)(void *data, const struct connection_terms *terms);
	/*
	 * Something that the user should know, once: the broker supports only MQTT 3.1.1, which has
	 * no properties, so that messages lose their headers.
	 */
	void (*note)(void *data, const char *note);
	/* The connection ended or failed; the next attempt is in `pause_ms`. */
	void (*down)(void *data, const char *reason, int64_t pause_ms);
	void (*message)(void *data, const struct message *message);
	/* Message `id`, QoS 1: the broker has accepted it (`refusal` is NULL) or refused it. */
	void (*sent)(void *data, int id, const char *refusal);
	/* Subscription `id`: granted, or not. */
	void (*subscribed)(void *data, int id, bool is_granted);
	/* While connected: after connection_wake(), and several times a second. */
	void (*round)(void *data);
};

struct connection_options {
	const struct address *address;
	const struct credentials *credentials;
	const struct connection_events *events; /* each may be NULL */
	void *data;
	const char *id;              /* the client's id; must be unique at this broker */
	uint32_t packet_most;        /* the largest packet that we accept, bytes */
	const struct outgoing *will; /* what the broker publishes if we disappear; NULL: nothing */
};

/* What the options point to must outlive the connection. NULL: see errno. */
struct connection *connection_create(const struct connection_options *options);

/* Starts the thread. 0, or errno. */
int connection_start(struct connection *connection);

/*
 * Ends the connection; if connected, first publishes `farewell` (may be NULL). Waits at most a few
 * seconds. false: the thread is stuck in connect() and ends with the program; until then it may
 * still call an event, and what the options point to must remain valid. NULL is allowed.
 */
bool connection_destroy(struct connection *connection, const struct outgoing *farewell);

/* Makes the thread call `round` soon. Any thread. */
void connection_wake(struct connection *connection);

/* Returns the message's id, or -1 with the reason: too large, or out of memory. */
int connection_publish(struct connection *connection, const struct outgoing *outgoing,
	char reason[TEXT_REASON_MAX]);

/*
 * Subscribes: the broker sends the retained message, then new ones. With QoS 0 it drops messages
 * that it has no room for; nothing queues for us there. Returns the id, or -1.
 */
int connection_subscribe(struct connection *connection, const char *topic);

/* True if the filter, with wildcards or without, stands for the topic. */
bool connection_matches(const char *filter, const char *topic);

/* "HOSTNAME-1a2b3c4d": an id that no other client uses. Returns `id`. */
char *connection_make_id(char id[HEADER_SENDER_MAX]);

#endif

/*
 * connection_state.h - the private state of a connection: connection.c runs it;
 * connection_attempt.c creates the client of libmosquitto, which calls it back. Not for other
 * files.
 */
#ifndef VITRINE_TOOLS_CONNECTION_STATE_H
#define VITRINE_TOOLS_CONNECTION_STATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "connection.h"
#include "mqtt.h"

struct connection {
	struct connection_options options;
	pthread_t thread;
	bool is_started;
	int woken; /* eventfd */
	atomic_bool stop;
	const struct outgoing *farewell; /* valid once `stop` is set */

	/* used by the thread only */
	struct mosquitto *client; /* of this attempt */
	bool is_up;
	bool is_old;          /* this attempt uses MQTT 3.1.1 */
	bool refuses_version; /* the broker refused MQTT 5 */
	bool is_noted;        /* the user was told that MQTT 3.1.1 is used */
	int64_t started_ns;
	int farewell_id;               /* not confirmed by the broker yet; 0: none */
	char refusal[TEXT_REASON_MAX]; /* last refusal by the broker or TLS; "": none */
};

/*
 * Creates a new connection->client and connects it; sleeps until TCP and TLS are done. Returns
 * libmosquitto's result. The broker's answer comes later, with the first packets.
 */
int connection_connect(struct connection *connection);

#endif

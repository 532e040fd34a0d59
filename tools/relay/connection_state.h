/*
 * connection_state.h - a connection from inside: connection.c runs it, connection_client.c makes the
 * client of libmosquitto and is called back by it. Nobody else includes it.
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

	/* the thread's */
	struct mosquitto *client; /* of this try */
	bool is_up;
	int64_t started_ns;
	int farewell_id;               /* that the broker has not confirmed; 0: none */
	char refusal[TEXT_REASON_MAX]; /* what the broker, or TLS, said last; "" */
};

/*
 * Makes connection->client anew and connects it; sleeps until TCP and TLS are done. Returns what
 * libmosquitto says. The broker's answer comes later, with the first packets.
 */
int connection_connect(struct connection *connection);

#endif

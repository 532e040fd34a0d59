/*
 * connection.c - see connection.h. Each attempt uses a new client of libmosquitto, on this thread
 * alone: the thread waits for the socket itself, so that it can also be woken, and libmosquitto
 * needs no locks and no thread of its own.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "connection_state.h"
#include "monotonic.h"
#include "tool.h"
#include "translate.h"

#define ROUND_MS     200                  /* `round` is called at least this often */
#define PATIENCE_NS  INT64_C(10000000000) /* time limit for an answer */
#define LASTED_NS    INT64_C(5000000000)  /* a connection that lasted this long counts as good */
#define FAREWELL_NS  INT64_C(2000000000)
#define PAUSE_MS     500
#define JOIN_SECONDS 5

/*
 * In English, as are the messages of libmosquitto and OpenSSL in it: broker_check.c looks for words
 * in them.
 */
static const char *failure_text(const struct connection *connection, int rc, int error,
	char reason[TEXT_REASON_MAX])
{
	const struct address *address = connection->options.address;
	const char *why;

	switch (rc) {
	case MOSQ_ERR_ERRNO:
		why = error != 0 ? strerrordesc_np(error)
				 : "the broker closed the "
				   "connection";
		break;
	case MOSQ_ERR_EAI: why = "there is no host of this name, or the network is down"; break;
	case MOSQ_ERR_CONN_LOST: why = "the connection was lost"; break;
	case MOSQ_ERR_TLS: why = "TLS failed"; break;
	case MOSQ_ERR_PROTOCOL:
	case MOSQ_ERR_MALFORMED_PACKET: why = "the answer is not from an MQTT broker"; break;
	default: why = mosquitto_strerror(rc); break;
	}
	if (connection->refusal[0] != '\0')
		why = connection->refusal;
	if (address->transport == ADDRESS_UNIX)
		snprintf(reason, TEXT_REASON_MAX, "%.90s: %.160s", address->host, why);
	else
		snprintf(reason, TEXT_REASON_MAX, "%.80s:%u: %.160s", address->host, address->port,
			why);
	return reason;
}

/* ---- one connection ------------------------------------------------------------------------- */

/* Waits until there is something to do, does it, and returns libmosquitto's result. */
static int serve_once(struct connection *connection)
{
	struct mosquitto *client = connection->client;
	struct pollfd polled[] = {
		{.fd = connection->woken, .events = POLLIN},
		{.fd = mosquitto_socket(client), .events = POLLIN},
	};
	eventfd_t ignored;
	int rc = MOSQ_ERR_SUCCESS;

	if (polled[1].fd < 0)
		return MOSQ_ERR_CONN_LOST;
	if (mosquitto_want_write(client))
		polled[1].events |= POLLOUT;
	poll(polled, 2, ROUND_MS);
	if (polled[0].revents != 0)
		eventfd_read(connection->woken, &ignored);
	errno = 0;
	if (polled[1].revents & (POLLIN | POLLHUP | POLLERR))
		rc = mosquitto_loop_read(client, 1);
	if (rc == MOSQ_ERR_SUCCESS && polled[1].revents & POLLOUT)
		rc = mosquitto_loop_write(client, 1);
	return rc == MOSQ_ERR_SUCCESS ? mosquitto_loop_misc(client) : rc;
}

/* Runs until the connection ends or the program must end. */
static int serve(struct connection *connection)
{
	int rc = MOSQ_ERR_SUCCESS;

	while (rc == MOSQ_ERR_SUCCESS && !connection->stop) {
		rc = serve_once(connection);
		if (rc == MOSQ_ERR_SUCCESS && connection->is_up &&
			connection->options.events->round != NULL)
			connection->options.events->round(connection->options.data);
		if (!connection->is_up && monotonic_ns() > connection->started_ns + PATIENCE_NS) {
			snprintf(connection->refusal, sizeof(connection->refusal),
				"does not answer; is it a broker?");
			rc = MOSQ_ERR_CONN_LOST;
		}
	}
	return rc;
}

static void say_farewell(struct connection *connection)
{
	int64_t deadline = monotonic_ns() + FAREWELL_NS;
	char reason[TEXT_REASON_MAX];
	int rc = MOSQ_ERR_SUCCESS;

	if (connection->farewell != NULL)
		connection->farewell_id =
			connection_publish(connection, connection->farewell, reason);
	while (connection->farewell_id > 0 && rc == MOSQ_ERR_SUCCESS && monotonic_ns() < deadline)
		rc = serve_once(connection);
	mosquitto_disconnect(connection->client);
	mosquitto_loop_write(connection->client, 1);
}

/* ---- the thread ----------------------------------------------------------------------------- */

/*
 * The pause before attempt number `failures` + 1: twice as long each time, of which a quarter is
 * random.
 */
static int64_t pause_ms(unsigned failures)
{
	int64_t ms = failures < 16 ? (int64_t)PAUSE_MS << failures : CONNECTION_PAUSE_MS;

	if (ms > CONNECTION_PAUSE_MS)
		ms = CONNECTION_PAUSE_MS;
	return ms * 3 / 4 + arc4random_uniform((uint32_t)(ms / 4) + 1);
}

static void wait_pause(struct connection *connection, int64_t ms)
{
	struct pollfd polled = {.fd = connection->woken, .events = POLLIN};
	int64_t deadline = monotonic_ns() + ms * 1000000;
	eventfd_t ignored;

	while (!connection->stop && monotonic_ns() < deadline)
		if (poll(&polled, 1, (int)((deadline - monotonic_ns()) / 1000000) + 1) > 0)
			eventfd_read(connection->woken, &ignored);
}

/* Connects and runs until the connection ends. Returns libmosquitto's result, and errno. */
static int attempt(struct connection *connection, bool is_old, bool *has_answered)
{
	int rc;

	mosquitto_destroy(connection->client);
	connection->client = NULL;
	connection->is_up = false;
	connection->is_old = is_old;
	connection->refusal[0] = '\0';
	connection->started_ns = monotonic_ns();
	rc = connection_connect(connection);
	*has_answered = rc == MOSQ_ERR_SUCCESS;
	return rc == MOSQ_ERR_SUCCESS ? serve(connection) : rc;
}

/*
 * A broker that knows only MQTT 3.1.1 answers MQTT 5 by a refusal or by closing the connection:
 * true if this may be one.
 */
static bool may_be_old(const struct connection *connection, int rc)
{
	return !connection->is_up && !connection->stop &&
	       (connection->refuses_version ||
		       (connection->refusal[0] == '\0' &&
			       (rc == MOSQ_ERR_ERRNO || rc == MOSQ_ERR_CONN_LOST ||
				       rc == MOSQ_ERR_PROTOCOL ||
				       rc == MOSQ_ERR_MALFORMED_PACKET)));
}

static void *run(void *data)
{
	struct connection *connection = data;
	unsigned failures = 0;

	while (!connection->stop) {
		char reason[TEXT_REASON_MAX];
		bool has_answered;
		int rc, error;

		connection->refuses_version = false;
		rc = attempt(connection, false, &has_answered);
		if (has_answered && may_be_old(connection, rc))
			rc = attempt(connection, true, &has_answered);
		error = errno;
		if (connection->stop && connection->is_up && rc == MOSQ_ERR_SUCCESS)
			say_farewell(connection);
		if (connection->is_up && monotonic_ns() > connection->started_ns + LASTED_NS)
			failures = 0;
		connection->is_up = false;
		if (!connection->stop) {
			int64_t ms = pause_ms(failures++);

			failure_text(connection, rc, error, reason);
			if (connection->options.events->down != NULL)
				connection->options.events->down(connection->options.data, reason,
					ms);
			mosquitto_destroy(connection->client); /* to save memory during the pause */
			connection->client = NULL;
			wait_pause(connection, ms);
		}
		mosquitto_destroy(connection->client);
		connection->client = NULL;
	}
	return NULL;
}

struct connection *connection_create(const struct connection_options *options)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	int error;

	if (connection == NULL)
		return NULL;
	connection->options = *options;
	connection->woken = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (connection->woken >= 0) {
		mosquitto_lib_init();
		return connection;
	}
	error = errno;
	free(connection);
	errno = error;
	return NULL;
}

int connection_start(struct connection *connection)
{
	int rc = pthread_create(&connection->thread, NULL, run, connection);

	connection->is_started = rc == 0;
	return rc;
}

bool connection_destroy(struct connection *connection, const struct outgoing *farewell)
{
	struct timespec deadline;

	if (connection == NULL)
		return true;
	connection->farewell = farewell;
	connection->stop = true;
	connection_wake(connection);
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += JOIN_SECONDS;
	if (connection->is_started &&
		pthread_timedjoin_np(connection->thread, NULL, &deadline) != 0)
		return false;
	close(connection->woken);
	free(connection);
	mosquitto_lib_cleanup();
	return true;
}

void connection_wake(struct connection *connection)
{
	eventfd_write(connection->woken, 1);
}

/* ---- for the events ------------------------------------------------------------------------- */

int connection_publish(struct connection *connection, const struct outgoing *outgoing,
	char reason[TEXT_REASON_MAX])
{
	mosquitto_property *properties = NULL;
	int rc = MOSQ_ERR_NOMEM;
	int id = -1;

	if (connection->is_old || message_header_to_properties(outgoing->header, &properties))
		rc = mosquitto_publish_v5(connection->client, &id, outgoing->topic,
			(int)outgoing->size, outgoing->payload, outgoing->qos, outgoing->retain,
			properties);
	mosquitto_property_free_all(&properties);
	/* If the connection is just being lost, the next round reports it. */
	if (rc == MOSQ_ERR_OVERSIZE_PACKET || rc == MOSQ_ERR_PAYLOAD_SIZE)
		snprintf(reason, TEXT_REASON_MAX, _("it is larger than the broker accepts"));
	else if (rc == MOSQ_ERR_NOMEM || rc == MOSQ_ERR_MALFORMED_UTF8 || rc == MOSQ_ERR_INVAL)
		snprintf(reason, TEXT_REASON_MAX, "%s", mosquitto_strerror(rc));
	else
		return id;
	return -1;
}

int connection_subscribe(struct connection *connection, const char *topic)
{
	const int options =
		connection->is_old ? 0 : MQTT_SUB_OPT_NO_LOCAL | MQTT_SUB_OPT_SEND_RETAIN_ALWAYS;
	int id = -1;

	mosquitto_subscribe_v5(connection->client, &id, topic, 0, options, NULL);
	return id;
}

bool connection_matches(const char *filter, const char *topic)
{
	bool matches = false;

	return mosquitto_topic_matches_sub(filter, topic, &matches) == MOSQ_ERR_SUCCESS && matches;
}

char *connection_make_id(char id[HEADER_SENDER_MAX])
{
	char host[32] = "";

	gethostname(host, sizeof(host) - 1);
	for (char *c = host; *c != '\0'; c++)
		if ((*c < '0' || *c > '9') && (*c < 'A' || *c > 'Z') && (*c < 'a' || *c > 'z'))
			*c = '-';
	snprintf(id, HEADER_SENDER_MAX, "%s-%08x", host, arc4random());
	return id;
}

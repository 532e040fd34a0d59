/*
 * connection.c - see connection.h. Each try is a new client of libmosquitto, used by this thread
 * alone: it waits for the socket itself, so that it also hears when it is woken, and libmosquitto
 * needs no locks and no thread of its own.
 */
#include "connection.h"

#include <errno.h>
#include <mqtt_protocol.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

#define KEEPALIVE_S   15  /* the broker misses a client that is silent for half as long again */
#define ROUND_MS      200 /* how often `round` is called at least */
#define PATIENCE_NS   INT64_C(10000000000) /* for an answer */
#define LASTED_NS     INT64_C(5000000000)  /* a connection that lasted so long is a good one */
#define FAREWELL_NS   INT64_C(2000000000)
#define PAUSE_MS      500
#define JOIN_SECONDS  5
#define REASON_DENIED 0x80 /* reason codes of MQTT 5 from here on are failures */

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

/* ---- reasons -------------------------------------------------------------------------------- */

/* A reason code of MQTT 5, with the remedy where there is one. */
static const char *refusal_text(int code)
{
	switch (code) {
	case 1:
	case MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION:
		return "the broker does not speak MQTT 5: Mosquitto does from 1.6 on";
	case MQTT_RC_BAD_USERNAME_OR_PASSWORD:
		return "the broker does not know this user, or the password is wrong";
	case MQTT_RC_NOT_AUTHORIZED:
		return "the broker does not let this user in: user and password may be missing or "
		       "wrong";
	case MQTT_RC_PACKET_TOO_LARGE: return "the broker takes no packets of this size";
	case MQTT_RC_SERVER_SHUTTING_DOWN: return "the broker is being shut down";
	default: return mosquitto_reason_string(code);
	}
}

static const char *failure_text(const struct connection *connection, int rc, int error,
	char reason[TEXT_REASON_MAX])
{
	const struct address *address = connection->options.address;
	const char *why;

	switch (rc) {
	case MOSQ_ERR_ERRNO: why = error != 0 ? strerror(error) : "the broker hung up"; break;
	case MOSQ_ERR_EAI: why = "there is no host of this name, or the network is down"; break;
	case MOSQ_ERR_CONN_LOST: why = "the connection was lost"; break;
	case MOSQ_ERR_TLS: why = "TLS failed"; break;
	case MOSQ_ERR_PROTOCOL: why = "what answers is no broker that speaks MQTT 5"; break;
	default: why = mosquitto_strerror(rc); break;
	}
	if (connection->refusal[0] != '\0')
		why = connection->refusal;
	snprintf(reason, TEXT_REASON_MAX, "%.80s:%u: %.160s", address->host, address->port, why);
	return reason;
}

/* ---- what libmosquitto calls ---------------------------------------------------------------- */

static void on_log(struct mosquitto *client, void *data, int level, const char *text)
{
	struct connection *connection = data;

	(void)client;
	if (level == MOSQ_LOG_ERR)
		snprintf(connection->refusal, sizeof(connection->refusal), "TLS: %.200s", text);
}

static void on_connect(struct mosquitto *client, void *data, int code, int flags,
	const mosquitto_property *properties)
{
	struct connection *connection = data;
	struct connection_terms terms = {.inflight = UINT16_MAX, .qos_most = 2, .retains = true};
	uint8_t retains = 1;

	(void)client;
	(void)flags;
	if (code != MQTT_RC_SUCCESS) {
		snprintf(connection->refusal, sizeof(connection->refusal), "%s",
			refusal_text(code));
		return;
	}
	mosquitto_property_read_int32(properties, MQTT_PROP_MAXIMUM_PACKET_SIZE, &terms.packet_most,
		false);
	mosquitto_property_read_int16(properties, MQTT_PROP_RECEIVE_MAXIMUM, &terms.inflight,
		false);
	mosquitto_property_read_byte(properties, MQTT_PROP_MAXIMUM_QOS, &terms.qos_most, false);
	mosquitto_property_read_byte(properties, MQTT_PROP_RETAIN_AVAILABLE, &retains, false);
	terms.retains = retains != 0;
	terms.ms = (double)(tool_now() - connection->started_ns) / 1e6;
	connection->started_ns = tool_now();
	connection->refusal[0] = '\0';
	connection->is_up = true;
	if (connection->options.events->up != NULL)
		connection->options.events->up(connection->options.data, &terms);
}

static void on_disconnect(struct mosquitto *client, void *data, int code,
	const mosquitto_property *properties)
{
	struct connection *connection = data;

	(void)client;
	(void)properties;
	if (code >= REASON_DENIED && connection->refusal[0] == '\0')
		snprintf(connection->refusal, sizeof(connection->refusal), "%s",
			refusal_text(code));
}

static void on_message(struct mosquitto *client, void *data,
	const struct mosquitto_message *received, const mosquitto_property *properties)
{
	struct connection *connection = data;
	struct message message = {
		.topic = received->topic,
		.payload = received->payload,
		.size = (size_t)received->payloadlen,
		.is_retained = received->retain,
	};

	(void)client;
	header_of_properties(&message.header, properties);
	if (connection->options.events->message != NULL)
		connection->options.events->message(connection->options.data, &message);
}

static void on_publish(struct mosquitto *client, void *data, int id, int code,
	const mosquitto_property *properties)
{
	struct connection *connection = data;

	(void)client;
	(void)properties;
	if (id == connection->farewell_id)
		connection->farewell_id = 0;
	else if (connection->options.events->sent != NULL)
		connection->options.events->sent(connection->options.data, id,
			code == MQTT_RC_NOT_AUTHORIZED
				? "the broker does not let this user send here"
			: code >= REASON_DENIED ? refusal_text(code)
						: NULL);
}

static void on_subscribe(struct mosquitto *client, void *data, int id, int count,
	const int *granted, const mosquitto_property *properties)
{
	struct connection *connection = data;

	(void)client;
	(void)properties;
	if (connection->options.events->subscribed != NULL)
		connection->options.events->subscribed(connection->options.data, id,
			count == 1 && granted[0] < REASON_DENIED);
}

/* ---- one try -------------------------------------------------------------------------------- */

static int set_tls(struct mosquitto *client, const struct credentials *credentials)
{
	int rc;

	if (credentials->ca_file == NULL)
		mosquitto_int_option(client, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
	if (credentials->ca_file == NULL && credentials->cert_file == NULL)
		return MOSQ_ERR_SUCCESS;
	rc = mosquitto_tls_set(client, credentials->ca_file,
		credentials->ca_file == NULL ? "/etc/ssl/certs" : NULL, credentials->cert_file,
		credentials->key_file, NULL);
	return rc;
}

static int set_will(struct mosquitto *client, const struct outgoing *will)
{
	mosquitto_property *properties = NULL;
	int rc = MOSQ_ERR_NOMEM;

	if (will == NULL)
		return MOSQ_ERR_SUCCESS;
	if (header_to_properties(will->header, &properties))
		rc = mosquitto_will_set_v5(client, will->topic, (int)will->size, will->payload,
			will->qos, will->retain, properties);
	if (rc != MOSQ_ERR_SUCCESS)
		mosquitto_property_free_all(&properties);
	return rc;
}

/* A client with everything set, not connected. */
static int make_client(struct connection *connection)
{
	const struct connection_options *options = &connection->options;
	const struct credentials *credentials = options->credentials;
	struct mosquitto *client = mosquitto_new(options->id, true, connection);
	int rc = MOSQ_ERR_SUCCESS;

	connection->client = client;
	if (client == NULL)
		return MOSQ_ERR_NOMEM;
	mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
	mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
	mosquitto_log_callback_set(client, on_log);
	mosquitto_connect_v5_callback_set(client, on_connect);
	mosquitto_disconnect_v5_callback_set(client, on_disconnect);
	mosquitto_message_v5_callback_set(client, on_message);
	mosquitto_publish_v5_callback_set(client, on_publish);
	mosquitto_subscribe_v5_callback_set(client, on_subscribe);
	if (credentials->user[0] != '\0')
		rc = mosquitto_username_pw_set(client, credentials->user,
			credentials->password[0] != '\0' ? credentials->password : NULL);
	if (rc == MOSQ_ERR_SUCCESS && options->address->tls)
		rc = set_tls(client, credentials);
	return rc == MOSQ_ERR_SUCCESS ? set_will(client, options->will) : rc;
}

static int connect_client(struct connection *connection)
{
	const struct connection_options *options = &connection->options;
	mosquitto_property *properties = NULL;
	int rc = make_client(connection);

	if (rc == MOSQ_ERR_SUCCESS && options->packet_most != 0)
		rc = mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE,
			options->packet_most);
	errno = 0;
	if (rc == MOSQ_ERR_SUCCESS)
		rc = mosquitto_connect_bind_v5(connection->client, options->address->host,
			options->address->port, KEEPALIVE_S, NULL, properties);
	mosquitto_property_free_all(&properties);
	return rc;
}

/* Waits until there is something to do, does it, and returns what libmosquitto said. */
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

/* Until it is over or the program ends. */
static int serve(struct connection *connection)
{
	int rc = MOSQ_ERR_SUCCESS;

	while (rc == MOSQ_ERR_SUCCESS && !connection->stop) {
		rc = serve_once(connection);
		if (rc == MOSQ_ERR_SUCCESS && connection->is_up &&
			connection->options.events->round != NULL)
			connection->options.events->round(connection->options.data);
		if (!connection->is_up && tool_now() > connection->started_ns + PATIENCE_NS) {
			snprintf(connection->refusal, sizeof(connection->refusal),
				"does not answer; is it a broker?");
			rc = MOSQ_ERR_CONN_LOST;
		}
	}
	return rc;
}

static void say_farewell(struct connection *connection)
{
	int64_t deadline = tool_now() + FAREWELL_NS;
	char reason[TEXT_REASON_MAX];
	int rc = MOSQ_ERR_SUCCESS;

	if (connection->farewell != NULL)
		connection->farewell_id =
			connection_publish(connection, connection->farewell, reason);
	while (connection->farewell_id > 0 && rc == MOSQ_ERR_SUCCESS && tool_now() < deadline)
		rc = serve_once(connection);
	mosquitto_disconnect(connection->client);
	mosquitto_loop_write(connection->client, 1);
}

/* ---- the thread ----------------------------------------------------------------------------- */

/* How long to wait before try number `failures` + 1: twice as long each time, a quarter by chance. */
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
	int64_t deadline = tool_now() + ms * 1000000;
	eventfd_t ignored;

	while (!connection->stop && tool_now() < deadline)
		if (poll(&polled, 1, (int)((deadline - tool_now()) / 1000000) + 1) > 0)
			eventfd_read(connection->woken, &ignored);
}

static void *run(void *data)
{
	struct connection *connection = data;
	unsigned failures = 0;

	while (!connection->stop) {
		char reason[TEXT_REASON_MAX];
		int rc, error;

		connection->is_up = false;
		connection->refusal[0] = '\0';
		connection->started_ns = tool_now();
		rc = connect_client(connection);
		if (rc == MOSQ_ERR_SUCCESS)
			rc = serve(connection);
		error = errno;
		if (connection->stop && connection->is_up && rc == MOSQ_ERR_SUCCESS)
			say_farewell(connection);
		if (connection->is_up && tool_now() > connection->started_ns + LASTED_NS)
			failures = 0;
		connection->is_up = false;
		if (!connection->stop) {
			int64_t ms = pause_ms(failures++);

			failure_text(connection, rc, error, reason);
			if (connection->options.events->down != NULL)
				connection->options.events->down(connection->options.data, reason,
					ms);
			mosquitto_destroy(connection->client); /* before the pause: its memory */
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

	if (header_to_properties(outgoing->header, &properties))
		rc = mosquitto_publish_v5(connection->client, &id, outgoing->topic,
			(int)outgoing->size, outgoing->payload, outgoing->qos, outgoing->retain,
			properties);
	mosquitto_property_free_all(&properties);
	/* A connection that is lost just now is heard of in the next round. */
	if (rc == MOSQ_ERR_OVERSIZE_PACKET || rc == MOSQ_ERR_PAYLOAD_SIZE)
		snprintf(reason, TEXT_REASON_MAX, "it is larger than the broker takes");
	else if (rc == MOSQ_ERR_NOMEM || rc == MOSQ_ERR_MALFORMED_UTF8 || rc == MOSQ_ERR_INVAL)
		snprintf(reason, TEXT_REASON_MAX, "%s", mosquitto_strerror(rc));
	else
		return id;
	return -1;
}

int connection_subscribe(struct connection *connection, const char *topic)
{
	int id = -1;

	mosquitto_subscribe_v5(connection->client, &id, topic, 0,
		MQTT_SUB_OPT_NO_LOCAL | MQTT_SUB_OPT_SEND_RETAIN_ALWAYS, NULL);
	return id;
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

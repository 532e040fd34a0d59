/*
 * connection_attempt.c - one connection attempt: sets up a client of libmosquitto, and handles its
 * callbacks.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "connection_state.h"
#include "monotonic.h"
#include "tool.h"
#include "translate.h"

#define KEEPALIVE_S   15   /* the broker drops a client silent for 1.5 times this */
#define REASON_DENIED 0x80 /* MQTT 5: reason codes from here on are failures */

/* The text for a reason code of MQTT 5, with the remedy if there is one. */
static const char *refusal_text(int code)
{
	switch (code) {
	case CONNACK_REFUSED_PROTOCOL_VERSION:
	case MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION:
		return "the broker supports neither MQTT 5 nor MQTT 3.1.1";
	case CONNACK_REFUSED_IDENTIFIER_REJECTED: return "the broker refuses the client's name";
	case CONNACK_REFUSED_SERVER_UNAVAILABLE: return "the broker is not ready";
	case CONNACK_REFUSED_BAD_USERNAME_PASSWORD:
	case MQTT_RC_BAD_USERNAME_OR_PASSWORD:
		return "the broker does not know this user, or the password is wrong";
	case CONNACK_REFUSED_NOT_AUTHORIZED:
	case MQTT_RC_NOT_AUTHORIZED:
		return "the broker refuses this user: user or password may be missing or wrong";
	case MQTT_RC_PACKET_TOO_LARGE: return "the broker does not accept packets of this size";
	case MQTT_RC_SERVER_SHUTTING_DOWN: return "the broker is being shut down";
	default: return mosquitto_reason_string(code);
	}
}

static void on_log(struct mosquitto *client, void *data, int level, const char *text)
{
	struct connection *connection = data;

	(void)client;
	/* OpenSSL's later error says only that the certificate could not be verified. */
	if (level == MOSQ_LOG_ERR && strstr(connection->refusal, "host name") == NULL)
		snprintf(connection->refusal, sizeof(connection->refusal), "%s%.200s",
			connection->options.address->tls ? "TLS: " : "", text);
}

static void on_connect(struct mosquitto *client, void *data, int code, int flags,
	const mosquitto_property *properties)
{
	struct connection *connection = data;
	struct connection_terms terms = {
		.qos_most = 2, .retains = true, .protocol = connection->is_old ? "3.1.1" : "5"};
	uint8_t retains = 1;

	(void)client;
	(void)flags;
	if (code != MQTT_RC_SUCCESS) {
		connection->refuses_version = code == CONNACK_REFUSED_PROTOCOL_VERSION ||
					      code == MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION;
		snprintf(connection->refusal, sizeof(connection->refusal), "%s",
			refusal_text(code));
		return;
	}
	mosquitto_property_read_int32(properties, MQTT_PROP_MAXIMUM_PACKET_SIZE, &terms.packet_most,
		false);
	mosquitto_property_read_byte(properties, MQTT_PROP_MAXIMUM_QOS, &terms.qos_most, false);
	mosquitto_property_read_byte(properties, MQTT_PROP_RETAIN_AVAILABLE, &retains, false);
	terms.retains = retains != 0;
	terms.ms = (double)(monotonic_ns() - connection->started_ns) / 1e6;
	connection->started_ns = monotonic_ns();
	connection->refusal[0] = '\0';
	connection->is_up = true;
	if (connection->is_old && !connection->is_noted && connection->options.events->note != NULL)
		connection->options.events->note(connection->options.data,
			_("this broker supports only MQTT 3.1.1: pictures arrive "
			  "without their names and checksums, other files not at all, "
			  "and the receivers cannot see whether a sender is connected"));
	connection->is_noted = connection->is_old;
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
	message_header_of_properties(&message.header, properties);
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
				? _("the broker does not allow this user to send here")
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

/* ---- the client ----------------------------------------------------------------------------- */

static int set_tls(struct mosquitto *client, const struct credentials *credentials)
{
	bool trusts_system = credentials->ca_file == NULL;

	if (trusts_system)
		mosquitto_int_option(client, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
	return mosquitto_tls_set(client, credentials->ca_file,
		trusts_system ? "/etc/ssl/certs" : NULL, credentials->cert_file,
		credentials->key_file, NULL);
}

static int set_will(struct connection *connection, const struct outgoing *will)
{
	struct mosquitto *client = connection->client;
	mosquitto_property *properties = NULL;
	int rc = MOSQ_ERR_NOMEM;

	if (will == NULL)
		return MOSQ_ERR_SUCCESS;
	if (connection->is_old || message_header_to_properties(will->header, &properties))
		rc = mosquitto_will_set_v5(client, will->topic, (int)will->size, will->payload,
			will->qos, will->retain, properties);
	if (rc != MOSQ_ERR_SUCCESS)
		mosquitto_property_free_all(&properties);
	return rc;
}

/* Creates a client with everything set, not yet connected. */
static int make_client(struct connection *connection)
{
	const struct connection_options *options = &connection->options;
	const struct credentials *credentials = options->credentials;
	struct mosquitto *client = mosquitto_new(options->id, true, connection);
	int rc = MOSQ_ERR_SUCCESS;

	connection->client = client;
	if (client == NULL)
		return MOSQ_ERR_NOMEM;
	mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION,
		connection->is_old ? MQTT_PROTOCOL_V311 : MQTT_PROTOCOL_V5);
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
	return rc == MOSQ_ERR_SUCCESS ? set_will(connection, options->will) : rc;
}

static int try_connect(const struct sockaddr *to, socklen_t size)
{
	int fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error = fd >= 0 && connect(fd, to, size) == 0 ? 0 : errno;

	if (fd >= 0)
		close(fd);
	return error;
}

/* Why no connection to this address can be made: an errno value; 0: one can. */
static int connect_error(const struct address *address)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct sockaddr_un path = {.sun_family = AF_UNIX};
	struct addrinfo *found = NULL;
	char port[8];
	int error = EHOSTUNREACH;

	if (address->transport == ADDRESS_UNIX) {
		snprintf(path.sun_path, sizeof(path.sun_path), "%.*s",
			(int)sizeof(path.sun_path) - 1, address->host);
		return try_connect((const struct sockaddr *)&path, sizeof(path));
	}
	snprintf(port, sizeof(port), "%u", address->port);
	if (getaddrinfo(address->host, port, &hints, &found) != 0)
		return error;
	for (const struct addrinfo *info = found; info != NULL && error != 0; info = info->ai_next)
		error = try_connect(info->ai_addr, info->ai_addrlen);
	freeaddrinfo(found);
	return error;
}

int connection_connect(struct connection *connection)
{
	const struct connection_options *options = &connection->options;
	mosquitto_property *properties = NULL;
	int rc = make_client(connection);

	if (rc == MOSQ_ERR_SUCCESS && options->packet_most != 0 && !connection->is_old)
		rc = mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE,
			options->packet_most);
	errno = 0;
	if (rc == MOSQ_ERR_SUCCESS)
		rc = mosquitto_connect_bind_v5(connection->client, options->address->host,
			options->address->port, KEEPALIVE_S, NULL, properties);
	/*
	 * libmosquitto 2.1 closes an already closed socket before it returns, which overwrites
	 * errno.
	 */
	if (rc == MOSQ_ERR_ERRNO && errno == EBADF)
		errno = connect_error(options->address);
	mosquitto_property_free_all(&properties);
	return rc;
}

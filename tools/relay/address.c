/* address.c - see address.h. */
#include "address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "translate.h"
#include "uri.h"
#include "utf8.h"

static bool refuse(char reason[TEXT_REASON_MAX], const char *why)
{
	snprintf(reason, TEXT_REASON_MAX, "%s", why);
	return false;
}

/* Copies `length` bytes, decoding %XX; false: no room, a bad %XX, or a NUL. */
static bool decode(char *to, size_t room, const char *from, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		char c = from[i];

		if (c == '%') {
			int high = i + 2 < length ? uri_hex_digit(from[i + 1]) : -1;
			int low = i + 2 < length ? uri_hex_digit(from[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (c == '\0' || used + 1 >= room)
			return false;
		to[used++] = c;
	}
	to[used] = '\0';
	return true;
}

static const struct scheme {
	const char *start;
	enum address_transport transport;
	bool tls;
	uint16_t port;
} schemes[] = {
	{"mqtt://", ADDRESS_TCP, false, 1883},
	{"mqtts://", ADDRESS_TCP, true, 8883},
	{"mqtt+unix://", ADDRESS_UNIX, false, 0},
};

static bool take_scheme(struct address *address, const char **url)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		const struct scheme *scheme = &schemes[i];

		if (strncmp(*url, scheme->start, strlen(scheme->start)) != 0)
			continue;
		address->transport = scheme->transport;
		address->tls = scheme->tls;
		address->port = scheme->port;
		*url += strlen(scheme->start);
		return true;
	}
	return false;
}

static bool take_user(struct address *address, const char *start, size_t length,
	char reason[TEXT_REASON_MAX])
{
	if (memchr(start, ':', length) != NULL)
		return refuse(reason,
			_("a password must not be on the command line, where every user of this "
			  "machine can read it: put it into $VITRINE_MQTT_PASSWORD, or into a file "
			  "for --password-file"));
	if (!decode(address->user, sizeof(address->user), start, length))
		return refuse(reason, _("its user name is too long or has a bad %XX"));
	return true;
}

/* Parses the host and the port, up to `end`. */
static bool take_host(struct address *address, const char *start, const char *end,
	char reason[TEXT_REASON_MAX])
{
	const char *host_end = end, *after;
	long port = address->port;

	if (start < end && *start == '[') {
		start++;
		host_end = memchr(start, ']', (size_t)(end - start));
		if (host_end == NULL)
			return refuse(reason, _("its address lacks the closing bracket"));
		after = host_end + 1;
	} else {
		const char *colon = memchr(start, ':', (size_t)(end - start));

		host_end = after = colon != NULL ? colon : end;
	}
	if (after < end) {
		char *last = NULL;

		port = *after == ':' && after[1] >= '0' && after[1] <= '9'
			       ? strtol(after + 1, &last, 10)
			       : 0;
		if (port < 1 || port > UINT16_MAX || last != end)
			return refuse(reason, _("its port is not a number from 1 to 65535"));
	}
	address->port = (uint16_t)port;
	if (!decode(address->host, sizeof(address->host), start, (size_t)(host_end - start)) ||
		address->host[0] == '\0')
		return refuse(reason, _("it has no host, or one that is too long"));
	return true;
}

/* The path of a UNIX socket, up to `end`. */
static bool take_socket(struct address *address, const char *start, const char *end,
	char reason[TEXT_REASON_MAX])
{
	const struct sockaddr_un *limit = NULL;

	if (!decode(address->host, sizeof(limit->sun_path), start, (size_t)(end - start)) ||
		address->host[0] != '/')
		return refuse(reason,
			_("give the path of the socket with %2F instead of each slash: "
			  "mqtt+unix://%2Frun%2Fmosquitto.sock/TOPIC"));
	return true;
}

static bool is_text(const char *text)
{
	while (*text != '\0') {
		const char *start = text;
		uint32_t character = utf8_next(&text);

		if (character == 0xfffd || (unsigned char)*start < 0x20 || *start == 0x7f)
			return false;
	}
	return true;
}

/* + and # stand for whole levels, # for the last ones. */
static bool check_wildcards(struct address *address, char reason[TEXT_REASON_MAX])
{
	const char *level = address->topic;

	while (level != NULL) {
		const char *slash = strchr(level, '/');
		size_t length = slash != NULL ? (size_t)(slash - level) : strlen(level);
		const char *wild = strpbrk(level, "+#");

		if (wild != NULL && wild < level + length) {
			address->is_filter = true;
			if (length != 1)
				return refuse(reason,
					_("+ and # stand for whole levels of a topic: a/+/b, a/#"));
			if (*wild == '#' && slash != NULL)
				return refuse(reason,
					_("# must be the last level of a topic: a/#"));
		}
		level = slash != NULL ? slash + 1 : NULL;
	}
	return true;
}

static bool take_topic(struct address *address, const char *start, char reason[TEXT_REASON_MAX])
{
	const char *topic = address->topic;

	if (!decode(address->topic, sizeof(address->topic), start, strlen(start)))
		return refuse(reason, _("its topic is too long or has a bad %XX"));
	if (topic[0] == '\0')
		return refuse(reason, _("it names no topic: give mqtt://HOST/TOPIC"));
	if (topic[0] == '$')
		return refuse(reason, _("topics that start with $ belong to the broker"));
	if (!is_text(topic))
		return refuse(reason, _("its topic is not valid UTF-8 or has control characters"));
	if (!check_wildcards(address, reason))
		return false;
	if (topic[strlen(topic) - 1] != '#')
		snprintf(address->status, sizeof(address->status), "%s" ADDRESS_STATUS, topic);
	return true;
}

bool address_parse(struct address *address, const char *url, char reason[TEXT_REASON_MAX])
{
	const char *slash, *at;

	memset(address, 0, sizeof(*address));
	if (strncmp(url, "ws://", 5) == 0 || strncmp(url, "wss://", 6) == 0)
		return refuse(reason,
			_("WebSockets are not supported: use the broker's port for MQTT, mqtt://HOST/TOPIC "
			  "(1883) or mqtts://HOST/TOPIC (8883); if a firewall is in between, tunnel it: ssh "
			  "-L 1883:BROKER:1883 GATEWAY, and mqtt://localhost/TOPIC"));
	if (!take_scheme(address, &url))
		return refuse(reason, _("give mqtt://HOST/TOPIC, mqtts://HOST/TOPIC with TLS, or "
					"mqtt+unix://%2FPATH/TOPIC"));
	slash = strchr(url, '/');
	if (slash == NULL)
		return refuse(reason, _("it names no topic: give mqtt://HOST/TOPIC"));
	at = memchr(url, '@', (size_t)(slash - url));
	if (at != NULL && !take_user(address, url, (size_t)(at - url), reason))
		return false;
	at = at != NULL ? at + 1 : url;
	return (address->transport == ADDRESS_UNIX ? take_socket(address, at, slash, reason)
						   : take_host(address, at, slash, reason)) &&
	       take_topic(address, slash + 1, reason);
}

char *address_label(const struct address *address, const char *topic, char label[ADDRESS_LABEL_MAX])
{
	const char *filter = address->topic;

	label[0] = '\0';
	while (address->is_filter && *filter != '\0' && *filter != '#') {
		size_t length = strcspn(topic, "/");

		if (*filter == '+')
			text_append(label, ADDRESS_LABEL_MAX, "%s%.*s", label[0] != '\0' ? "-" : "",
				(int)length, topic);
		topic += length + (topic[length] == '/');
		filter += strcspn(filter, "/");
		filter += *filter == '/';
	}
	if (!address->is_filter || *filter == '#')
		text_append(label, ADDRESS_LABEL_MAX, "%s%s", label[0] != '\0' ? "-" : "", topic);
	if (label[0] == '\0') /* a/# stands for a, too */
		snprintf(label, ADDRESS_LABEL_MAX, "%.*s", ADDRESS_LABEL_MAX - 1, address->topic);
	for (char *c = label; *c != '\0'; c++)
		if (*c == '/')
			*c = '-';
	return label;
}

/*
 * main.c - vitrine-relay, which `vitrine relay` executes: parses the options and starts one of its
 * functions. A program of its own, so that no other program loads libmosquitto.
 *
 *     vitrine relay --to mqtt://broker/class/7b
 *     vitrine relay --from mqtt://broker/class/7b
 */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "relay.h"
#include "signals.h"
#include "translate.h"

#define SERVE_PORT      1883
#define SERVE_PAGE_PORT 8080

enum {
	KEY_TO = 0x3000,
	KEY_FROM,
	KEY_CHECK,
	KEY_SERVE,
	KEY_PAGE_PORT,
	KEY_QUALITY,
	KEY_MAX_SIZE,
	KEY_FIELD,
	KEY_PER_TOPIC,
	KEY_CAFILE,
	KEY_CERT,
	KEY_CERTKEY,
	KEY_USER,
	KEY_PASSWORD_FILE,
};

static const struct argp_option table[] = {
	{"to", KEY_TO, "URL", 0,
		N_("Send the newest image, whenever it changes, to this URL: "
		   "mqtt://[USER@]HOST[:PORT]/TOPIC, or mqtts:// with TLS. The images stay in "
		   "the channel for its consumers"),
		0},
	{"from", KEY_FROM, "URL", 0,
		N_("Publish the images received from this URL in the channel. The topic of "
		   "the URL may contain the wildcards + (one level) and # (all levels below)"),
		0},
	{"check", KEY_CHECK, "URL", 0,
		N_("Test the connection to this URL, report what works and "
		   "what does not, and exit"),
		0},
	{"serve", KEY_SERVE, "ADDRESS:PORT", OPTION_ARG_OPTIONAL,
		N_("Start Mosquitto on this machine, send to it as with --to, and print the "
		   "command for the viewers. Anyone who can connect to the port may read; "
		   "only this relay may write. Mosquitto ends with the relay. Default: all "
		   "addresses, port 1883"),
		0},
	{"page-port", KEY_PAGE_PORT, "NUMBER", 0,
		N_("With --serve: use this port for the page that shows the newest picture in "
		   "a browser. Default: 8080"),
		0},
	{"quality", KEY_QUALITY, "NUMBER", 0,
		N_("With --to or --serve: send opaque pixels as JPEG of this quality, 1 to "
		   "100. Default: PNG"),
		0},
	{"max-size", KEY_MAX_SIZE, "SIZE", 0,
		N_("With --from: refuse pictures larger than SIZE; suffixes K, M, G. Default: "
		   "64M"),
		0},
	{"field", KEY_FIELD, "PATH", 0,
		N_("With --from: take the picture, in base64, from this field of JSON "
		   "messages, such as image or camera.image"),
		0},
	{"per-topic", KEY_PER_TOPIC, "NUMBER", OPTION_ARG_OPTIONAL,
		N_("With --from and wildcards: publish each topic in its own channel, and at "
		   "most NUMBER topics. The key is the text that the wildcards match, such as "
		   "front; with `--key cams`, it is cams.front. Default: 16"),
		0},
	{"user", KEY_USER, "NAME", 0,
		N_("Log in with this user name. Default: the one in the URL, then "
		   "$VITRINE_MQTT_USER"),
		0},
	{"password-file", KEY_PASSWORD_FILE, "FILE", 0,
		N_("Read the password from the first line of FILE. Default: "
		   "$VITRINE_MQTT_PASSWORD"),
		0},
	{"cafile", KEY_CAFILE, "FILE", 0,
		N_("With mqtts: trust brokers certified by the CAs in FILE. Default: the "
		   "system's CAs"),
		0},
	{"cert", KEY_CERT, "FILE", 0,
		N_("With mqtts: present the certificate in FILE, if the broker asks for one"), 0},
	{"certkey", KEY_CERTKEY, "FILE", 0,
		N_("With mqtts: read the private key of --cert from FILE"), 0},
	{0},
};

struct arguments {
	struct common_options common;
	struct relay relay;
	int (*run)(const struct relay *relay);
	const char *url;
	bool has_page_port;
};

static void set_mode(struct argp_state *state, int (*run)(const struct relay *relay),
	const char *url)
{
	struct arguments *arguments = state->input;

	if (arguments->run != NULL)
		argp_error(state, _("give exactly one of --to, --from, --serve and --check"));
	arguments->run = run;
	arguments->url = url;
}

static void parse_quality(struct argp_state *state, const char *text)
{
	struct arguments *arguments = state->input;
	char *end;
	long quality = strtol(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || quality < 1 || quality > 100)
		argp_error(state, _("--quality %s: give a number from 1 to 100"), text);
	arguments->relay.quality = (int)quality;
}

static void parse_per_topic(struct argp_state *state, const char *text)
{
	struct arguments *arguments = state->input;
	char *end;
	unsigned long number = RELAY_CHANNELS_DEFAULT;

	if (text != NULL) {
		number = strtoul(text, &end, 10);
		if (*text < '0' || *text > '9' || *end != '\0' || number < 1 ||
			number > RELAY_CHANNELS_MOST)
			argp_error(state, _("--per-topic=%s: give a number from 1 to %u"), text,
				RELAY_CHANNELS_MOST);
	}
	arguments->relay.per_topic = (unsigned)number;
}

static uint16_t parse_port(struct argp_state *state, const char *text)
{
	char *end;
	long port = strtol(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || port < 1 || port > UINT16_MAX)
		argp_error(state, _("%s: give a port from 1 to 65535"), text);
	return (uint16_t)port;
}

/* "", "1883", "192.168.1.5", ":1883", "192.168.1.5:1883", "[::1]:1883" */
static void parse_serve(struct argp_state *state, const char *text)
{
	struct address *address = &((struct arguments *)state->input)->relay.address;
	char url[ADDRESS_HOST_MAX + 32], reason[TEXT_REASON_MAX];

	memset(address, 0, sizeof(*address));
	address->port = SERVE_PORT;
	if (*text == ':' || (*text != '\0' && strspn(text, "0123456789") == strlen(text))) {
		address->port = parse_port(state, text + (*text == ':'));
	} else if (*text != '\0') {
		snprintf(url, sizeof(url), "mqtt://%.250s/x", text);
		if (strpbrk(text, "/@") != NULL || !address_parse(address, url, reason))
			argp_error(state, _("--serve=%s: give ADDRESS:PORT, ADDRESS or PORT"),
				text);
	}
}

/* Checks options that belong to one of the modes. */
static void check_mode(struct argp_state *state)
{
	const struct arguments *arguments = state->input;
	const struct relay *relay = &arguments->relay;

	if (relay->quality != 0 && arguments->run != relay_send && arguments->run != relay_serve)
		argp_error(state, _("--quality requires --to or --serve"));
	else if (arguments->has_page_port && arguments->run != relay_serve)
		argp_error(state, _("--page-port requires --serve"));
	else if (relay->field != NULL && arguments->run != relay_receive)
		argp_error(state, _("--field requires --from"));
	else if (relay->per_topic != 0 &&
		 (arguments->run != relay_receive || !relay->address.is_filter))
		argp_error(state, _("--per-topic requires --from with a topic that has + or #"));
	else if (arguments->run == relay_send && relay->address.is_filter)
		argp_error(state,
			_("+ and # stand for many topics: give --to the one topic to send to"));
}

/* Checks options that depend on each other. */
static void check_all(struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct relay *relay = &arguments->relay;
	char reason[TEXT_REASON_MAX];

	if (arguments->run == NULL)
		argp_error(state,
			_("give --to, --from or --check with mqtt://HOST/TOPIC, or --serve"));
	else if (arguments->run == relay_serve)
		parse_serve(state, arguments->url != NULL ? arguments->url : "");
	else if (!address_parse(&relay->address, arguments->url, reason))
		argp_error(state, "%s", reason);
	if (!relay->address.tls &&
		(relay->credentials.ca_file != NULL || relay->credentials.cert_file != NULL ||
			relay->credentials.key_file != NULL))
		argp_error(state, _("certificates require mqtts://"));
	else if ((relay->credentials.cert_file == NULL) != (relay->credentials.key_file == NULL))
		argp_error(state, _("--cert and --certkey must be given together"));
	else
		check_mode(state);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct credentials *credentials = &arguments->relay.credentials;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &arguments->common; break;
	case KEY_TO: set_mode(state, relay_send, text); break;
	case KEY_FROM: set_mode(state, relay_receive, text); break;
	case KEY_CHECK: set_mode(state, relay_check, text); break;
	case KEY_SERVE: set_mode(state, relay_serve, text); break;
	case KEY_PAGE_PORT:
		arguments->relay.page_port = parse_port(state, text);
		arguments->has_page_port = true;
		break;
	case KEY_QUALITY: parse_quality(state, text); break;
	case KEY_MAX_SIZE:
		if (!options_size(text, RELAY_MESSAGE_MOST + 65536 + 1, &arguments->relay.most))
			argp_error(state, _("--max-size %s: give bytes, such as 16M, up to 256M"),
				text);
		break;
	case KEY_FIELD: arguments->relay.field = text; break;
	case KEY_PER_TOPIC: parse_per_topic(state, text); break;
	case KEY_CAFILE: credentials->ca_file = text; break;
	case KEY_CERT: credentials->cert_file = text; break;
	case KEY_CERTKEY: credentials->key_file = text; break;
	case KEY_USER: credentials->user_option = text; break;
	case KEY_PASSWORD_FILE: credentials->password_file = text; break;
	case ARGP_KEY_ARG:
		if (arguments->run == relay_serve && arguments->url == NULL)
			arguments->url = text;
		else
			argp_error(state, _("%s: give one of --to, --from and --check before it"),
				text);
		break;
	case ARGP_KEY_END: check_all(state); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_channel_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.doc = N_("Sends the newest image of a channel to other machines through an MQTT "
		  "broker such as Mosquitto: run --to on the sender's machine and --from on "
		  "each viewer's machine; --serve is --to with a broker of its own.\vFiles "
		  "are sent unchanged, pixels as PNG or JPEG. The broker retains the newest "
		  "picture: viewers who join later see it at once. Both sides reconnect by "
		  "themselves when the broker can be reached again. Any MQTT client can be "
		  "the other end: `mosquitto_pub -r -t TOPIC -f photo.jpg`. Exit status: 0 a "
		  "signal ended the relay, or --check found no problem that stops the "
		  "pictures, 1 the relay could not continue, or --check found such a "
		  "problem, 2 wrong usage.\n"),
	.children = children,
};

int main(int argc, char **argv)
{
	struct arguments arguments = {
		.relay = {.most = RELAY_SIZE_DEFAULT, .page_port = SERVE_PAGE_PORT}};
	struct relay *relay = &arguments.relay;
	char reason[TEXT_REASON_MAX];
	struct tool tool;
	int rc;

	translate_start();
	signals_block();
	options_parse(&argp, argc, argv, &arguments);
	rc = tool_start(&tool, argv[0], &arguments.common);
	if (rc == COMMAND_OK && !credentials_find(&relay->credentials, &relay->address, reason)) {
		log_error(&tool.log, _("cannot log in"), reason);
		rc = COMMAND_FAILED;
	}
	if (rc == COMMAND_OK) {
		relay->tool = &tool;
		relay->memory = arguments.common.memory;
		if (relay->most > RELAY_MESSAGE_MOST)
			relay->most = RELAY_MESSAGE_MOST;
		rc = arguments.run(relay);
	}
	credentials_forget(&relay->credentials);
	tool_end(&tool);
	return rc;
}

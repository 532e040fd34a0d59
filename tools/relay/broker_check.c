/*
 * broker_check.c - vitrine relay --check: checks the way from here to the pictures, and reports on
 * one screen what works and what does not, with a remedy for each problem. It disturbs no other
 * client: it reads what the broker retains, and tests write permission with an empty message on
 * TOPIC/status, which all relays ignore.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "announcement.h"
#include "command.h"
#include "connection.h"
#include "format.h"
#include "monotonic.h"
#include "relay.h"
#include "text.h"
#include "text_message.h"
#include "translate.h"

#define ANSWER_NS INT64_C(20000000000) /* time limit for all answers of the broker */
#define CLOCK_NS  (ANNOUNCEMENT_EVERY_NS + INT64_C(2000000000))
#define SKEW_MS   2000

enum permission { NOT_ASKED, GRANTED, DENIED };

/* The results; the connection's thread writes them, holding the lock. */
struct findings {
	bool is_up, has_failed;
	bool is_complete; /* all retained messages have arrived */
	char failure[TEXT_REASON_MAX];
	struct connection_terms terms;
	enum permission reading, writing;
	bool has_picture;
	unsigned pictures; /* with wildcards: messages */
	bool is_image;
	char no_image[TEXT_REASON_MAX]; /* why the message contains no image; "": unknown */
	size_t picture_size;
	struct message_header picture;
	enum announcement announcement;
	struct message_header sender;
	bool has_clock;  /* an announcement arrived that was just published */
	int64_t skew_ms; /* by how much our clock is ahead of the sender's */
};

struct check {
	const struct relay *relay;
	struct connection *connection;
	int woken;
	int topic_id, probe_id;
	unsigned warnings, stops;
	pthread_mutex_t lock;
	struct findings found;
};

/* ---- the connection's thread ---------------------------------------------------------------- */

static void on_up(void *data, const struct connection_terms *terms)
{
	static const struct message_header none;
	struct check *check = data;
	const struct address *address = &check->relay->address;
	const struct outgoing probe = {
		.topic = address->status, .payload = "", .qos = 1, .header = &none};
	char reason[TEXT_REASON_MAX];

	pthread_mutex_lock(&check->lock);
	check->found.is_up = true;
	check->found.terms = *terms;
	pthread_mutex_unlock(&check->lock);
	if (address->status[0] != '\0')
		connection_subscribe(check->connection, address->status);
	check->topic_id = connection_subscribe(check->connection, address->topic);
	/* The broker answers in order: retained messages come before its answer to this. */
	check->probe_id = address->is_filter
				  ? connection_subscribe(check->connection, address->topic)
				  : connection_publish(check->connection, &probe, reason);
}

static void on_down(void *data, const char *reason, int64_t pause_ms)
{
	struct check *check = data;

	(void)pause_ms;
	pthread_mutex_lock(&check->lock);
	if (!check->found.has_failed)
		strcpy(check->found.failure, reason);
	check->found.has_failed = true;
	pthread_mutex_unlock(&check->lock);
	eventfd_write(check->woken, 1);
}

static void on_subscribed(void *data, int id, bool is_granted)
{
	struct check *check = data;

	pthread_mutex_lock(&check->lock);
	if (id == check->topic_id)
		check->found.reading = is_granted ? GRANTED : DENIED;
	check->found.is_complete |= id == check->probe_id;
	pthread_mutex_unlock(&check->lock);
	eventfd_write(check->woken, 1);
}

static void on_sent(void *data, int id, const char *refusal)
{
	struct check *check = data;

	if (id != check->probe_id)
		return;
	pthread_mutex_lock(&check->lock);
	check->found.writing = refusal == NULL ? GRANTED : DENIED;
	check->found.is_complete = true;
	pthread_mutex_unlock(&check->lock);
	eventfd_write(check->woken, 1);
}

/* True if the message is an image or, as text, contains one that --from takes without --field. */
static bool has_image(const struct message *message, char reason[TEXT_REASON_MAX])
{
	char *text = malloc(message->size + 1);
	size_t size = message->size;
	void *bytes = NULL;
	bool has =
		format_is_decoded(format_of(message->payload, message->size, message->header.name));

	reason[0] = '\0';
	if (!has && text != NULL) {
		memcpy(text, message->payload, message->size);
		text[message->size] = '\0';
		has = text_message_image(text, message->size, NULL, &bytes, &size, reason) ==
		      TEXT_MESSAGE_DONE;
		free(bytes);
	}
	free(text);
	return has;
}

static void on_message(void *data, const struct message *message)
{
	struct check *check = data;
	struct findings *found = &check->found;
	enum announcement announcement = announcement_of_word(message->payload, message->size);

	pthread_mutex_lock(&check->lock);
	if (connection_matches(check->relay->address.topic, message->topic) &&
		(announcement == ANNOUNCEMENT_UNKNOWN || message->header.sender[0] == '\0' ||
			!check->relay->address.is_filter)) {
		found->pictures += message->size > 0 && !found->is_complete;
		found->has_picture = message->size > 0;
		found->picture_size = message->size;
		found->picture = message->header;
		found->is_image = has_image(message, found->no_image);
	} else if (announcement != ANNOUNCEMENT_UNKNOWN && message->header.sender[0] != '\0') {
		found->announcement = announcement;
		found->sender = message->header;
		if (!message->is_retained && message->header.published_ms != 0) {
			found->has_clock = true;
			found->skew_ms = (int64_t)announcement_now_ms() -
					 (int64_t)message->header.published_ms;
		}
	}
	pthread_mutex_unlock(&check->lock);
	eventfd_write(check->woken, 1);
}

static const struct connection_events events = {
	.up = on_up,
	.down = on_down,
	.message = on_message,
	.sent = on_sent,
	.subscribed = on_subscribed,
};

/* ---- the report ----------------------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static void say(const char *level, const char *what,
	const char *format, ...)
{
	char text[1024], printable[1024];
	va_list arguments;

	va_start(arguments, format);
	printf("%-4s  %s: ", level, what);
	vsnprintf(text, sizeof(text), format, arguments);
	puts(text_printable(printable, sizeof(printable), text));
	va_end(arguments);
}

static void cure(const char *text)
{
	printf(_("      fix: %s\n"), text);
}

static void warn(struct check *check, const char *what, const char *why, const char *remedy)
{
	check->warnings++;
	say("warn", what, "%s", why);
	cure(remedy);
}

static void stop(struct check *check, const char *what, const char *why, const char *remedy)
{
	check->stops++;
	say("STOP", what, "%s", why);
	cure(remedy);
}

/* The remedies for failures, found by a word in their text. */
static const struct remedy {
	const char *word; /* in the failure */
	const char *text;
} remedies[] = {
	{"host name",
		N_("use the host that the broker's certificate names: `openssl s_client -connect "
		   "HOST:PORT` shows it")},
	{"certificate verify",
		N_("--cafile must contain the certificate of the CA that signed the "
		   "broker's, which must be valid today, and this machine's clock must be "
		   "right")},
	{"certificate required",
		N_("this broker requires a client certificate: give --cert and --certkey")},
	{"wrong version number",
		N_("this port does not use TLS: use mqtt:// instead of mqtts://, or "
		   "port 8883")},
	{"unexpected eof", N_("perhaps this port does not use TLS (mqtts:// usually needs port "
			      "8883, mqtt:// 1883), or the broker requires a client certificate: "
			      "give --cert and --certkey")},
	{"TLS: ", N_("compare what the two sides support: `openssl s_client -connect HOST:PORT`")},
	{"password", N_("give --user NAME, and the password in $VITRINE_MQTT_PASSWORD or "
			"--password-file")},
	{"refuses this user", N_("give --user NAME, and the password in $VITRINE_MQTT_PASSWORD or "
				 "--password-file")},
	{"refused", N_("start the broker there (systemctl start mosquitto), let it accept "
		       "connections from other machines (mosquitto.conf: listener 1883), or "
		       "check the port: 1883, with TLS 8883")},
	{"no host", N_("check the name, and whether ping reaches the host")},
	{"No such file",
		N_("check the path; the broker creates the socket: mosquitto.conf: listener 0 "
		   "/PATH")},
	{"Permission denied", N_("the user needs the right to write to the socket")},
	{"unreachable", N_("check the network: does ping reach the host?")},
	{"No route",
		N_("check the network: does ping reach the host? A firewall may be in between")},
	{"timed out",
		N_("check the address, whether ping reaches the host, and whether a firewall is in "
		   "between")},
	{"larger", "mosquitto.conf: max_packet_size"},
	{"packets of this size", "mosquitto.conf: max_packet_size"},
	{"not ready", N_("wait, and look at the broker's log")},
	{"shut down", N_("wait, and look at the broker's log")},
};

static const char *connection_cure(const struct check *check, const char *failure)
{
	const struct address *address = &check->relay->address;

	for (size_t i = 0; i < sizeof(remedies) / sizeof(*remedies); i++)
		if (strstr(failure, remedies[i].word) != NULL)
			return gettext(remedies[i].text);
	if (address->tls)
		return _("check whether this port uses TLS: mqtts:// usually needs port 8883, "
			 "mqtt:// port 1883");
	return _(
		"check whether this port accepts MQTT: one with TLS (usually 8883) needs mqtts://");
}

static void report_limits(struct check *check)
{
	const struct connection_terms *terms = &check->found.terms;
	char size[TEXT_SIZE_MAX];

	if (!terms->retains)
		warn(check, "limits",
			_("the broker retains no messages: viewers who join later see nothing until "
			  "the next picture"),
			"mosquitto.conf: retain_available true");
	if (terms->qos_most < 1)
		warn(check, "limits",
			_("the broker does not support QoS 1: pictures may be lost on "
			  "the way"),
			"mosquitto.conf: max_qos 1");
	if (terms->packet_most != 0 && terms->packet_most < check->relay->most)
		say("ok", "limits",
			_("it accepts pictures of up to %s, no larger ones (mosquitto.conf: "
			  "max_packet_size)"),
			text_size(size, terms->packet_most));
	else
		say("ok", "limits", _("it accepts pictures of %s"),
			text_size(size, check->relay->most));
}

static void report_picture(struct check *check)
{
	const struct findings *found = &check->found;
	const struct message_header *picture = &found->picture;
	const char *topic = check->relay->address.topic;
	char size[TEXT_SIZE_MAX], why[ADDRESS_TOPIC_MAX + TEXT_REASON_MAX + 128];

	if (found->reading == DENIED) {
		stop(check, "topic", _("the broker does not allow this user to read it"),
			_("add a line such as `topic read class/#` for this user to "
			  "the broker's acl_file"));
		return;
	}
	if (found->has_picture && !found->is_image && !message_header_is_complete(picture)) {
		snprintf(why, sizeof(why),
			found->no_image[0] != '\0' ? _("the message in %s (%s) is not an image: %s")
						   : _("the message in %s (%s) is not an image"),
			topic, text_size(size, found->picture_size), found->no_image);
		warn(check, "topic", why,
			_("check whether this is the topic that pictures are sent "
			  "to; pictures in JSON are read with --field"));
	} else if (found->has_picture && check->relay->address.is_filter) {
		say("ok", "topic",
			ngettext("%s has %u message, %s, %s", "%s has %u messages, the last %s, %s",
				found->pictures),
			topic, found->pictures,
			picture->media_type[0] != '\0' ? picture->media_type : _("an image"),
			text_size(size, found->picture_size));
	} else if (found->has_picture) {
		say("ok", "topic", _("%s has \"%s\", %s, %s"), topic,
			picture->name[0] != '\0' ? picture->name : _("a picture without a name"),
			picture->media_type[0] != '\0' ? picture->media_type : _("an image"),
			text_size(size, found->picture_size));
	} else if (found->sender.bytes > check->relay->most) {
		snprintf(why, sizeof(why),
			_("the picture in %s has %s, more than --max-size allows"), topic,
			text_size(size, found->sender.bytes));
		warn(check, "topic", why, _("give --max-size 256M"));
	} else {
		snprintf(why, sizeof(why),
			_("no picture is retained in %s: nothing has been sent yet, or this user "
			  "may not read it"),
			topic);
		warn(check, "topic", why,
			_("compare the topic with the sender's, letter by letter; then let the "
			  "sender press Space"));
	}
}

static void report_sender(struct check *check)
{
	const struct findings *found = &check->found;
	const char *sender = found->sender.sender;

	switch (found->announcement) {
	case ANNOUNCEMENT_HERE: say("ok", "sender", _("%s is connected"), sender); break;
	case ANNOUNCEMENT_LEFT:
		warn(check, "sender", _("the sender has left"),
			_("run vitrine relay --to on the sender's machine"));
		break;
	case ANNOUNCEMENT_LOST:
		warn(check, "sender",
			_("the broker has lost the connection to the sender: the "
			  "sender's machine or network is down"),
			_("the sender's relay reconnects automatically"));
		break;
	case ANNOUNCEMENT_UNKNOWN:
		say("ok", "sender",
			_("no relay has announced itself; pictures may come from any client"));
		break;
	}
	if (found->writing == GRANTED)
		say("ok", "rights", _("this user may send as well"));
	else if (found->writing == DENIED)
		say("ok", "rights",
			_("this user may only read: right for a student, and for --from"));
}

static void report_clock(struct check *check)
{
	const struct findings *found = &check->found;
	int64_t skew = found->skew_ms;
	char why[128];

	if (found->announcement == ANNOUNCEMENT_HERE && !found->has_clock) {
		warn(check, "clock",
			_("the sender announced itself earlier, but sends nothing now"),
			_("check whether the sender's machine is asleep; the broker may not have "
			  "noticed yet"));
	} else if (!found->has_clock && found->picture.published_ms > announcement_now_ms()) {
		warn(check, "clock",
			_("the picture was published in the future: one clock is wrong"),
			_("timedatectl set-ntp true, on both machines"));
	} else if (found->has_clock && (skew > SKEW_MS || skew < -SKEW_MS)) {
		snprintf(why, sizeof(why),
			skew < 0 ? _("this machine's clock is %.1f s behind the sender's")
				 : _("this machine's clock is %.1f s ahead of the sender's"),
			(double)(skew < 0 ? -skew : skew) / 1000);
		warn(check, "clock", why, _("timedatectl set-ntp true, on both machines"));
	} else if (found->has_clock) {
		say("ok", "clock", _("within %" PRId64 " ms of the sender's"),
			skew < 0 ? -skew + 1 : skew + 1);
	}
}

static int report(struct check *check)
{
	const struct findings *found = &check->found;
	const struct relay *relay = check->relay;

	if (!found->is_up) {
		stop(check, "broker", found->has_failed ? found->failure : _("it does not answer"),
			connection_cure(check, found->failure));
	} else {
		say("ok", "broker",
			relay->address.tls ? _("%s:%u answers in %.1f ms, over TLS")
					   : _("%s:%u answers in %.1f ms"),
			relay->address.host, relay->address.port, found->terms.ms);
		if (strcmp(found->terms.protocol, "5") != 0)
			warn(check, "protocol",
				_("the broker supports only MQTT 3.1.1: names, checksums and the "
				  "sender's presence do not get through"),
				_("use a broker that supports MQTT 5, such as "
				  "Mosquitto since version 1.6"));
		if (relay->credentials.user[0] != '\0')
			say("ok", "login", _("as \"%s\""), relay->credentials.user);
		else
			say("ok", "login", _("the broker requires none"));
		report_limits(check);
		report_picture(check);
		report_sender(check);
		report_clock(check);
		if (found->has_failed)
			stop(check, "broker", found->failure, _("see the broker's log"));
	}
	printf(_("problems that would stop the pictures: %u; warnings: %u\n"), check->stops,
		check->warnings);
	return check->stops > 0 ? COMMAND_FAILED : COMMAND_OK;
}

/* ---- the main thread ------------------------------------------------------------------------ */

/* True once everything expected has arrived, or further waiting is useless. */
static bool is_complete(struct check *check, int64_t started_ns)
{
	const struct findings *found = &check->found;
	bool is_complete;

	pthread_mutex_lock(&check->lock);
	is_complete = found->has_failed ||
		      (found->is_up && found->is_complete &&
			      (found->announcement != ANNOUNCEMENT_HERE || found->has_clock ||
				      monotonic_ns() > started_ns + CLOCK_NS));
	pthread_mutex_unlock(&check->lock);
	return is_complete || monotonic_ns() > started_ns + ANSWER_NS;
}

static int run(struct check *check)
{
	const struct relay *relay = check->relay;
	struct tool *tool = relay->tool;
	char id[HEADER_SENDER_MAX];
	const struct connection_options options = {
		.address = &relay->address,
		.credentials = &relay->credentials,
		.events = &events,
		.data = check,
		.id = connection_make_id(id),
		.packet_most = (uint32_t)relay->most + 65536,
	};
	int64_t started_ns = monotonic_ns();
	eventfd_t ignored;
	int error;

	check->connection = connection_create(&options);
	error = check->connection != NULL ? connection_start(check->connection) : errno;
	if (error != 0) {
		log_error(&tool->log, _("cannot start"), strerror(error));
		return COMMAND_FAILED;
	}
	while (!is_complete(check, started_ns) && !tool_interrupted(tool))
		if (tool_ready_within(tool, check->woken, POLLIN, INT64_C(250000000)))
			eventfd_read(check->woken, &ignored);
	if (!connection_destroy(check->connection, NULL)) {
		report(check);
		fflush(stdout);
		_exit(COMMAND_FAILED); /* its thread still uses these variables */
	}
	if (tool_interrupted(tool)) {
		log_error(&tool->log, _("interrupted"), _("the check was not finished"));
		return COMMAND_FAILED;
	}
	return report(check);
}

int relay_check(const struct relay *relay)
{
	struct check check = {.relay = relay, .woken = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	int rc;

	pthread_mutex_init(&check.lock, NULL);
	rc = run(&check);
	pthread_mutex_destroy(&check.lock);
	close(check.woken);
	return rc;
}

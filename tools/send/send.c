/*
 * send.c - vitrine send: the options, and the files in their order.
 *
 *     vitrine send report.pdf photo.jpg
 *     tar c src | vitrine send -m -
 *     ffmpeg -i film.mp4 -f yuv4mpegpipe - | vitrine send --stream -
 */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "decoder.h"
#include "digest.h"
#include "live_options.h"
#include "send_stream.h"
#include "sender.h"
#include "translate.h"

enum {
	KEY_CHECKSUM = 0x3000,
	KEY_AS_PIXELS,
	KEY_STRICT,
	KEY_STILL,
	KEY_WHEN_FULL,
	KEY_TIMEOUT,
	KEY_STREAM
};

static const struct argp_option table[] = {
	{"md5", 'm', NULL, 0, N_("Same as --checksum=md5; vitrine recv -m verifies the checksum"),
		0},
	{"checksum", KEY_CHECKSUM, "KIND", 0,
		N_("Store a checksum with each file: \"md5\" or \"xxh3\""), 0},
	{"as-pixels", KEY_AS_PIXELS, NULL, 0,
		N_("Decode images and publish their pixels, as vitrine-producer does"), 0},
	{"strict", KEY_STRICT, NULL, 0,
		N_("With --as-pixels: refuse an incomplete or damaged image instead of sending the "
		   "part that can be decoded"),
		0},
	{"still", KEY_STILL, NULL, 0,
		N_("With --as-pixels: send only the first frame of an animated image instead of "
		   "playing it"),
		0},
	{"stream", KEY_STREAM, NULL, 0,
		N_("Read a sequence of frames (YUV4MPEG2; PNM, PAM, JPEG, PNG, BMP, WebP or "
		   "QOI images; multipart/x-mixed-replace; raw with --size and --format) and "
		   "publish each one"),
		0},
	{"when-full", KEY_WHEN_FULL, "WHAT", 0,
		N_("If no slot is free, wait (\"wait\"), drop the oldest waiting image "
		   "(\"drop-oldest\"), or do not send this one (\"fail\"). Default: wait; for "
		   "streams from a pipe and for animations, drop-oldest"),
		0},
	{"timeout", KEY_TIMEOUT, "SECONDS", 0,
		N_("Wait for a free slot for at most this long, in seconds. Default: no limit"), 0},
	{0},
};

struct arguments {
	struct common_options common;
	struct sender sender;
	struct live_choice live;
	bool is_stream;
	char **paths;
	int count;
};

static void parse_when_full(struct argp_state *state, const char *text, struct sender *sender)
{
	if (strcmp(text, "wait") == 0)
		sender->when_full = VITRINE_WAIT;
	else if (strcmp(text, "drop-oldest") == 0)
		sender->when_full = VITRINE_DROP_OLDEST;
	else if (strcmp(text, "fail") == 0)
		sender->when_full = VITRINE_FAIL;
	else
		argp_error(state, _("--when-full %s: give wait, drop-oldest or fail"), text);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->common;
		state->child_inputs[1] = &arguments->live;
		break;
	case 'm': arguments->sender.checksum = VITRINE_MD5; break;
	case KEY_CHECKSUM:
		if (!digest_kind(text, &arguments->sender.checksum))
			argp_error(state, _("--checksum %s: give md5 or xxh3"), text);
		break;
	case KEY_AS_PIXELS: arguments->sender.as_pixels = true; break;
	case KEY_STRICT: arguments->sender.is_strict = true; break;
	case KEY_STILL: arguments->sender.is_still = true; break;
	case KEY_STREAM: arguments->is_stream = true; break;
	case KEY_WHEN_FULL:
		arguments->sender.has_when_full = true;
		parse_when_full(state, text, &arguments->sender);
		break;
	case KEY_TIMEOUT:
		if (!tool_seconds(text, &arguments->sender.timeout_ns))
			argp_error(state, _("--timeout %s: give seconds, such as 2 or 0.5"), text);
		break;
	case ARGP_KEY_ARGS: arguments->paths = options_paths(state, &arguments->count); break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, _("name the files to send, or - for standard input"));
		break;
	case ARGP_KEY_SUCCESS:
		if (arguments->live.format != 0 && !arguments->is_stream)
			argp_error(state, _("--size and --format require --stream"));
		if (arguments->sender.is_strict && !arguments->sender.as_pixels)
			argp_error(state, _("--strict requires --as-pixels"));
		if (arguments->sender.is_still && !arguments->sender.as_pixels)
			argp_error(state, _("--still requires --as-pixels"));
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {
	{&options_channel_argp, 0, NULL, 0}, LIVE_OPTIONS_CHILD, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "FILE|-...",
	.doc = N_("Publishes each file byte for byte. If FILE is -, standard input is first "
		  "read completely into memory (at most the size of a slot), then published. "
		  "With --stream, each FILE is a sequence of frames, which are published as "
		  "they arrive.\vOne line `published seq=… name=… bytes=…` on standard "
		  "output reports that a file is in the channel, where it remains when this "
		  "program ends; for a stream, there is one line `streaming sent=… dropped=… "
		  "fps=…` per second. Exit status: 0 everything was sent, 1 something was "
		  "not sent (standard error gives the reason), 2 wrong usage.\n"),
	.children = children,
};

static bool send_one(const struct arguments *arguments, struct sender *sender, const char *path)
{
	if (!arguments->is_stream)
		return sender_send(sender, path);
	return send_stream(sender, path, &arguments->live,
		sender->has_when_full ? (int)sender->when_full : -1);
}

static bool send_all(const struct arguments *arguments, struct sender *sender)
{
	bool all = true;
	int i;

	for (i = 0; i < arguments->count && !tool_interrupted(sender->tool); i++)
		if (!send_one(arguments, sender, arguments->paths[i]))
			all = false;
	sender_tell_unsent(sender, arguments->paths + i, arguments->count - i);
	/* A signal is the normal end of an endless stream, unless it had not begun. */
	return all && i == arguments->count &&
	       (arguments->is_stream || !tool_interrupted(sender->tool));
}

int command_send(int argc, char **argv)
{
	struct arguments arguments = {.sender.timeout_ns = VITRINE_FOREVER};
	struct sender *sender = &arguments.sender;
	struct tool tool;
	int rc;

	options_parse(&argp, argc, argv, &arguments);
	rc = tool_start(&tool, argv[0], &arguments.common);
	if (rc == COMMAND_OK && sender->checksum != VITRINE_NO_CHECKSUM &&
		digest_missing(sender->checksum) != NULL) {
		log_error(&tool.log, digest_name(sender->checksum),
			digest_missing(sender->checksum));
		rc = COMMAND_FAILED;
	}
	if (rc == COMMAND_OK) {
		sender->memory = arguments.common.memory;
		sender->tool = &tool;
		sender->decoder = decoder_create(&(struct decoder_options){.memory = sender->memory,
			.timeout_ns = arguments.common.decode_timeout_ns});
		sender->link = tool_open(&tool, VITRINE_PRODUCER);
		rc = sender->link != NULL && send_all(&arguments, sender) ? COMMAND_OK
									  : COMMAND_FAILED;
		tool_close(&tool, sender->link);
		decoder_destroy(sender->decoder);
	}
	tool_end(&tool);
	return rc;
}

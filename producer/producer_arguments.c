/* producer_arguments.c - see producer_arguments.h. */
#include "producer_arguments.h"

#include <string.h>

#include "producer_commands.h"
#include "slideshow.h"
#include "translate.h"

enum {
	KEY_WHEN_FULL = 0x2000,
	KEY_PUBLISH,
	KEY_STILL,
	KEY_EVERY,
	KEY_SHUFFLE,
	KEY_ONCE,
	KEY_NO_PREPARE
};

static const struct argp_option table[] = {
	{NULL, 0, NULL, 0, N_("Images:"), 0},
	{"watch", 'w', "FOLDER", 0,
		N_("Publish new and changed images in this folder and its subfolders as they "
		   "appear; images that exist at the start are only loaded"),
		0},
	{"publish", KEY_PUBLISH, NULL, 0,
		N_("Publish everything named on the command line as soon as it is loaded"), 0},
	{"still", KEY_STILL, NULL, 0,
		N_("Publish only the shown frame of an animation, instead of playing it"), 0},
	{"every", KEY_EVERY, "TIME", 0,
		N_("Start a slide show: publish the next image every TIME, for example every "
		   "5s (without a unit: seconds); E pauses it"),
		0},
	{"shuffle", KEY_SHUFFLE, NULL, 0,
		N_("Show the slide show's images in random order; repeat none before all have "
		   "been shown"),
		0},
	{"once", KEY_ONCE, NULL, 0, N_("End the slide show after the last image"), 0},
	{"no-prepare", KEY_NO_PREPARE, NULL, 0,
		N_("Allocate the memory of a slot only when an image is published, not when it "
		   "is chosen"),
		0},
	{"when-full", KEY_WHEN_FULL, "WHAT", 0,
		N_("If no slot is free, wait (\"wait\"), or drop the oldest waiting image "
		   "(\"drop-oldest\"). Default: wait; for streams from a pipe and for "
		   "animations, drop-oldest"),
		0},
	{0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct producer_arguments *arguments = state->input;
	int count;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->common;
		state->child_inputs[1] = &arguments->debugger;
		state->child_inputs[2] = &arguments->live;
		break;
	case 'w': arguments->watch = options_path(state, text); break;
	case KEY_PUBLISH: arguments->publish = true; break;
	case KEY_STILL: arguments->still = true; break;
	case KEY_EVERY:
		if (!options_duration(text, 1e9, SLIDESHOW_SLOWEST_NS, &arguments->every_ns) ||
			arguments->every_ns < SLIDESHOW_QUICKEST_NS)
			argp_error(state,
				_("--every %s: give a time from 100ms to 3600s, such as 5s"), text);
		break;
	case KEY_SHUFFLE: arguments->shuffles = true; break;
	case KEY_ONCE: arguments->once = true; break;
	case KEY_NO_PREPARE: arguments->no_prepare = true; break;
	case KEY_WHEN_FULL:
		arguments->has_when_full = true;
		if (strcmp(text, "wait") == 0)
			arguments->when_full = VITRINE_WAIT;
		else if (strcmp(text, "drop-oldest") == 0)
			arguments->when_full = VITRINE_DROP_OLDEST;
		else
			argp_error(state, _("--when-full %s: give wait or drop-oldest"), text);
		break;
	case ARGP_KEY_ARGS:
		arguments->paths = options_paths(state, &count);
		arguments->path_count = (size_t)count;
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static char *help_filter(int key, const char *text, void *input)
{
	(void)input;
	return keys_help(&producer_commands, key, text);
}

int producer_arguments_parse(struct producer_arguments *arguments, int argc, char **argv)
{
	static const struct argp_child children[] = {
		OPTIONS_CHILD, DEBUG_OPTIONS_CHILD, LIVE_OPTIONS_CHILD, {0}};
	const struct argp argp = {
		.options = table,
		.parser = parse_option,
		.args_doc = "[FILE|FOLDER|-]...",
		.doc = _("Opens a window onto which images can be dropped, and publishes them in "
			 "shared memory for vitrine-consumer. If FILE is -, the program reads "
			 "standard input: either a stream of frames (YUV4MPEG2; PNM, PAM, JPEG, "
			 "PNG, BMP, WebP or QOI images; multipart/x-mixed-replace; or raw frames, "
			 "with --size and --format), published as they arrive, or a single file. A "
			 "FIFO or a YUV4MPEG2 file is always read as a stream.\vExit status: 0 "
			 "success, 1 failure, 2 wrong usage. "),
		.children = children,
		.help_filter = help_filter,
	};

	*arguments = (struct producer_arguments){.when_full = VITRINE_WAIT};
	return options_parse(&argp, argc, argv, arguments);
}

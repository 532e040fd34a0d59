/* producer_arguments.c - see producer_arguments.h. */
#include "producer_arguments.h"

#include <string.h>

#include "producer_commands.h"

enum { KEY_WHEN_FULL = 0x2000, KEY_PUBLISH };

static const struct argp_option table[] = {
	{NULL, 0, NULL, 0, "Images:", 0},
	{"watch", 'w', "FOLDER", 0,
		"Publish new and changed images in this folder as they appear; images that are "
		"already there are only loaded",
		0},
	{"publish", KEY_PUBLISH, NULL, 0,
		"Publish everything named on the command line as soon as it is loaded", 0},
	{"when-full", KEY_WHEN_FULL, "WHAT", 0,
		"What to do when no slot is free: \"wait\" (the default) or \"drop-oldest\" (drop "
		"the oldest waiting image; the default for streams from a pipe)",
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
	case KEY_WHEN_FULL:
		arguments->has_when_full = true;
		if (strcmp(text, "wait") == 0)
			arguments->when_full = VITRINE_WAIT;
		else if (strcmp(text, "drop-oldest") == 0)
			arguments->when_full = VITRINE_DROP_OLDEST;
		else
			argp_error(state, "--when-full %s: give wait or drop-oldest", text);
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
		.doc = "Opens a window onto which images can be dropped, and publishes them in "
		       "shared memory for vitrine-consumer. FILE - reads standard input: either a "
		       "stream of frames (YUV4MPEG2, PAM, PPM, JPEG, raw), published as they "
		       "arrive, or a single file. A FIFO is always read as a stream.\vExit "
		       "status: 0 success, 1 failure, 2 wrong usage. ",
		.children = children,
		.help_filter = help_filter,
	};

	*arguments = (struct producer_arguments){.when_full = VITRINE_WAIT};
	return options_parse(&argp, argc, argv, arguments);
}

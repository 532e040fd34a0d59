/*
 * consumer_arguments.c - see consumer_arguments.h. The keys at the end of --help come from the
 * table of commands.
 */
#include "consumer_arguments.h"

#include "consumer_commands.h"
#include "translate.h"

enum { KEY_MIRROR = 0x2000, KEY_MANUAL, KEY_PAUSED, KEY_SAVE_TO, KEY_LOG_INPUT };

static const struct argp_option table[] = {
	{NULL, 0, NULL, 0, N_("Images:"), 0},
	{"mirror", KEY_MIRROR, NULL, 0,
		N_("Show each image when it becomes the newest, without taking any: the other "
		   "consumers still get all images"),
		0},
	{"manual", KEY_MANUAL, NULL, 0,
		N_("Take an image only on request, with Enter or the button in the window"), 0},
	{"paused", KEY_PAUSED, NULL, 0,
		N_("Start paused: images wait in the channel until Space is pressed"), 0},
	{"save-to", KEY_SAVE_TO, "FOLDER", 0,
		N_("Save images (key S) in this folder. Default: the current folder"), 0},
	{"log-input", KEY_LOG_INPUT, NULL, 0,
		N_("Log each key press, and each click on the image, for the program that "
		   "started the window"),
		0},
	{0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct consumer_arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		*arguments = (struct consumer_arguments){.save_to = "."};
		state->child_inputs[0] = &arguments->common;
		state->child_inputs[1] = &arguments->debugger;
		break;
	case KEY_MIRROR: arguments->mirror = true; break;
	case KEY_MANUAL: arguments->manual = true; break;
	case KEY_LOG_INPUT: arguments->logs_input = true; break;
	case KEY_PAUSED: arguments->paused = true; break;
	case KEY_SAVE_TO:
		if (*text == '\0')
			argp_error(state, _("--save-to: give a folder"));
		arguments->save_to = options_path(state, text);
		break;
	case ARGP_KEY_END:
		if (arguments->mirror && arguments->manual)
			argp_error(state,
				_("--mirror and --manual cannot be combined, because a mirror takes "
				  "no image"));
		break;
	case ARGP_KEY_ARG:
		argp_error(state,
			_("%s: the consumer accepts no files; give them to "
			  "vitrine-producer"),
			text);
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static char *help_filter(int key, const char *text, void *input)
{
	(void)input;
	return keys_help(&consumer_commands, key, text);
}

int consumer_arguments_parse(struct consumer_arguments *arguments, int argc, char **argv)
{
	static const struct argp_child children[] = {OPTIONS_CHILD, DEBUG_OPTIONS_CHILD, {0}};
	static const struct argp argp = {
		.options = table,
		.parser = parse_option,
		.doc = N_("Shows the images that vitrine-producer publishes, each as it "
			  "arrives.\vExit status: 0 success, 1 failure or a refused image, 2 wrong "
			  "usage. "),
		.children = children,
		.help_filter = help_filter,
	};

	return options_parse(&argp, argc, argv, arguments);
}

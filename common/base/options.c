/*
 * options.c - see options.h. The parser, --help and --usage are generated from the tables; argp's
 * own help option is replaced because it has no -h.
 */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "budget.h"
#include "digest.h"
#include "translate.h"
#include "uri.h"
#include "vitrine.h"

#define SLOT_SIZE_MOST (UINT64_C(64) << 30)
#define SIDE_MOST      32767 /* the limit of SDL and X11 for a window */

enum {
	KEY_SLOTS = 0x1000,
	KEY_SLOT_SIZE,
	KEY_MODE,
	KEY_ANY_OWNER,
	KEY_MEMORY,
	KEY_DECODE_TIMEOUT,
	KEY_FULL_SCREEN,
	KEY_GEOMETRY,
	KEY_TITLE,
	KEY_THEME,
	KEY_TEXT_SIZE,
	KEY_LECTURE,
	KEY_CHECKSUM,
	KEY_JSON,
	KEY_ROLE,
	KEY_ROLE_STATE,
	KEY_USAGE
};

/* Above 9, so that a program's own options, in groups from 1, come first. */
enum { GROUP_CHANNEL = 10, GROUP_WINDOW, GROUP_MORE };

static const struct argp_option key_table[] = {
	{NULL, 0, NULL, 0, N_("The channel:"), GROUP_CHANNEL},
	{"key", 'k', "KEY", 0,
		N_("Use this channel: a number (0x…, or decimal) or a name. Default: "
		   "$VITRINE_KEY, then the first line of shared_memory.key in the current "
		   "folder or in the program's folder, then a key derived from your user id"),
		GROUP_CHANNEL},
	{0},
};

#define VERBOSE_OPTION                                                                             \
	{                                                                                          \
		"verbose", 'v', NULL, 0,                                                           \
			N_("Log each system call that changes the channel, such as semop"),        \
			GROUP_MORE                                                                 \
	}

static const struct argp_option calls_table[] = {
	VERBOSE_OPTION,
	{0},
};

static const struct argp_option own_key_table[] = {
	{NULL, 0, NULL, 0, N_("The channel:"), GROUP_CHANNEL},
	{"key", 'k', "KEY", 0,
		N_("Use this key instead of one that the program chooses: a number (0x…, or "
		   "decimal) or a name. $VITRINE_KEY and shared_memory.key are not used"),
		GROUP_CHANNEL},
	VERBOSE_OPTION,
	{0},
};

static const struct argp_option more_table[] = {
	{NULL, 0, NULL, 0, N_("More:"), GROUP_MORE},
	{"help", 'h', NULL, 0, N_("Show this help"), GROUP_MORE},
	{"usage", KEY_USAGE, NULL, 0, N_("Show a short usage message"), GROUP_MORE},
	{"version", 'V', NULL, 0, N_("Show the version"), GROUP_MORE},
	{0},
};

static const struct argp_option channel_table[] = {
	{"slots", KEY_SLOTS, "N", 0, N_("Give a new channel N slots, 2 to 64. Default: 4"),
		GROUP_CHANNEL},
	{"slot-size", KEY_SLOT_SIZE, "SIZE", 0,
		N_("Give a new channel slots of this size, which limits the size of an image; "
		   "suffixes K, M, G. Default: 256M"),
		GROUP_CHANNEL},
	{"mode", KEY_MODE, "OCTAL", 0,
		N_("Give a new channel these permissions, in octal as for chmod. Default: 600"),
		GROUP_CHANNEL},
	{"any-owner", KEY_ANY_OWNER, NULL, 0,
		N_("Allow publishing in a channel that belongs to another user, who can read and "
		   "change everything in it"),
		GROUP_CHANNEL},
	{"memory", KEY_MEMORY, "SIZE", 0,
		N_("Limit the memory for decoded pictures and, in the consumer, for its "
		   "history; suffixes K, M, G. Default: a quarter of the available memory, at "
		   "least 64M and at most 1G"),
		GROUP_MORE},
	{"decode-timeout", KEY_DECODE_TIMEOUT, "SECONDS", 0,
		N_("Limit the time for decoding a file, in seconds. Default: 30"), GROUP_MORE},
	{0},
};

/* The options for the appearance of any window. */
#define LOOK_OPTIONS                                                                                      \
	{"theme", KEY_THEME, "THEME", 0,                                                                  \
		N_("Use the theme \"dark\", \"light\", or \"auto\" (the desktop's "                       \
		   "preference); Ctrl+D switches it. Default: as chosen last time; at first, dark"),      \
		GROUP_WINDOW},                                                                            \
		{"title", KEY_TITLE, "TEXT", 0,                                                           \
			N_("Set the title of the window. Default: a title that describes what it shows"), \
			GROUP_WINDOW},                                                                    \
		{"lecture", KEY_LECTURE, NULL, 0,                                                         \
			N_("Start in lecture mode, for a class: large text, few words, "                  \
			   "large numbers, and curves of the semaphores; Ctrl+L switches "                \
			   "it on or off"),                                                               \
			GROUP_WINDOW},                                                                    \
	{                                                                                                 \
		"text-size", KEY_TEXT_SIZE, "PERCENT", 0,                                                 \
			N_("Set the size of the text, 100 to 300 percent; Ctrl+Shift with "               \
			   "+ or − changes it. Default: as chosen last time; at first, 100"),             \
			GROUP_WINDOW                                                                      \
	}

static const struct argp_option window_table[] = {
	{NULL, 0, NULL, 0, N_("The window:"), GROUP_WINDOW},
	{"full-screen", KEY_FULL_SCREEN, NULL, 0, N_("Start in full screen"), GROUP_WINDOW},
	{"geometry", KEY_GEOMETRY, "WxH+X+Y", 0,
		N_("Set the size and position of the window in screen pixels; either may be "
		   "left out. Default: where you left it last time; at first, the producer in "
		   "the left half of the screen, the consumer in the right half"),
		GROUP_WINDOW},
	LOOK_OPTIONS,
	{"role", KEY_ROLE, "ROLE", 0,
		N_("Act as the \"producer\" or the \"consumer\"; all other options still "
		   "apply. R switches the role while the window is open"),
		GROUP_WINDOW},
	{"role-state", KEY_ROLE_STATE, "FD", OPTION_HIDDEN, NULL, GROUP_MORE},
	{"json", KEY_JSON, NULL, 0, N_("Log one JSON object per line"), GROUP_MORE},
	{"md5", 'm', NULL, 0,
		N_("Same as --checksum=md5. A consumer started with -m or --checksum verifies "
		   "the checksum of each image that has one, of either kind, and refuses the "
		   "image if the checksum does not match"),
		GROUP_CHANNEL},
	{"checksum", KEY_CHECKSUM, "KIND", 0,
		N_("Give each image a checksum: \"md5\" or \"xxh3\" (faster)"), GROUP_CHANNEL},
	{0},
};

/* The factor of a suffix ("", K, KiB, kB …: all powers of 1024); 0: not a suffix. */
static uint64_t unit_of(const char *suffix)
{
	static const char letters[] = "KMGT";
	const char *letter = *suffix != '\0' ? strchr(letters, *suffix & ~0x20) : NULL;

	if (strcmp(suffix, "") == 0 || strcasecmp(suffix, "B") == 0)
		return 1;
	if (letter == NULL)
		return 0;
	suffix++;
	if (strcmp(suffix, "") != 0 && strcasecmp(suffix, "B") != 0 &&
		strcasecmp(suffix, "iB") != 0)
		return 0;
	return UINT64_C(1) << 10 * (letter - letters + 1);
}

char *options_path(const struct argp_state *state, char *argument)
{
	char path[PATH_MAX], reason[TEXT_REASON_MAX];
	const char *found = uri_argument(argument, path, reason);
	char *copy;

	if (found == argument)
		return argument;
	if (found == NULL)
		argp_error(state, "%s: %s", argument, reason);
	copy = found != NULL ? strdup(found) : NULL;
	return copy != NULL ? copy : argument;
}

char **options_paths(const struct argp_state *state, int *count)
{
	char **paths = state->argv + state->next;

	*count = state->argc - state->next;
	for (int i = 0; i < *count; i++)
		paths[i] = options_path(state, paths[i]);
	return paths;
}

bool options_size(const char *text, uint64_t most, uint64_t *bytes)
{
	char *end;
	size_t digits = strspn(text, "0123456789.");

	if (digits == 0)
		return false;
	double number = strtod(text, &end);
	uint64_t unit = unit_of(end);
	if (end != text + digits || unit == 0)
		return false;
	double size = number * (double)unit;
	if (!(size >= 1) || size > (double)most)
		return false;
	*bytes = (uint64_t)size;
	return true;
}

bool options_duration(const char *text, double unit, int64_t most, int64_t *ns)
{
	size_t digits = strspn(text, "0123456789.");
	double number;
	char *end;

	if (digits == 0)
		return false;
	number = strtod(text, &end);
	if (end != text + digits)
		return false;
	if (strcmp(end, "s") == 0)
		unit = 1e9;
	else if (strcmp(end, "ms") == 0)
		unit = 1e6;
	else if (*end != '\0')
		return false;
	if (!(number * unit >= 0) || number * unit > (double)most)
		return false;
	*ns = (int64_t)(number * unit);
	return true;
}

/* Parses a whole number in `base` between `least` and `most`. */
static bool parse_number(const char *text, int base, long least, long most, long *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtol(text, &end, base);
	return errno == 0 && *end == '\0' && *number >= least && *number <= most;
}

/* Parses "+10" or "-10" at *text and advances *text. */
static bool take_offset(const char **text, int32_t *offset)
{
	char *end;

	if ((**text != '+' && **text != '-') || (*text)[1] < '0' || (*text)[1] > '9')
		return false;
	long number = strtol(*text, &end, 10);
	if (number < -SIDE_MOST || number > SIDE_MOST)
		return false;
	*offset = (int32_t)number;
	*text = end;
	return true;
}

static bool take_side(const char **text, int32_t *side)
{
	char *end;

	if (**text < '1' || **text > '9')
		return false;
	long number = strtol(*text, &end, 10);
	if (number > SIDE_MOST)
		return false;
	*side = (int32_t)number;
	*text = end;
	return true;
}

/* "800x600+10+20", "800x600" or "+10+20". */
static bool parse_geometry(const char *text, struct common_options *options)
{
	options->has_size = false;
	options->has_position = false;
	if (*text != '+' && *text != '-') {
		if (!take_side(&text, &options->width) || (*text != 'x' && *text != 'X'))
			return false;
		text++;
		if (!take_side(&text, &options->height))
			return false;
		options->has_size = true;
	}
	if (*text != '\0') {
		if (!take_offset(&text, &options->x) || !take_offset(&text, &options->y))
			return false;
		options->has_position = true;
	}
	return *text == '\0';
}

static void parse_slots(const char *text, struct common_options *options, struct argp_state *state)
{
	long number;

	if (!parse_number(text, 10, VITRINE_SLOTS_MIN, VITRINE_SLOTS_MAX, &number))
		argp_error(state, _("--slots %s: a channel has %u to %u slots"), text,
			VITRINE_SLOTS_MIN, VITRINE_SLOTS_MAX);
	else
		options->slots = (uint32_t)number;
}

static void parse_mode(const char *text, struct common_options *options, struct argp_state *state)
{
	long number;

	/* A channel that its own user cannot open is of no use. */
	if (!parse_number(text, 8, 0600, 0777, &number) || (number & 0600) != 0600)
		argp_error(state,
			_("--mode %s: give permission bits in octal, such as 600 (only you) or 644 "
			  "(others may read)"),
			text);
	else
		options->mode = (uint32_t)(number & 0666);
}

static void parse_slot_size(const char *text, struct common_options *options,
	struct argp_state *state)
{
	if (!options_size(text, SLOT_SIZE_MOST, &options->slot_size))
		argp_error(state, _("--slot-size %s: give bytes, such as 256M or 1G, up to 64G"),
			text);
}

static void parse_memory(const char *text, struct common_options *options, struct argp_state *state)
{
	if (!options_size(text, UINT64_C(1) << 40, &options->memory))
		argp_error(state, _("--memory %s: give bytes, such as 512M or 2G"), text);
}

static void parse_decode_timeout(const char *text, struct common_options *options,
	struct argp_state *state)
{
	long seconds;

	if (!parse_number(text, 10, 1, 24L * 60 * 60, &seconds))
		argp_error(state, _("--decode-timeout %s: give whole seconds, such as 60"), text);
	else
		options->decode_timeout_ns = seconds * INT64_C(1000000000);
}

static void parse_checksum(const char *text, struct common_options *options,
	struct argp_state *state)
{
	if (!digest_kind(text, &options->checksum))
		argp_error(state, _("--checksum %s: give md5 or xxh3"), text);
	else if (digest_missing(options->checksum) != NULL)
		argp_error(state, "--checksum %s: %s", text, digest_missing(options->checksum));
}

/* A role other than the program's own was handled before any parsing. */
static void check_role(const char *text, struct argp_state *state)
{
	if (strcmp(text, "producer") != 0 && strcmp(text, "consumer") != 0)
		argp_error(state, _("--role %s: give producer or consumer"), text);
	else if (strstr(state->name, text) == NULL)
		argp_error(state, _("give --role=producer or --role=consumer, as one word and not "
				    "abbreviated"));
}

static void parse_theme(const char *text, struct common_options *options, struct argp_state *state)
{
	if (strcmp(text, "dark") != 0 && strcmp(text, "light") != 0 && strcmp(text, "auto") != 0)
		argp_error(state, _("--theme %s: give dark, light or auto"), text);
	options->theme = text;
}

static void parse_text_size(const char *text, struct common_options *options,
	struct argp_state *state)
{
	long percent;

	if (!parse_number(text, 10, OPTIONS_TEXT_LEAST, OPTIONS_TEXT_MOST, &percent))
		argp_error(state, _("--text-size %s: give percent, from %d to %d"), text,
			OPTIONS_TEXT_LEAST, OPTIONS_TEXT_MOST);
	else
		options->text_size = (int)percent;
}

static void parse_role_state(const char *text, struct common_options *options,
	struct argp_state *state)
{
	long number;

	if (!parse_number(text, 10, 0, INT32_MAX, &number))
		argp_error(state, _("--role-state %s: it is for these programs' own use"), text);
	else
		options->role_state = (int)number;
}

static void show_version(const struct argp_state *state)
{
	printf("%s (Vitrine) %s\n", state->name, VITRINE_VERSION);
	exit(0);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct common_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		*options = (struct common_options){.memory = budget_default(""), .role_state = -1};
		if (state->child_inputs != NULL)
			state->child_inputs[0] = options;
		break;
	case 'k': options->key = text; break;
	case 'v': options->verbose = true; break;
	case 'h': argp_state_help(state, stdout, ARGP_HELP_STD_HELP); break;
	case 'V': show_version(state); break;
	case KEY_USAGE: argp_state_help(state, stdout, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK); break;
	case KEY_FULL_SCREEN: options->full_screen = true; break;
	case KEY_TITLE: options->title = text; break;
	case KEY_THEME: parse_theme(text, options, state); break;
	case KEY_TEXT_SIZE: parse_text_size(text, options, state); break;
	case KEY_LECTURE: options->lecture = true; break;
	case KEY_SLOTS: parse_slots(text, options, state); break;
	case KEY_MODE: parse_mode(text, options, state); break;
	case KEY_ANY_OWNER: options->any_owner = true; break;
	case KEY_SLOT_SIZE: parse_slot_size(text, options, state); break;
	case KEY_MEMORY: parse_memory(text, options, state); break;
	case KEY_DECODE_TIMEOUT: parse_decode_timeout(text, options, state); break;
	case KEY_ROLE: check_role(text, state); break;
	case KEY_ROLE_STATE: parse_role_state(text, options, state); break;
	case KEY_JSON: options->json = true; break;
	case 'm': parse_checksum("md5", options, state); break;
	case KEY_CHECKSUM: parse_checksum(text, options, state); break;
	case KEY_GEOMETRY:
		if (!parse_geometry(text, options))
			argp_error(state,
				_("--geometry %s: give it as 1200x800, +100+50 or "
				  "1200x800+100+50"),
				text);
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Each parser has the next one as its child; all use the same function. */
const struct argp options_more_argp = {.options = more_table, .parser = parse_option};
static const struct argp_child more_child[] = {{&options_more_argp, 0, NULL, 0}, {0}};
const struct argp options_key_argp = {
	.options = key_table, .parser = parse_option, .children = more_child};
const struct argp options_own_key_argp = {
	.options = own_key_table, .parser = parse_option, .children = more_child};

static const struct argp_child key_child[] = {{&options_key_argp, 0, NULL, 0}, {0}};
const struct argp options_calls_argp = {
	.options = calls_table, .parser = parse_option, .children = key_child};

static const struct argp_child calls_child[] = {{&options_calls_argp, 0, NULL, 0}, {0}};
const struct argp options_channel_argp = {
	.options = channel_table, .parser = parse_option, .children = calls_child};

static const struct argp_child channel_child[] = {{&options_channel_argp, 0, NULL, 0}, {0}};
const struct argp options_argp = {
	.options = window_table, .parser = parse_option, .children = channel_child};

static const struct argp_option place_table[] = {
	{NULL, 0, NULL, 0, N_("The window:"), GROUP_WINDOW},
	{"full-screen", KEY_FULL_SCREEN, NULL, 0, N_("Start in full screen"), GROUP_WINDOW},
	{"geometry", KEY_GEOMETRY, "WxH+X+Y", 0,
		N_("Set the size and position of the window in screen pixels; either may be "
		   "left out. Default: where you left it last time"),
		GROUP_WINDOW},
	LOOK_OPTIONS,
	{0},
};
const struct argp options_place_argp = {.options = place_table, .parser = parse_option};

int options_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	char *slash = strrchr(argv[0], '/');

	if (slash != NULL)
		argv[0] = slash + 1; /* error messages name the program without its path */
	argp_err_exit_status = 2;
	return argp_parse(argp, argc, argv, ARGP_NO_HELP, NULL, input);
}

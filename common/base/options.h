/*
 * options.h - the command-line options shared by all programs, as an argp parser that a program's
 * own parser lists as its child. It parses and checks; it opens nothing and looks up no key. In the
 * program's parser, at ARGP_KEY_INIT:
 *
 *     state->child_inputs[0] = &its struct common_options;
 *
 * and its argp lists options_child first:
 *
 *     static const struct argp_child children[] = {OPTIONS_CHILD, {0}};
 *     error = options_parse(&argp, argc, argv, &options);
 */
#ifndef VITRINE_BASE_OPTIONS_H
#define VITRINE_BASE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

/* The limits of --text-size, percent. */
#define OPTIONS_TEXT_LEAST 100
#define OPTIONS_TEXT_MOST  300

struct common_options {
	const char *key;           /* --key, for vitrine_key(); NULL: not given. Points into argv */
	uint32_t slots;            /* --slots; 0: not given */
	uint32_t mode;             /* --mode; 0: not given */
	uint64_t slot_size;        /* --slot-size, bytes; 0: not given */
	uint64_t memory;           /* --memory, bytes; never 0: budget_default() if not given */
	int64_t decode_timeout_ns; /* --decode-timeout; 0: not given */
	bool any_owner;            /* --any-owner: publish even in another user's channel */
	bool verbose;              /* --verbose: log each semop */
	bool json;                 /* --json: log objects */
	bool full_screen;          /* --full-screen */
	const char *title;         /* --title; NULL: not given */
	const char *theme;         /* --theme: "dark", "light" or "auto"; NULL: not given */
	int text_size;             /* --text-size, percent; 0: not given */
	bool lecture;              /* --lecture */
	uint32_t checksum;         /* --checksum, --md5: enum vitrine_checksum */
	int role_state;            /* --role-state, of role.h: a descriptor; -1: not given */
	bool has_size;             /* --geometry gave width and height */
	bool has_position;         /* --geometry gave x and y */
	int32_t width;             /* in screen coordinates, as SDL counts them */
	int32_t height;
	int32_t x; /* may be negative on desktops of several screens */
	int32_t y;
};

/*
 * The child parser. Its input is a struct common_options *, which it first fills with the defaults.
 */
extern const struct argp options_argp;
#define OPTIONS_CHILD                                                                              \
	{                                                                                          \
		&options_argp, 0, NULL, 0                                                          \
	}

/*
 * The same for programs without a window: for programs that open a channel, that only remove one,
 * that only inspect one, and that have no channel. Options that a parser lacks keep their default.
 */
extern const struct argp options_channel_argp;
extern const struct argp options_calls_argp;
extern const struct argp options_key_argp;
extern const struct argp options_more_argp;

/* The same for a program that has a key of its own, and takes another one only from --key. */
extern const struct argp options_own_key_argp;

/* Only the options of the window, to be combined with one of those above. */
extern const struct argp options_place_argp;

/*
 * Runs argp_parse(). -h, --help, --usage and -V, --version come from the child and end the program
 * with 0. A usage error prints the problem and the remedy and ends the program with 2. Returns 0 or
 * what a parser returned.
 */
int options_parse(const struct argp *argp, int argc, char **argv, void *input);

/*
 * Converts an argument that names a file or folder to a path: a file: URI is decoded into memory
 * that is never freed. A URI that is not a path on this machine is a usage error.
 */
char *options_path(const struct argp_state *state, char *argument);

/* The same for all remaining arguments, in place. Returns them and their number. */
char **options_paths(const struct argp_state *state, int *count);

/*
 * Converts "64M", "1.5G", "4096" or "2GiB" to bytes. false: not a size, or more than `most`. For
 * programs with further options that take sizes.
 */
bool options_size(const char *text, uint64_t most, uint64_t *bytes);

/*
 * Parses a time, up to `most`: "500ms", "0.5s", "2s", or a number of units of `unit` nanoseconds.
 * False: it is none of these.
 */
bool options_duration(const char *text, double unit, int64_t most, int64_t *ns);

#endif

/*
 * play_command.c - vitrine play: a recorded run, step by step: in a window, as text, as JSON, as a
 * web page, or as an animated picture.
 *
 *     vitrine-producer --record run.json & vitrine-consumer --record run.json
 *     vitrine play run.json
 *     vitrine play run.json --html run.html
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "json.h"
#include "newfile.h"
#include "playback.h"
#include "signals.h"
#include "text.h"
#include "tool.h"
#include "translate.h"
#include "xray_window.h"

enum { KEY_TEXT = 0x3000, KEY_JSON, KEY_HTML, KEY_WINDOW, KEY_PICTURE, KEY_EVERY };

struct arguments {
	struct common_options common;
	const char *path;
	const char *html; /* NULL: no page */
	bool is_text, is_json, is_window, is_picture;
};

static const struct argp_option table[] = {
	{"text", KEY_TEXT, NULL, 0,
		N_("Write one line per step to standard output. This is the default unless "
		   "standard output is a terminal and there is a display"),
		1},
	{"window", KEY_WINDOW, NULL, 0,
		N_("Open a window. This is the default if standard output is a terminal and "
		   "there is a display"),
		1},
	{"json", KEY_JSON, NULL, 0, N_("Write all steps as one JSON object to standard output"), 1},
	{"html", KEY_HTML, "FILE", 0,
		N_("Write a web page that plays the recording in any browser, without a "
		   "network; an existing FILE is replaced"),
		1},
	{"picture", KEY_PICTURE, "FILE", 0,
		N_("Write an animated picture, using ffmpeg, in the format given by the "
		   "extension of FILE: .gif, .apng, .png, .webp or .mp4; an existing FILE is "
		   "replaced. --geometry, --theme, --text-size and --lecture set its look. "
		   "Default: 960x540, dark"),
		1},
	{"every", KEY_EVERY, "TIME", 0,
		N_("With --picture: show each step this long, such as 2s or 500ms (without a "
		   "unit: seconds). Default: 1.5s"),
		1},
	{0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	int64_t ns;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->common;
		state->child_inputs[1] = &arguments->common;
		break;
	case KEY_TEXT: arguments->is_text = true; break;
	case KEY_JSON: arguments->is_json = true; break;
	case KEY_WINDOW: arguments->is_window = true; break;
	case KEY_HTML: arguments->html = text; break;
	case KEY_PICTURE: arguments->is_picture = true; break;
	case KEY_EVERY:
		if (!options_duration(text, 1e9, INT64_C(60000000000), &ns) || ns < 20000000)
			argp_error(state, _("--every %s: give a time from 0.02s to 60s"), text);
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, _("%s: give one recording"), text);
		arguments->path = options_path(state, text);
		break;
	case ARGP_KEY_END:
		if (arguments->path == NULL)
			argp_error(state, _("give a recording: a file that --record has written"));
		if (arguments->is_text + arguments->is_json + arguments->is_window +
				arguments->is_picture + (arguments->html != NULL) >
			1)
			argp_error(state,
				_("give only one of --text, --json, --window, --html and --picture"));
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {
	{&options_more_argp, 0, NULL, 0}, {&options_place_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "FILE",
	.doc = N_("Plays back a run that the windows recorded with --record: each step of "
		  "each program, forward and back, with the values of the semaphores, the "
		  "slots, and a sentence that describes the step. It needs no "
		  "channel.\vCalls of different programs are played in an order that is "
		  "consistent with their times and the values of the semaphores. A recording "
		  "covers one channel: steps after the removal of that channel are not "
		  "played. Exit status: 0 success, 1 failure, 2 wrong usage.\n"),
	.children = children,
};

/* ---- the page -------------------------------------------------------------------------------- */

/* tools/play/recording.html, followed by a NUL. */
static const unsigned char page[] = {
#include "recording.inc"
	, 0};

/* The places in the page for the data, and for the texts of its script in the user's language. */
#define PLACE       "@DATA@"
#define WORDS_PLACE "@WORDS@"

static const char *const page_words[] = {
	/* TRANSLATORS: the code of your language, as in <html lang="en">. */
	N_("en"),
	N_("Vitrine: a recorded run"),
	N_("producer"),
	N_("consumer"),
	N_("mirror"),
	N_("asleep on %s"),
	N_("writes slot %u"),
	N_("reads slot %u"),
	N_("awake"),
	N_("%u waiting"),
	N_("slot %u"),
	N_("empty"),
	N_("writing"),
	N_("ready"),
	N_("reading"),
	N_("kept"),
	N_("damaged"),
	N_("the values of empty and full, step by step"),
	N_("one step back"),
	N_("one step forward"),
	N_("step"),
	N_("play"),
	N_("stop"),
	N_("light or dark"),
};

static void write_words(FILE *file)
{
	struct json json = {.file = file};

	json_object(&json, NULL);
	for (size_t i = 0; i < sizeof(page_words) / sizeof(page_words[0]); i++)
		json_string(&json, page_words[i], gettext(page_words[i]));
	json_end_object(&json);
}

/* A script must not contain "<": a name could end the script. JSON has it only in strings. */
static void write_escaped(FILE *file, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '<')
			fputs("\\u003c", file);
		else
			putc(*text, file);
}

/* Writes the recording, or without one the page's texts, as JSON to memory. NULL: no memory. */
static char *make_json(struct playback *playback)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (file == NULL)
		return NULL;
	if (playback != NULL)
		playback_json(playback, file);
	else
		write_words(file);
	if (fclose(file) == 0)
		return text;
	free(text);
	return NULL;
}

/* Writes the page up to `place`, and `json` instead of it. Returns the rest of the page. */
static const char *write_until(FILE *file, const char *text, const char *place, const char *json)
{
	const char *end = strstr(text, place);

	fwrite(text, 1, (size_t)(end - text), file);
	write_escaped(file, json);
	return end + strlen(place);
}

/* Writes the whole page to memory. NULL: no memory. */
static char *make_page(struct playback *playback, size_t *size)
{
	char *data = make_json(playback), *said = make_json(NULL), *whole = NULL;
	FILE *file = data != NULL && said != NULL ? open_memstream(&whole, size) : NULL;

	if (file != NULL) {
		const char *rest = write_until(file, (const char *)page, WORDS_PLACE, said);

		fputs(write_until(file, rest, PLACE, data), file);
		if (fclose(file) != 0)
			whole = NULL;
	}
	free(data);
	free(said);
	return whole;
}

/* Writes a file, which gets its name only when it is complete. Returns 0 or -errno. */
static int write_file(const char *path, const char *text, size_t size)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
	int descriptor = folder != NULL ? newfile_folder(folder) : -ENOMEM;
	struct newfile file;
	int error = descriptor < 0 ? descriptor : newfile_open(&file, descriptor);

	if (error == 0) {
		error = newfile_write(&file, text, size);
		if (error == 0)
			error = newfile_sync(&file);
		if (error == 0)
			error = newfile_replace(&file, text_base_name(path));
		newfile_close(&file);
	}
	if (descriptor >= 0)
		close(descriptor);
	free(folder);
	return error;
}

static int write_page(struct playback *playback, const char *path, const struct log *log)
{
	char reason[TEXT_REASON_MAX];
	size_t size = 0;
	char *text = make_page(playback, &size);
	int error = text != NULL ? write_file(path, text, size) : -ENOMEM;

	free(text);
	if (error == 0)
		return COMMAND_OK;
	log_error(log, path, newfile_reason(reason, error));
	return COMMAND_FAILED;
}

/* ---- text ------------------------------------------------------------------------------------ */

static int print(struct playback *playback, bool is_json, const struct log *log)
{
	if (is_json)
		playback_json(playback, stdout);
	for (size_t i = 0; !is_json && i < playback_length(playback); i++) {
		const struct playback_step *step = playback_step(playback, i);

		printf("%5zu %9.3f s  %s\n", i, (double)step->ns / 1e9, step->sentence);
	}
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return COMMAND_OK;
	log_error(log, _("standard output"), strerror(errno));
	return COMMAND_FAILED;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static bool wants_window(const struct arguments *arguments)
{
	if (arguments->is_text || arguments->is_json || arguments->html != NULL)
		return false;
	return arguments->is_window || arguments->is_picture || xray_can_open_window();
}

/* The window is another program, which gets the same arguments. */
static int become_window(const struct log *log, int argc, char **argv)
{
	static char play[] = "--play";
	char **words = calloc((size_t)argc + 2, sizeof(*words));
	int status = COMMAND_FAILED;

	if (words == NULL) {
		log_error(log, _("cannot start"), strerror(errno));
		return COMMAND_FAILED;
	}
	words[1] = play;
	for (int i = 1; i < argc; i++)
		words[i + 1] = argv[i];
	status = xray_become_window(log, words);
	free(words);
	return status;
}

int command_play(int argc, char **argv)
{
	struct arguments arguments = {0};
	char message[RECORDED_MESSAGE];
	char **words = calloc((size_t)argc + 1, sizeof(*words));
	struct playback *playback;
	static struct log log;
	sigset_t before;
	int status;

	for (int i = 0; words != NULL && i < argc; i++)
		words[i] = argv[i]; /* argp changes their order */
	signals_unblock(&before);   /* a signal may end it: there is nothing to clean up */
	log_start(&log, argv[0]);
	options_parse(&argp, argc, argv, &arguments);
	if (wants_window(&arguments)) {
		status = words != NULL ? become_window(&log, argc, words) : COMMAND_FAILED;
		free(words);
		return status;
	}
	free(words);
	playback = playback_open(arguments.path, message);
	if (playback == NULL) {
		log_error(&log, arguments.path, message);
		return COMMAND_FAILED;
	}
	status = arguments.html != NULL ? write_page(playback, arguments.html, &log)
					: print(playback, arguments.is_json, &log);
	playback_close(playback);
	return status;
}

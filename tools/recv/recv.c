/*
 * recv.c - vitrine recv: the options, and the loop of take, keep, release.
 *
 *     vitrine recv -o inbox --follow
 *     vitrine recv -n 1 -o - > photo.jpg
 *     vitrine recv --mirror --stream=y4m -o - | ffmpeg -i - film.mp4
 *
 * An image is released only when its file has its final name and is on the disk: if this program is
 * killed first, the image waits again and goes to the next receiver.
 */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "digest.h"
#include "file_output.h"
#include "film.h"
#include "inlet.h"
#include "translate.h"

#define FPS_MOST   1000
#define DAMAGED_NS INT64_C(500000000) /* pause after damage, which may be permanent */

enum { KEY_NAME = 0x3000, KEY_TYPE, KEY_TIMEOUT, KEY_FOLLOW, KEY_MIRROR, KEY_STREAM, KEY_FPS };

static const struct argp_option table[] = {
	{"md5", 'm', NULL, 0,
		N_("Verify the checksum (MD5 or XXH3) of each file that has one, and refuse "
		   "files that do not match"),
		0},
	{"output", 'o', "DIR|-", 0,
		N_("Write to this folder, and create it if necessary; -: write to standard "
		   "output (then -n 1 is the default, and the log goes to standard error). "
		   "Default: the current folder"),
		0},
	{"name", KEY_NAME, "HOW", 0,
		N_("Choose the names of the files: \"original\" (adds -2, -3 … if the name is "
		   "taken) or \"numbered\" (file01.jpg, file02.jpg …). Default: original"),
		0},
	{"type", KEY_TYPE, "EXT", 0, N_("Replace the extension of every file by .EXT"), 0},
	{"count", 'n', "COUNT", 0, N_("Exit after receiving COUNT images or files"), 0},
	{"timeout", KEY_TIMEOUT, "SECONDS", 0,
		N_("Wait for the next image or file for at most this long, in seconds. "
		   "Default: no limit"),
		0},
	{"follow", KEY_FOLLOW, NULL, 0,
		N_("Keep receiving until interrupted (Ctrl+C) or until "
		   "--timeout expires"),
		0},
	{"mirror", KEY_MIRROR, NULL, 0,
		N_("Copy the newest image and all later ones, but take none from the channel. "
		   "Images that are overwritten before they are copied are counted in the log "
		   "line \"missed\""),
		0},
	{"stream", KEY_STREAM, "KIND", 0,
		N_("Write the images to standard output as the frames of one stream, until "
		   "interrupted: y4m, raw (pixels without a header; the log gives their "
		   "format and size) or mjpeg"),
		0},
	{"fps", KEY_FPS, "NUMBER", 0,
		N_("With --stream: write this many frames per second. If no new frame has "
		   "arrived, the previous one is repeated; if several have, the newest is "
		   "written. Default: 30"),
		0},
	{0},
};

struct arguments {
	struct common_options common;
	struct file_output writer;
	const char *output;
	unsigned long count; /* 0: not given */
	int64_t timeout_ns;
	bool follow;
	bool mirror;
	enum film_kind stream; /* FILM_NONE: files */
	double fps;            /* 0: not given */
};

static void parse_count(struct argp_state *state, const char *text, struct arguments *arguments)
{
	char *end;

	errno = 0;
	arguments->count = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || arguments->count == 0)
		argp_error(state, _("-n %s: give a number of at least 1"), text);
}

static void parse_name(struct argp_state *state, const char *text, struct arguments *arguments)
{
	arguments->writer.numbered = strcmp(text, "numbered") == 0;
	if (!arguments->writer.numbered && strcmp(text, "original") != 0)
		argp_error(state, _("--name %s: give original or numbered"), text);
}

static void parse_type(struct argp_state *state, const char *text, struct arguments *arguments)
{
	if (*text == '.')
		text++;
	arguments->writer.extension = text;
	if (!safename_is_extension(text))
		argp_error(state, _("--type %s: give a file name extension, such as jpg"), text);
}

static void parse_fps(struct argp_state *state, const char *text, struct arguments *arguments)
{
	char *end;

	arguments->fps = strtod(text, &end);
	if (*text < '0' || *text > '9' || *end != '\0' || arguments->fps <= 0 ||
		arguments->fps > FPS_MOST)
		argp_error(state, _("--fps %s: give a number up to %d, such as 25 or 59.94"), text,
			FPS_MOST);
}

/* Checks options that depend on each other. */
static void check_all(struct argp_state *state, const struct arguments *arguments)
{
	if (arguments->fps != 0 && arguments->stream == FILM_NONE)
		argp_error(state, _("--fps requires --stream"));
	if (arguments->stream == FILM_NONE)
		return;
	if (arguments->output != NULL && strcmp(arguments->output, "-") != 0)
		argp_error(state,
			_("--stream writes to standard output: give -o - and a pipe, or > FILE"));
	if (arguments->writer.verify || arguments->writer.numbered ||
		arguments->writer.extension != NULL)
		argp_error(state, _("--md5, --name and --type are for files, not for --stream"));
	if (isatty(STDOUT_FILENO))
		argp_error(state,
			_("--stream would write to the terminal: give a pipe, such as `| ffmpeg -i - "
			  "film.mp4`"));
}

static void parse_output(struct argp_state *state, char *text, struct arguments *arguments)
{
	if (arguments->output != NULL)
		argp_error(state, _("%s: only one destination can be given"), text);
	arguments->output = options_path(state, text);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &arguments->common; break;
	case 'm': arguments->writer.verify = true; break;
	case 'o':
	case ARGP_KEY_ARG: parse_output(state, text, arguments); break;
	case KEY_NAME: parse_name(state, text, arguments); break;
	case KEY_TYPE: parse_type(state, text, arguments); break;
	case 'n': parse_count(state, text, arguments); break;
	case KEY_TIMEOUT:
		if (!tool_seconds(text, &arguments->timeout_ns))
			argp_error(state, _("--timeout %s: give seconds, such as 2 or 0.5"), text);
		break;
	case KEY_FOLLOW: arguments->follow = true; break;
	case KEY_MIRROR: arguments->mirror = true; break;
	case KEY_STREAM:
		if (!film_kind_of(text, &arguments->stream))
			argp_error(state, _("--stream %s: give y4m, raw or mjpeg"), text);
		break;
	case KEY_FPS: parse_fps(state, text, arguments); break;
	case ARGP_KEY_END: check_all(state, arguments); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_channel_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "[DIR|-]",
	.doc = N_("Waits for an image or a file, then writes all waiting ones to files (byte "
		  "for byte; pixels as PNG), and exits. It never overwrites an existing "
		  "file.\vOne line `received seq=… name=… path=… bytes=…` on standard output "
		  "reports each image or file. An image or file leaves the channel only when "
		  "it is on the disk: if this program is killed first, it is delivered "
		  "again. A leading dot or dash in a name becomes _, because names are "
		  "untrusted. Exit status: 0 everything was received, 1 something was "
		  "refused, could not be written or did not arrive in time, 2 wrong usage. A "
		  "stream for other programs: `vitrine recv --mirror --stream=y4m -o - | "
		  "ffmpeg -i - film.mp4`.\n"),
	.children = children,
};

/* The state of one run of vitrine recv. */
struct reception {
	struct tool *tool;
	struct inlet inlet;
	struct file_output *output;
	struct film *film; /* NULL: files */
	const struct arguments *arguments;
	unsigned long taken;
	bool failed;
};

/* True if there is more to wait for; *timeout_ns receives how long. */
static bool wants_more(const struct reception *reception, int64_t *timeout_ns)
{
	const struct arguments *arguments = reception->arguments;

	*timeout_ns = arguments->timeout_ns;
	if (tool_interrupted(reception->tool))
		return false;
	if (arguments->count > 0)
		return reception->taken < arguments->count;
	if (!arguments->follow && arguments->stream == FILM_NONE && reception->taken > 0)
		*timeout_ns = 0; /* only what is already waiting */
	return true;
}

/* The timeout expired: sets the exit code, a failure if fewer images arrived than requested. */
static void end_of_time(struct reception *reception)
{
	const struct arguments *arguments = reception->arguments;
	bool enough = arguments->count > 0 ? reception->taken >= arguments->count
					   : reception->taken > 0 || arguments->follow;

	if (enough || tool_interrupted(reception->tool))
		return;
	reception->failed = true;
	log_error(&reception->tool->log, _("nothing to receive"),
		_("timed out (--timeout). Is a program sending under this key?"));
}

/* Handles an error of the library; true: go on. */
static bool survives(struct reception *reception, int error)
{
	char reason[512];

	if (error == VITRINE_EDAMAGED) { /* an image that was skipped, or the semaphores */
		log_error(&reception->tool->log, "refused",
			vitrine_message(link_channel(reception->inlet.link)));
		reception->failed = true;
		reception->taken++;
		tool_sleep(reception->tool, DAMAGED_NS);
		return true;
	}
	if (tool_recover(reception->inlet.link, error, reason) == VITRINE_OK) {
		inlet_restart(&reception->inlet);
		return true;
	}
	log_error(&reception->tool->log, _("cannot receive"), reason);
	reception->failed = true;
	return false;
}

/*
 * As a mirror: writes a copy, because the slot may be overwritten at any moment. An image that was
 * overwritten during the copy is skipped: there is a newer one.
 */
static enum file_output_result write_copy(struct reception *reception,
	const struct vitrine_image *image)
{
	struct vitrine_image copy = *image;
	void *bytes = malloc((size_t)image->size + 1);
	enum file_output_result verdict = OUTPUT_MISSED;

	copy.data = bytes;
	if (bytes == NULL) {
		log_error(&reception->tool->log, image->name, _("not enough memory for it"));
		verdict = OUTPUT_REFUSED;
	} else if (inlet_copy(&reception->inlet, image, bytes)) {
		verdict = file_output_write(reception->output, NULL, &copy);
	}
	free(bytes);
	return verdict;
}

/* Writes the image and only then releases it; true: go on. */
static bool keep(struct reception *reception, const struct vitrine_image *image)
{
	struct inlet *inlet = &reception->inlet;
	enum file_output_result verdict =
		inlet->is_mirror
			? write_copy(reception, image)
			: file_output_write(reception->output, link_channel(inlet->link), image);
	int rc;

	if (verdict == OUTPUT_FAILED) {
		inlet_return(inlet, image); /* another receiver may have room on its disk */
		reception->failed = true;
		return false;
	}
	if (verdict == OUTPUT_REFUSED)
		reception->failed = true;
	reception->taken += verdict != OUTPUT_MISSED;
	rc = inlet_done(inlet, image);
	return rc == VITRINE_OK || survives(reception, rc);
}

/* Adds the image to the stream; true: go on. */
static bool film_one(struct reception *reception, const struct vitrine_image *image)
{
	void *bytes = film_reserve(reception->film, image);
	int rc;

	if (bytes != NULL && inlet_copy(&reception->inlet, image, bytes))
		film_add(reception->film);
	reception->taken++;
	rc = inlet_done(&reception->inlet, image);
	return (rc == VITRINE_OK || survives(reception, rc)) && !film_has_ended(reception->film);
}

/* Waits for the next image; in the meantime, repeats frames of a stream. */
static int await(struct reception *reception, int64_t timeout_ns, struct vitrine_image *image)
{
	const int64_t deadline = tool_deadline(timeout_ns);
	int rc;

	if (reception->film == NULL)
		return inlet_next(&reception->inlet, timeout_ns, image);
	do {
		rc = inlet_next(&reception->inlet, tool_nap(deadline), image);
		if (rc == VITRINE_ETIMEDOUT)
			film_hold(reception->film);
	} while ((rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) && !tool_is_over(deadline) &&
		 !tool_interrupted(reception->tool) && !film_has_ended(reception->film));
	return rc;
}

static void receive(struct reception *reception)
{
	struct vitrine_image image;
	int64_t timeout_ns;

	while (wants_more(reception, &timeout_ns)) {
		int rc = await(reception, timeout_ns, &image);

		if (rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) {
			end_of_time(reception);
			break;
		}
		if (rc != VITRINE_OK              ? !survives(reception, rc)
			: reception->film != NULL ? !film_one(reception, &image)
						  : !keep(reception, &image))
			break;
	}
	/* Ctrl+C is the normal end of --follow; otherwise fewer images arrived than requested. */
	if (tool_interrupted(reception->tool) && !reception->arguments->follow &&
		reception->film == NULL && !reception->failed) {
		reception->failed = true;
		log_error(&reception->tool->log, _("interrupted"),
			_("fewer images than requested were received"));
	}
}

/* Opens the channel, receives, and leaves it. */
static void run(struct reception *reception)
{
	const struct arguments *arguments = reception->arguments;
	struct inlet *inlet = &reception->inlet;

	inlet->tool = reception->tool;
	inlet->is_mirror = arguments->mirror;
	reception->failed = true;
	inlet->link =
		tool_open(reception->tool, arguments->mirror ? VITRINE_MIRROR : VITRINE_CONSUMER);
	if (inlet->link == NULL)
		return;
	if (arguments->stream != FILM_NONE)
		reception->film = film_create(&reception->tool->log, arguments->stream,
			arguments->fps > 0 ? arguments->fps : FILM_FPS_DEFAULT);
	if (reception->film == NULL && arguments->stream != FILM_NONE) {
		log_error(&reception->tool->log, _("cannot start"), strerror(errno));
	} else {
		reception->failed = false;
		receive(reception);
	}
	if (reception->film != NULL)
		reception->failed |= !film_close(reception->film, inlet->missed);
	inlet_end(inlet);
	tool_close(reception->tool, inlet->link);
}

/*
 * Opens or creates the folder before anything is taken; sends the log to standard error if data
 * goes to standard output.
 */
static bool open_output(struct tool *tool, struct arguments *arguments)
{
	struct file_output *output = &arguments->writer;
	char reason[TEXT_REASON_MAX];

	output->path = arguments->output != NULL ? arguments->output : ".";
	output->folder = -1;
	if (strcmp(output->path, "-") == 0 || arguments->stream != FILM_NONE) {
		tool->log.out = stderr;
		if (arguments->count == 0 && !arguments->follow && arguments->stream == FILM_NONE)
			arguments->count = 1;
		return true;
	}
	output->folder = newfile_make_folder(output->path);
	if (output->folder >= 0)
		return true;
	log_error(&tool->log, output->path, newfile_reason(reason, output->folder));
	return false;
}

int command_recv(int argc, char **argv)
{
	struct arguments arguments = {.timeout_ns = VITRINE_FOREVER, .writer.folder = -1};
	struct tool tool;
	struct reception reception = {.tool = &tool, .arguments = &arguments};
	int rc;

	options_parse(&argp, argc, argv, &arguments);
	rc = tool_start(&tool, argv[0], &arguments.common);
	if (rc == COMMAND_OK)
		rc = open_output(&tool, &arguments) ? COMMAND_OK : COMMAND_FAILED;
	if (rc == COMMAND_OK) {
		arguments.writer.tool = &tool;
		reception.output = &arguments.writer;
		run(&reception);
		rc = reception.failed ? COMMAND_FAILED : COMMAND_OK;
	}
	if (arguments.writer.folder >= 0)
		close(arguments.writer.folder);
	tool_end(&tool);
	return rc;
}

/*
 * recv.c - vitrine recv: the options, and the loop of take, keep, release.
 *
 *     vitrine recv -o inbox --follow
 *     vitrine recv -n 1 -o - > photo.jpg
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

enum { KEY_NAME = 0x3000, KEY_TYPE, KEY_TIMEOUT, KEY_FOLLOW };

static const struct argp_option table[] = {
	{"md5", 'm', NULL, 0,
		"Verify the checksum (MD5 or XXH3) that a file carries, and refuse files that do "
		"not match",
		0},
	{"output", 'o', "DIR|-", 0,
		"Write to this folder, which is created if necessary (default: the current one), "
		"or - for standard output (then -n 1 is the default, and the log goes to standard "
		"error)",
		0},
	{"name", KEY_NAME, "HOW", 0,
		"How to name files: \"original\" (default; adds -2, -3 … if the name is taken) or "
		"\"numbered\" (file01.jpg, file02.jpg …)",
		0},
	{"type", KEY_TYPE, "EXT", 0, "Replace the extension of every file by .EXT", 0},
	{"count", 'n', "COUNT", 0, "Exit after receiving COUNT items", 0},
	{"timeout", KEY_TIMEOUT, "SECONDS", 0,
		"How long to wait for the next item, in seconds (default: no limit)", 0},
	{"follow", KEY_FOLLOW, NULL, 0,
		"Keep receiving until interrupted (Ctrl+C) or until "
		"--timeout expires",
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
};

static void parse_count(struct argp_state *state, const char *text, struct arguments *arguments)
{
	char *end;

	errno = 0;
	arguments->count = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || arguments->count == 0)
		argp_error(state, "-n %s: give a number of at least 1", text);
}

static void parse_name(struct argp_state *state, const char *text, struct arguments *arguments)
{
	arguments->writer.numbered = strcmp(text, "numbered") == 0;
	if (!arguments->writer.numbered && strcmp(text, "original") != 0)
		argp_error(state, "--name %s: give original or numbered", text);
}

static void parse_type(struct argp_state *state, const char *text, struct arguments *arguments)
{
	if (*text == '.')
		text++;
	arguments->writer.extension = text;
	if (!safename_is_extension(text))
		argp_error(state, "--type %s: give a file name extension, such as jpg", text);
}

static void parse_output(struct argp_state *state, char *text, struct arguments *arguments)
{
	if (arguments->output != NULL)
		argp_error(state, "%s: only one destination can be given", text);
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
			argp_error(state, "--timeout %s: give seconds, such as 2 or 0.5", text);
		break;
	case KEY_FOLLOW: arguments->follow = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_channel_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "[DIR|-]",
	.doc = "Waits for something to arrive, writes everything that is then waiting to files "
	       "(byte for byte; pixels as PNG), and exits. It never overwrites an existing "
	       "file.\vEach item is reported by one line `received seq=… name=… path=… bytes=…` "
	       "on standard output. A file leaves the channel only when it is on the disk: if "
	       "this program is killed first, the file is delivered again. A leading dot or dash "
	       "in a name becomes _, because names are untrusted. Exit status: 0 everything was "
	       "received, 1 something was refused, could not be written or did not arrive in "
	       "time, 2 wrong usage.\n",
	.children = children,
};

/* The state of one run of vitrine recv. */
struct reception {
	struct tool *tool;
	struct link *link;
	struct file_output *output;
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
	if (!arguments->follow && reception->taken > 0)
		*timeout_ns = 0; /* only what is already waiting */
	return true;
}

/* Takes the next image; sleeps in naps, so that a signal is noticed. */
static int take(struct reception *reception, int64_t timeout_ns, struct vitrine_image *image)
{
	int64_t deadline = tool_deadline(timeout_ns);
	int rc;

	do
		rc = vitrine_take(link_channel(reception->link), tool_nap(deadline), image);
	while ((rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) && !tool_is_over(deadline) &&
		!tool_interrupted(reception->tool));
	return rc;
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
	log_error(&reception->tool->log, "nothing to receive",
		"timed out (--timeout). Is a program sending under this key?");
}

/* Handles an error of the library; true: go on. */
static bool survives(struct reception *reception, int error)
{
	char reason[512];

	if (error == VITRINE_EDAMAGED) { /* a damaged image was published; it has been skipped */
		log_error(&reception->tool->log, "refused",
			vitrine_message(link_channel(reception->link)));
		reception->failed = true;
		reception->taken++;
		return true;
	}
	if (tool_recover(reception->link, error, reason) == VITRINE_OK)
		return true;
	log_error(&reception->tool->log, "cannot receive", reason);
	reception->failed = true;
	return false;
}

/* Writes the taken image and only then releases it; true: go on. */
static bool keep(struct reception *reception, const struct vitrine_image *image)
{
	struct vitrine_channel *channel = link_channel(reception->link);
	enum file_output_result verdict = file_output_write(reception->output, channel, image);
	int rc;

	if (verdict == OUTPUT_FAILED) {
		vitrine_requeue(channel, image); /* another receiver may have room on its disk */
		reception->failed = true;
		return false;
	}
	if (verdict == OUTPUT_REFUSED)
		reception->failed = true;
	reception->taken++;
	rc = vitrine_release(channel, image);
	return rc == VITRINE_OK || survives(reception, rc);
}

static void receive(struct reception *reception)
{
	struct vitrine_image image;
	int64_t timeout_ns;

	while (wants_more(reception, &timeout_ns)) {
		int rc = take(reception, timeout_ns, &image);

		if (rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) {
			end_of_time(reception);
			break;
		}
		if (rc == VITRINE_OK ? !keep(reception, &image) : !survives(reception, rc))
			break;
	}
	/* Ctrl+C is the normal end of --follow; otherwise fewer images arrived than requested. */
	if (tool_interrupted(reception->tool) && !reception->arguments->follow)
		reception->failed = true;
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
	if (strcmp(output->path, "-") == 0) {
		tool->log.out = stderr;
		if (arguments->count == 0 && !arguments->follow)
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
		reception.link = tool_open(&tool, VITRINE_CONSUMER);
		if (reception.link != NULL)
			receive(&reception);
		rc = reception.link != NULL && !reception.failed ? COMMAND_OK : COMMAND_FAILED;
		tool_close(&tool, reception.link);
	}
	if (arguments.writer.folder >= 0)
		close(arguments.writer.folder);
	tool_end(&tool);
	return rc;
}

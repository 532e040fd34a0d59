/*
 * main.c - bench-race: measures how fast frames pass through Vitrine on this machine, compared with
 * a ring in POSIX shared memory and with the limits of the machine. Other peers are modules
 * (bench/peers). `vitrine bench` is the short form for users. script/bench calls it.
 *
 *     bench-race
 *     bench-race --size 1080p --rounds 9 --peer build/peers/zeromq.so
 */
#include <argp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "frame_size.h"
#include "log.h"
#include "options.h"
#include "tell.h"

enum { KEY_ROUNDS = 0x3000, KEY_SIZE, KEY_SECONDS, KEY_PEER, KEY_DRAWN, KEY_JSON, PEERS = 24 };

struct arguments {
	struct common_options common;
	struct measure_size size[MEASURE_SIZES];
	const char *modules[PEERS];
	unsigned sizes, module_count, rounds;
	double seconds;
	bool drawn, json;
};

static const struct argp_option table[] = {
	{"rounds", KEY_ROUNDS, "N", 0, "Number of rounds, 1 to 25 (default 5)", 0},
	{"seconds", KEY_SECONDS, "TIME", 0,
		"Approximate duration of each race in seconds "
		"(default 0.08)",
		0},
	{"size", KEY_SIZE, "SIZE", 0,
		"Use only frames of this size: \"16K\", \"1080p\", \"4K\", \"24MP\" or WxH "
		"(default: the first three); may be repeated",
		0},
	{"peer", KEY_PEER, "FILE", 0,
		"Also race this module (bench/peers/*.so of the build); may be repeated", 0},
	{"drawn", KEY_DRAWN, NULL, 0,
		"Also race a third way: in place, with every byte of each frame written again", 0},
	{"json", KEY_JSON, NULL, 0, "Print all figures of all rounds, for programs", 0},
	{0},
};

static bool add_size(struct arguments *arguments, const char *text)
{
	struct measure_size *size = &arguments->size[arguments->sizes++];

	snprintf(size->name, sizeof(size->name), "%s", text);
	return frame_size_read(text, &size->width, &size->height);
}

static void parse_size(struct arguments *arguments, const char *text, struct argp_state *state)
{
	if (arguments->sizes == MEASURE_SIZES)
		argp_error(state, "--size: %d at most", MEASURE_SIZES);
	else if (!add_size(arguments, text))
		argp_error(state,
			"--size %s: give 16K, 1080p, 4K, 24MP, or WxH from 4x4 to "
			"32768x32768",
			text);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	char *end = NULL;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &arguments->common; break;
	case KEY_ROUNDS:
		arguments->rounds = (unsigned)strtoul(text, &end, 10);
		if (*end != '\0' || arguments->rounds < 1 || arguments->rounds > MEASURE_ROUNDS)
			argp_error(state, "--rounds %s: give a number from 1 to %d", text,
				MEASURE_ROUNDS);
		break;
	case KEY_SECONDS:
		arguments->seconds = strtod(text, &end);
		if (*end != '\0' || !(arguments->seconds >= 0.001 && arguments->seconds <= 60))
			argp_error(state, "--seconds %s: give a time from 0.001 to 60", text);
		break;
	case KEY_SIZE: parse_size(arguments, text, state); break;
	case KEY_PEER:
		if (arguments->module_count == PEERS)
			argp_error(state, "--peer: %d at most", PEERS);
		else
			arguments->modules[arguments->module_count++] = text;
		break;
	case KEY_DRAWN: arguments->drawn = true; break;
	case KEY_JSON: arguments->json = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_key_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.doc = "Measures how fast frames pass from one process to another on this machine, "
	       "through Vitrine and through a ring in POSIX shared memory, copied and created in "
	       "place, and compares that with the cost of memcpy and of a wake-up. It uses keys "
	       "of its own, regardless of -k, and leaves nothing behind.\vExit status: 0 success, "
	       "1 failure, 2 wrong usage.\n",
	.children = children,
};

/* A descriptor that becomes readable when a signal asks the program to end. */
static int open_interrupt(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool add_peers(struct measure *measure, const struct arguments *arguments, struct log *log)
{
	const struct race_peer own[] = {{.peer = &peer_vitrine}, {.peer = &peer_posix_ring}};
	char error[256];

	for (unsigned i = 0; i < 2 + arguments->module_count; i++) {
		const struct race_peer peer =
			i < 2 ? own[i] : (struct race_peer){.module = arguments->modules[i - 2]};

		if (!measure_add(measure, &peer, arguments->drawn, error)) {
			log_error(log, i < 2 ? "a peer" : peer.module, error);
			return false;
		}
	}
	return true;
}

static int run(struct measure *measure, const struct arguments *arguments, struct log *log)
{
	bool is_done;

	if (!add_peers(measure, arguments, log))
		return EXIT_FAILURE;
	is_done = measure_run(measure);
	if (!is_done)
		log_error(log, "interrupted", "no measurement was completed");
	else if (arguments->json)
		tell_json(stdout, measure);
	else
		tell_table(stdout, measure);
	return is_done && measure->entry[0].left_out[0][0] == '\0' ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {.rounds = 5, .seconds = 0.08};
	struct measure *measure;
	struct log log;
	int rc;

	options_parse(&argp, argc, argv, &arguments);
	log_start(&log, argv[0]);
	if (arguments.sizes == 0)
		for (int i = 0; i < FRAME_SIZES_USUAL; i++)
			add_size(&arguments, frame_sizes_usual[i]);
	measure = calloc(1, sizeof(*measure));
	if (measure == NULL) {
		log_error(&log, "cannot measure", "not enough memory");
		return EXIT_FAILURE;
	}
	measure->rounds = arguments.rounds;
	measure->seconds = arguments.seconds;
	measure->sizes = arguments.sizes;
	memcpy(measure->size, arguments.size, sizeof(measure->size));
	measure->is_told = isatty(STDERR_FILENO) == 1;
	measure->interrupt = open_interrupt();
	rc = run(measure, &arguments, &log);
	close(measure->interrupt);
	free(measure);
	return rc;
}

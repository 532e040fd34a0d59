/*
 * bench.c - vitrine bench: measures how fast frames pass from one process to another through
 * Vitrine, compared with the limits of this machine (bounds.h). The producer is this process; the
 * consumer is a child, which copies each frame into its own memory, as a texture upload does, and
 * checks that it is the right one and complete. script/bench compares Vitrine with what people
 * would use instead (bench/race), and measures the windows.
 */
#include <argp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../command.h"
#include "bounds.h"
#include "frame_size.h"
#include "monotonic.h"
#include "other_load.h"
#include "tool.h"
#include "translate.h"

#define PATIENCE_NS INT64_C(10000000000) /* for a process that has stopped */
#define PAUSE_NS    INT64_C(500000)      /* the consumer is asleep again by then */
#define COPYING     0.05                 /* seconds of memcpy alone */

enum { ROUNDS = 5, SLOTS = 4, SIZES = 8, SAMPLES = 64 };
enum { KEY_SIZE = 0x3000, KEY_SECONDS };

/* How a frame gets into its slot: copied from the producer's memory, or created in the slot. */
enum way { COPIED, IN_PLACE, WAYS };

struct size {
	char name[32]; /* "1080p" */
	uint32_t width, height;
	double rate[WAYS][ROUNDS];  /* frames/s */
	double limit[WAYS][ROUNDS]; /* copies/s of both processes at once; of the consumer alone */
	double wakeup_us[ROUNDS];   /* from publishing until a sleeping consumer has the image */
};

enum phase { WARM, FAST, ALONE, LAST };

/* The first bytes of each frame; its number is also its last eight bytes. */
struct mark {
	uint64_t number;
	int64_t publish_ns; /* CLOCK_MONOTONIC */
	uint64_t phase;
};

/* Written by the consumer, read by the producer once the consumer has ended. */
struct outcome {
	uint64_t frames; /* of phase FAST */
	int64_t start_ns, end_ns;
	unsigned samples; /* of phase ALONE */
	double wakeup_us[SAMPLES];
	char error[256];
};

struct bench {
	struct tool tool;
	struct common_options common;
	struct vitrine_key own_key;
	struct bounds_calls calls[ROUNDS];
	struct size size[SIZES];
	unsigned sizes;
	double seconds;
};

/* ---- numbers ---------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a;
	double second = *(const double *)b;

	return (first > second) - (first < second);
}

/* The value below which this part of them lies; sorts them. 0: there is none. */
static double quantile(double *values, unsigned count, double part)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof(*values), compare);
	return values[(unsigned)(part * (double)(count - 1) + 0.5)];
}

/* ---- the two processes ---------------------------------------------------------------------- */

static size_t frame_bytes(const struct size *size)
{
	return (size_t)size->width * size->height * 4;
}

static int open_channel(struct bench *bench, const struct size *size, enum vitrine_role role,
	struct vitrine_channel **channel)
{
	const struct vitrine_options options = {.role = role,
		.key = &bench->own_key,
		.slots = SLOTS,
		.slot_size = frame_bytes(size)};

	return vitrine_open(channel, &options);
}

/* Takes one frame and copies it. False: *rc is the error, or 0: it is the wrong one or torn. */
static bool copy_frame(struct vitrine_channel *channel, uint8_t *copy, size_t bytes,
	struct outcome *outcome, uint64_t number, struct mark *mark, int *rc)
{
	struct vitrine_image image;
	uint64_t end;
	int64_t got_ns;

	*rc = vitrine_take(channel, PATIENCE_NS, &image);
	if (*rc < 0)
		return false;
	got_ns = monotonic_ns();
	memcpy(copy, image.data, bytes);
	*rc = vitrine_release(channel, &image);
	memcpy(mark, copy, sizeof(*mark));
	memcpy(&end, copy + bytes - sizeof(end), sizeof(end));
	if (mark->phase == ALONE && outcome->samples < SAMPLES)
		outcome->wakeup_us[outcome->samples++] = (double)(got_ns - mark->publish_ns) / 1e3;
	return *rc >= 0 && mark->number == number && end == number;
}

static bool consume(struct bench *bench, const struct size *size, struct outcome *outcome)
{
	struct vitrine_channel *channel;
	uint8_t *copy = calloc(1, frame_bytes(size));
	struct mark mark = {.phase = WARM};
	int rc = open_channel(bench, size, VITRINE_CONSUMER, &channel);
	bool is_done = rc >= 0 && copy != NULL;

	for (uint64_t number = 0; is_done && mark.phase != LAST; number++) {
		is_done = copy_frame(channel, copy, frame_bytes(size), outcome, number, &mark, &rc);
		if (mark.phase == WARM)
			outcome->start_ns = monotonic_ns();
		else if (mark.phase == FAST) {
			outcome->frames++;
			outcome->end_ns = monotonic_ns();
		}
		if (!is_done && rc >= 0)
			snprintf(outcome->error, sizeof(outcome->error),
				_("frame %llu is incomplete"), (unsigned long long)number);
	}
	if (rc < 0)
		snprintf(outcome->error, sizeof(outcome->error), "%s", vitrine_message(channel));
	vitrine_close(channel);
	free(copy);
	return is_done;
}

static int publish(struct vitrine_channel *channel, const struct size *size, enum way way,
	const uint8_t *frame, uint64_t number, enum phase phase)
{
	struct vitrine_claim claim;
	struct vitrine_image image;
	size_t bytes = frame_bytes(size);
	struct mark mark = {.number = number, .phase = phase};
	int rc = vitrine_pixels(&image, "frame", size->width, size->height, VITRINE_XR24);

	if (rc >= 0)
		rc = vitrine_claim(channel, bytes, VITRINE_WAIT, PATIENCE_NS, &claim);
	if (rc < 0)
		return rc;
	if (way == COPIED)
		memcpy(claim.data, frame, bytes);
	memcpy((uint8_t *)claim.data + bytes - sizeof(number), &number, sizeof(number));
	mark.publish_ns = monotonic_ns();
	memcpy(claim.data, &mark, sizeof(mark));
	return vitrine_publish(channel, &claim, &image, PATIENCE_NS);
}

/* All phases of one measurement. Returns 0, or the error; an interruption ends it early. */
static int produce(struct bench *bench, struct vitrine_channel *channel, const struct size *size,
	enum way way, const uint8_t *frame)
{
	uint64_t number = 0;
	int64_t end_ns;
	int rc = 0;

	while (rc >= 0 && number <= SLOTS) /* both sides touch every page first */
		rc = publish(channel, size, way, frame, number++, WARM);
	end_ns = monotonic_ns() + (int64_t)(bench->seconds * 1e9);
	do {
		rc = rc >= 0 ? publish(channel, size, way, frame, number++, FAST) : rc;
	} while (rc >= 0 && monotonic_ns() < end_ns && !tool_interrupted(&bench->tool));
	for (int i = 0; rc >= 0 && i < SAMPLES && tool_sleep(&bench->tool, PAUSE_NS); i++)
		rc = publish(channel, size, way, frame, number++, ALONE);
	return rc >= 0 ? publish(channel, size, way, frame, number, LAST) : rc;
}

/* ---- one measurement ------------------------------------------------------------------------ */

static pid_t start_consumer(struct bench *bench, const struct size *size, struct outcome *outcome)
{
	pid_t parent = getpid(), pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	_exit(getppid() == parent && consume(bench, size, outcome) ? 0 : 1);
}

/* Starts a consumer, and produces for it. False: the reason was logged, or it was interrupted. */
static bool pass_frames(struct bench *bench, struct vitrine_channel *channel, struct size *size,
	enum way way, struct outcome *outcome)
{
	uint8_t *frame = calloc(1, frame_bytes(size));
	pid_t pid = frame != NULL ? start_consumer(bench, size, outcome) : -1;
	int rc, status;

	if (frame == NULL || pid < 0) {
		log_error(&bench->tool.log, _("cannot measure"), strerror(errno));
		free(frame);
		return false;
	}
	memset(frame, 1, frame_bytes(size)); /* otherwise every page is the page of zeros */
	rc = produce(bench, channel, size, way, frame);
	free(frame);
	if (rc < 0 || tool_interrupted(&bench->tool))
		kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) == pid && status == 0)
		return true;
	if (!tool_interrupted(&bench->tool))
		log_error(&bench->tool.log, _("cannot measure"),
			outcome->error[0] != '\0' ? outcome->error
			: rc < 0                  ? vitrine_message(channel)
						  : _("the consumer was killed"));
	return false;
}

static bool measure(struct bench *bench, struct size *size, enum way way, unsigned round)
{
	struct outcome *outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	struct vitrine_channel *channel;
	bool is_done = false;

	if (outcome == MAP_FAILED) {
		log_error(&bench->tool.log, _("cannot measure"), strerror(errno));
		return false;
	}
	if (open_channel(bench, size, VITRINE_PRODUCER, &channel) < 0)
		log_error(&bench->tool.log, _("cannot open the channel"), vitrine_message(channel));
	else if (!vitrine_info(channel)->created)
		log_error(&bench->tool.log, bench->own_key.text,
			_("another channel has this key; run the command again"));
	else {
		is_done = pass_frames(bench, channel, size, way, outcome);
		vitrine_remove(channel);
	}
	vitrine_close(channel);
	if (is_done) {
		size->rate[way][round] = (double)outcome->frames * 1e9 /
					 (double)(outcome->end_ns - outcome->start_ns);
		size->wakeup_us[round] = quantile(outcome->wakeup_us, outcome->samples, 0.5);
	}
	munmap(outcome, sizeof(*outcome));
	return is_done;
}

/*
 * Measures everything once. Rounds are interleaved, so that a slow period of the machine affects
 * all results.
 */
static bool measure_round(struct bench *bench, unsigned round)
{
	if (!bounds_calls(&bench->calls[round])) {
		log_error(&bench->tool.log, _("cannot measure"),
			_("System V semaphores fail here"));
		return false;
	}
	for (unsigned i = 0; i < bench->sizes; i++) {
		struct size *size = &bench->size[i];

		if (isatty(STDERR_FILENO) == 1) {
			putc('\r', stderr);
			fprintf(stderr, _("round %u of %u, %-20s"), round + 1, ROUNDS, size->name);
		}
		size->limit[COPIED][round] = bounds_copies_of_two(frame_bytes(size), COPYING);
		size->limit[IN_PLACE][round] = bounds_copies(frame_bytes(size), COPYING);
		for (enum way way = 0; way < WAYS; way++)
			if (!measure(bench, size, way, round))
				return false;
	}
	return true;
}

/* ---- the result ----------------------------------------------------------------------------- */

static void print_way(const char *name, const double rate[ROUNDS], const double limit[ROUNDS])
{
	double rates[ROUNDS], ratios[ROUNDS];

	for (unsigned round = 0; round < ROUNDS; round++) {
		rates[round] = rate[round];
		ratios[round] = limit[round] > 0 ? rate[round] / limit[round] : 0;
	}
	printf("  %-12s%12.0f%12.2f   %.2f-%.2f\n", name, quantile(rates, ROUNDS, 0.5),
		quantile(ratios, ROUNDS, 0.5), quantile(ratios, ROUNDS, 0.25),
		quantile(ratios, ROUNDS, 0.75));
}

/* The median of a field of the rounds' struct bounds_calls; `offset` is the field's. */
static double call_median(const struct bench *bench, size_t offset)
{
	double values[ROUNDS];

	for (unsigned round = 0; round < ROUNDS; round++)
		memcpy(&values[round], (const char *)&bench->calls[round] + offset, sizeof(double));
	return quantile(values, ROUNDS, 0.5);
}

static void print_table(struct bench *bench, const struct machine_look *before)
{
	double others, stolen;

	machine_since(before, &others, &stolen);
	printf(_("Frames pass from one process to another, which copies each one into its own memory\n"
		 "and checks that it is complete. Medians of %d rounds.\n\n"
		 "  copied    the producer copies the frame from its own memory; the limit is memcpy by\n"
		 "            two processes at once\n"
		 "  in place  the producer has created the frame in shared memory; the limit is memcpy\n"
		 "            by one process\n"
		 "  of limit  frames/s divided by the limit in the same round, with the quartiles\n"),
		ROUNDS);
	for (unsigned i = 0; i < bench->sizes; i++) {
		struct size *size = &bench->size[i];

		printf("\n%s", size->name);
		if (strchr(size->name, 'x') == NULL)
			printf(", %u × %u", size->width, size->height);
		putchar('\n');
		fputs(_("                  frames/s    of limit   quartiles\n"), stdout);
		print_way(_("copied"), size->rate[COPIED], size->limit[COPIED]);
		print_way(_("in place"), size->rate[IN_PLACE], size->limit[IN_PLACE]);
		printf(_("  A sleeping consumer has the image %.1f us after it is published.\n"),
			quantile(size->wakeup_us, ROUNDS, 0.5));
	}
	printf(_("\nLimits: an empty system call %.2f us, one semop %.2f us, all semops of a frame %.2f "
		 "us,\nwaking a process %.1f us.\n"
		 "Other processes used %.0f %% of all cores; %.0f %% was stolen by the hypervisor.\n"),
		call_median(bench, offsetof(struct bounds_calls, call_us)),
		call_median(bench, offsetof(struct bounds_calls, semop_us)),
		call_median(bench, offsetof(struct bounds_calls, arrays_us)),
		call_median(bench, offsetof(struct bounds_calls, wakeup_us)), 100 * others,
		100 * stolen);
}

/* ---- the command ---------------------------------------------------------------------------- */

static const struct argp_option table[] = {
	{"seconds", KEY_SECONDS, "TIME", 0,
		N_("Run each measurement at full speed for this long, in seconds. Default: 0.2"),
		0},
	{"size", KEY_SIZE, "SIZE", 0,
		N_("Use only frames of this size: \"16K\", \"1080p\", \"4K\", \"24MP\" or "
		   "WxH; may be repeated. Default: the first three"),
		0},
	{0},
};

static bool add_size(struct bench *bench, const char *text)
{
	struct size *size = &bench->size[bench->sizes++];

	snprintf(size->name, sizeof(size->name), "%s", text);
	return frame_size_read(text, &size->width, &size->height);
}

static void parse_size(struct bench *bench, const char *text, struct argp_state *state)
{
	if (bench->sizes == SIZES)
		argp_error(state, _("--size: %d at most"), SIZES);
	else if (!add_size(bench, text))
		argp_error(state,
			_("--size %s: give 16K, 1080p, 4K, 24MP, or WxH from 4x4 to "
			  "32768x32768"),
			text);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct bench *bench = state->input;
	char *end = NULL;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &bench->common; break;
	case KEY_SECONDS:
		bench->seconds = strtod(text, &end);
		if (*end != '\0' || !(bench->seconds >= 0.001 && bench->seconds <= 60))
			argp_error(state, _("--seconds %s: give a time from 0.001 to 60"), text);
		break;
	case KEY_SIZE: parse_size(bench, text, state); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_more_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.doc = N_("Measures how fast frames pass from one process to another on this machine "
		  "through Vitrine, both copied and created in place, and compares the rates "
		  "with the cost of memcpy and of a wake-up. It uses keys of its own, and "
		  "leaves nothing behind.\vExit status: 0 success, 1 failure, 2 wrong "
		  "usage.\n"),
	.children = children,
};

/* Chooses a key that no other process uses. */
static void choose_key(struct vitrine_key *key)
{
	*key = (struct vitrine_key){.value = (int32_t)(0x77010000u | ((unsigned)getpid() & 0xffff)),
		.source = VITRINE_KEY_ARGUMENT};
	snprintf(key->text, sizeof(key->text), "0x%08x", (unsigned)key->value);
}

static int run(struct bench *bench)
{
	struct machine_look before;

	machine_look(&before);
	for (unsigned round = 0; round < ROUNDS; round++) {
		if (measure_round(bench, round))
			continue;
		if (tool_interrupted(&bench->tool))
			log_error(&bench->tool.log, "interrupted",
				_("no measurement was completed"));
		return COMMAND_FAILED;
	}
	if (isatty(STDERR_FILENO) == 1)
		fprintf(stderr, "\r%40s\r", "");
	print_table(bench, &before);
	return COMMAND_OK;
}

int command_bench(int argc, char **argv)
{
	static struct bench bench = {.seconds = 0.2};
	int rc;

	options_parse(&argp, argc, argv, &bench);
	if (bench.sizes == 0)
		for (int i = 0; i < FRAME_SIZES_USUAL; i++)
			add_size(&bench, frame_sizes_usual[i]);
	choose_key(&bench.own_key);
	rc = tool_start(&bench.tool, argv[0], NULL);
	if (rc == COMMAND_OK)
		rc = run(&bench);
	tool_end(&bench.tool);
	return rc;
}

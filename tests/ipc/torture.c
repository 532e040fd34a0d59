/*
 * torture.c - the torture test of the library: torture.h describes it. This file has the options,
 * the rounds and the report.
 *
 *     build/release/tests/ipc_torture --kills 10000
 *     build/release/tests/ipc_torture --seconds 3600
 *     build/release/tests/ipc_torture --mutant 'take: ready_i -1U?'
 */
#include "torture.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mutant.h"

/* Kills in one round. Each round has a new channel, another number of slots and an empty ledger. */
enum { KILLS_AMONG_SLOTS = 400, KILLS_OF_LIVES = 100, KILLS_BY_DEFAULT = 1000 };
enum { KEY_KILLS = 0x3000, KEY_SECONDS, KEY_SEED, KEY_SLOTS, KEY_MUTANT };

/*
 * Of this many images taken, the order of at least one must have been checked. It cannot be checked
 * while an image is being given back, by a requeue, a close or a death.
 */
enum { LEAST_COMPARED = 10 };

/* The longest stop, if the machine lets the master process run in time. */
#define STOP_MOST_NS (50 * MILLISECOND_NS)

/* ---- options ------------------------------------------------------------------------------- */

static const struct argp_option table[] = {
	{"kills", KEY_KILLS, "N", 0,
		"End after N kills (1000, or without end if --seconds is given)", 0},
	{"seconds", KEY_SECONDS, "S", 0, "End after S seconds", 0},
	{"seed", KEY_SEED, "NUMBER", 0, "Repeat the random choices of a run", 0},
	{"slots", KEY_SLOTS, "N", 0, "Slots of the channel (each round others, 2 to 5)", 0},
	{"mutant", KEY_MUTANT, "OPERATION", 0,
		"Take the undo out of an operation of the table, such as \"take: ready_i -1U?\", or (with - in front) the operation; "
		"success is then that a fault is found",
		0},
	{0},
};

struct wanted {
	unsigned long kills, seconds;
	uint32_t slots;
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct wanted *wanted = state->input;

	switch (key) {
	case KEY_KILLS: wanted->kills = strtoul(text, NULL, 10); break;
	case KEY_SECONDS: wanted->seconds = strtoul(text, NULL, 10); break;
	case KEY_SEED: setenv("VITRINE_TEST_SEED", text, 1); break;
	case KEY_SLOTS:
		wanted->slots = (uint32_t)strtoul(text, NULL, 10);
		if (wanted->slots < VITRINE_SLOTS_MIN || wanted->slots > VITRINE_SLOTS_MAX)
			argp_error(state, "--slots %s: 2 to 64", text);
		break;
	case KEY_MUTANT:
		if (!find_mutation(text, &mutation))
			argp_error(state, "--mutant %s: the table has no such operation", text);
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.doc = "Tortures a channel: producers, consumers, mirrors and inspectors are killed and stopped, "
	       "at random and at every boundary of a semop, and every image is accounted for."
	       "\vIt says what it did and what went wrong. Exit status: 0 nothing went wrong, 1 "
	       "something did, or there were fewer kills than asked for, 2 wrong usage.\n",
};

/* ---- rounds -------------------------------------------------------------------------------- */

bool torture_goes_on(const struct torture *torture)
{
	return book->faults == 0 && torture->kills + torture->suicides < torture->kills_wanted &&
	       clock_ns() < torture->until_ns;
}

void torture_count_stop(struct torture *torture, uint64_t duration_ns)
{
	torture->stops++;
	torture->late += (int64_t)duration_ns > STOP_MOST_NS;
	if (duration_ns > torture->longest_stop_ns)
		torture->longest_stop_ns = duration_ns;
}

static void show_progress(const struct torture *torture, uint64_t started_ns)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%lu killed, %llu faults, %.0f s ",
			torture->kills + torture->suicides, (unsigned long long)book->faults,
			(double)(clock_ns() - started_ns) / SECOND_NS);
}

static void play(struct torture *torture, uint32_t slots, uint64_t started_ns)
{
	bool goes_on = true;

	while (goes_on) {
		torture->slots = slots ? slots : 2 + (uint32_t)(random_next(&torture->chance) % 4);
		goes_on = torture_slots(torture, KILLS_AMONG_SLOTS);
		show_progress(torture, started_ns);
		goes_on = goes_on && torture_lives(torture, KILLS_OF_LIVES);
		show_progress(torture, started_ns);
	}
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
}

static void print_figures(const struct torture *torture, double seconds)
{
	const struct row {
		const char *name;
		uint64_t count;
	} rows[] = {
		{"killed with SIGKILL", torture->kills + torture->suicides},
		{"  of these by themselves, at a semop", torture->suicides},
		{"stopped and continued", torture->stops},
		{"  of these for longer than 50 ms", torture->late},
		{"  the longest stop, in ms", torture->longest_stop_ns / MILLISECOND_NS},
		{"rounds until all were at rest", torture->rests},
		{"handles opened", book->opened},
		{"channels made", book->created},
		{"removed by another program", book->removed},
		{"  calls that failed for this reason", book->found_removed},
		{"opens during a creation, repeated", book->found_busy},
		{"images published", book->published},
		{"  dropped for a newer one", book->dropped},
		{"  refused, nothing to drop", book->refused},
		{"images taken", book->taken},
		{"  given back", book->requeued},
		{"  released", book->released},
		{"reads by mirrors", book->mirrored},
		{"reads by inspectors", book->inspected},
		{"images lost", torture->lost},
		{"faults", book->faults},
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		printf("%-38s %10llu\n", rows[i].name, (unsigned long long)rows[i].count);
	if (book->faults > 0)
		printf("the first: %s\n", book->fault);
	printf("figures: %lu kills, %lu stops, %llu images, %llu lost, %llu faults, %.0f s\n",
		torture->kills + torture->suicides, torture->stops,
		(unsigned long long)book->published, (unsigned long long)torture->lost,
		(unsigned long long)book->faults, seconds);
}

int main(int argc, char **argv)
{
	struct wanted wanted = {0};
	struct torture torture = {.until_ns = UINT64_MAX, .kills_wanted = ULONG_MAX};
	uint64_t started = clock_ns();

	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, &wanted);
	if (wanted.kills == 0 && wanted.seconds == 0)
		wanted.kills = KILLS_BY_DEFAULT;
	if (wanted.kills > 0)
		torture.kills_wanted = wanted.kills;
	if (wanted.seconds > 0)
		torture.until_ns = started + wanted.seconds * (uint64_t)SECOND_NS;
	torture.is_mutant = mutation.operation >= 0;
	torture.chance = test_seed();
	torture.priority = getpriority(PRIO_PROCESS, 0);
	setpriority(PRIO_PROCESS, 0, torture.priority - 10); /* if it may */
	open_book();
	play(&torture, wanted.slots, started);
	if (book->compared < book->taken / LEAST_COMPARED)
		fault("the order of %llu images was looked at, %llu were taken",
			(unsigned long long)book->compared, (unsigned long long)book->taken);
	print_figures(&torture, (double)(clock_ns() - started) / SECOND_NS);
	if (torture.is_mutant)
		return book->faults > 0 ? 0 : 1;
	if (torture.kills + torture.suicides < wanted.kills)
		printf("fewer kills than %lu\n", wanted.kills);
	return book->faults == 0 && torture.kills + torture.suicides >= wanted.kills ? 0 : 1;
}

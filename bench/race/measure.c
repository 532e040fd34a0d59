/* measure.c - see measure.h. */
#include "measure.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "other_load.h"

#define COPYING 0.05 /* seconds of memcpy alone */
#define QUIET   0.10 /* of all cores: if others use more, a race is repeated */

enum { SLOTS = 4, SLOW = 2 /* frames/s */ };

static bool add_way(struct measure *measure, const struct measure_entry *base, enum race_way way)
{
	struct measure_entry *entry;

	if (measure->entries == MEASURE_ENTRIES)
		return false;
	entry = &measure->entry[measure->entries++];
	*entry = *base;
	entry->way = way;
	return true;
}

bool measure_add(struct measure *measure, const struct race_peer *peer, bool drawn, char error[256])
{
	struct measure_entry *base = calloc(1, sizeof(*base));
	bool in_place = false, is_done = false;

	snprintf(error, 256, "too many ways to race");
	if (base != NULL && race_describe(peer, base->name, base->title, &in_place, error)) {
		base->peer = *peer;
		is_done = add_way(measure, base, RACE_COPIED) &&
			  (!in_place || add_way(measure, base, RACE_IN_PLACE)) &&
			  (!in_place || !drawn || add_way(measure, base, RACE_DRAWN));
	}
	free(base);
	return is_done;
}

static bool is_interrupted(const struct measure *measure)
{
	struct pollfd polled = {.fd = measure->interrupt, .events = POLLIN};

	return measure->interrupt >= 0 && poll(&polled, 1, 0) > 0;
}

/*
 * Runs one race; repeats it while other processes are busy and time remains, and keeps the
 * quietest.
 */
static bool race_entry(struct measure *measure, struct measure_entry *entry, unsigned size,
	struct race_result *result)
{
	const struct race_plan plan = {
		.width = measure->size[size].width,
		.height = measure->size[size].height,
		.slots = SLOTS,
		.way = entry->way,
		.seconds = measure->seconds,
		.interrupt = measure->interrupt,
	};
	struct race_result *again = calloc(1, sizeof(*again));
	bool is_done = again != NULL && race_run(&entry->peer, &plan, result);

	while (is_done && result->others > QUIET && measure->patience > 0) {
		struct machine_look before, after;

		machine_look(&before);
		if (!race_run(&entry->peer, &plan, again))
			break;
		machine_look(&after);
		measure->patience -= after.time - before.time;
		if (again->others < result->others)
			*result = *again;
	}
	free(again);
	return is_done;
}

/* True if repeating it would take seconds: it is then raced once, and not with larger frames. */
static bool is_slow(const struct measure_entry *entry, unsigned size)
{
	const struct race_result *first = &entry->results[size][0];

	return first->is_stuck || (first->frames > 0 && first->rate < SLOW);
}

static bool was_slow(const struct measure_entry *entry, unsigned size)
{
	return size > 0 && is_slow(entry, size - 1);
}

static void print_round(unsigned round, unsigned rounds, const char *size)
{
	putc('\r', stderr);
	fprintf(stderr, "round %u of %u, %-20s", round + 1, rounds, size);
}

/*
 * Races every entry once. Each round starts with a different entry, because the first one has an
 * advantage.
 */
static bool race_all(struct measure *measure, unsigned size, unsigned round)
{
	for (unsigned i = 0; i < measure->entries; i++) {
		struct measure_entry *entry = &measure->entry[(i + round) % measure->entries];
		struct race_result *result = &entry->results[size][round];

		if (was_slow(entry, size)) {
			entry->results[size][0].is_stuck = true;
			snprintf(entry->left_out[size], sizeof(entry->left_out[size]),
				"under %d frames/s at a smaller size already", SLOW);
		}
		if (entry->left_out[size][0] != '\0' || is_slow(entry, size))
			continue;
		if (race_entry(measure, entry, size, result))
			continue;
		if (is_interrupted(measure))
			return false;
		memcpy(entry->left_out[size], result->error, sizeof(entry->left_out[size]));
		entry->results[size][0].is_stuck = result->is_stuck;
	}
	return !is_interrupted(measure);
}

bool measure_run(struct measure *measure)
{
	/* Repetitions of disturbed races may take at most as long as the races themselves. */
	measure->patience = measure->seconds * measure->rounds * measure->sizes * measure->entries;
	for (unsigned round = 0; round < measure->rounds; round++) {
		if (!bounds_calls(&measure->calls[round]))
			fputs("bench-race: the limits cannot be measured\n", stderr);
		for (unsigned size = 0; size < measure->sizes; size++) {
			struct measure_size *that = &measure->size[size];
			size_t bytes = (size_t)that->width * that->height * 4;

			if (measure->is_told)
				print_round(round, measure->rounds, that->name);
			that->copies[round] = bounds_copies(bytes, COPYING);
			that->copies_of_two[round] = bounds_copies_of_two(bytes, COPYING);
			if (!race_all(measure, size, round))
				return false;
		}
	}
	if (measure->is_told)
		fprintf(stderr, "\r%40s\r", "");
	return true;
}

/* ---- what came out -------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a;
	double second = *(const double *)b;

	return (first > second) - (first < second);
}

double measure_middle(double *values, unsigned count)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof(*values), compare);
	return count % 2 != 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

double measure_value(const struct race_result *result, enum measure_what what)
{
	switch (what) {
	case MEASURE_RATE: return result->rate;
	case MEASURE_CPU_US: return result->cpu_us;
	case MEASURE_SWITCHES: return result->switches;
	case MEASURE_FAULTS: return result->faults;
	case MEASURE_POINTER_US: return result->pointer_us[0];
	case MEASURE_POINTER_P99_US: return result->pointer_us[1];
	case MEASURE_COPIED_US: return result->copied_us[0];
	case MEASURE_COPIED_P99_US: return result->copied_us[1];
	case MEASURE_OTHERS: return result->others;
	case MEASURE_STOLEN: return result->stolen;
	case MEASURE_WHATS: break;
	}
	return 0;
}

double measure_median(const struct measure *measure, unsigned entry, unsigned size,
	enum measure_what what)
{
	double values[MEASURE_ROUNDS];
	unsigned count = 0;

	for (unsigned round = 0; round < measure->rounds; round++) {
		const struct race_result *result = &measure->entry[entry].results[size][round];

		if (result->frames > 0)
			values[count++] = measure_value(result, what);
	}
	return measure_middle(values, count);
}

/* The number at `part` (0 to 1) of the sorted ones, between two of them if need be. */
static double at(const double *values, unsigned count, double part)
{
	double place = part * (count - 1);
	unsigned below = (unsigned)place;

	if (below + 1 >= count)
		return values[count - 1];
	return values[below] + (place - below) * (values[below + 1] - values[below]);
}

struct measure_spread measure_ratio(const struct measure *measure, unsigned entry, unsigned by,
	unsigned size)
{
	double values[MEASURE_ROUNDS];
	unsigned count = 0;

	for (unsigned round = 0; round < measure->rounds; round++) {
		double other = measure->entry[by].results[size][round].rate;
		double rate = measure->entry[entry].results[size][round].rate;

		if (rate > 0 && other > 0)
			values[count++] = rate / other;
	}
	if (count == 0)
		return (struct measure_spread){0};
	qsort(values, count, sizeof(*values), compare);
	return (struct measure_spread){
		at(values, count, 0.25), at(values, count, 0.5), at(values, count, 0.75)};
}

/*
 * measure.h - all races of a run, interleaved: each round races every way of every peer once, so
 * that a slow period of the machine affects all of them. Called by main.c; tell.h prints the
 * result.
 */
#ifndef VITRINE_BENCH_MEASURE_H
#define VITRINE_BENCH_MEASURE_H

#include "bounds.h"
#include "race.h"

enum { MEASURE_ROUNDS = 25, MEASURE_ENTRIES = 64, MEASURE_SIZES = 8 };

struct measure_size {
	char name[32]; /* "1080p" */
	uint32_t width, height;
	double copies[MEASURE_ROUNDS], copies_of_two[MEASURE_ROUNDS]; /* a second, by memcpy */
};

struct measure_entry {
	struct race_peer peer;
	char name[64], title[128];
	enum race_way way;
	char left_out[MEASURE_SIZES][256]; /* why this size was not raced; "": raced */
	struct race_result results[MEASURE_SIZES][MEASURE_ROUNDS];
};

struct measure {
	unsigned rounds, sizes, entries;
	struct measure_size size[MEASURE_SIZES];
	struct measure_entry entry[MEASURE_ENTRIES];
	struct bounds_calls calls[MEASURE_ROUNDS];
	double seconds;  /* duration of one measurement */
	double patience; /* seconds left for repeating disturbed races */
	int interrupt;   /* readable: stop */
	bool is_told;    /* print progress on standard error */
};

/* Adds the ways of a peer; false: not a peer (error says why), or too many. */
bool measure_add(struct measure *measure, const struct race_peer *peer, bool drawn,
	char error[256]);

/* Runs all races. false: interrupted. A peer that fails is omitted from then on, and named. */
bool measure_run(struct measure *measure);

/* ---- what came out: medians over the rounds ------------------------------------------------- */

enum measure_what {
	MEASURE_RATE,
	MEASURE_CPU_US, /* per frame */
	MEASURE_SWITCHES,
	MEASURE_FAULTS,
	MEASURE_POINTER_US,
	MEASURE_POINTER_P99_US,
	MEASURE_COPIED_US,
	MEASURE_COPIED_P99_US,
	MEASURE_OTHERS,
	MEASURE_STOLEN,
	MEASURE_WHATS,
};

double measure_value(const struct race_result *result, enum measure_what what);

/* The median of an entry at a size; 0 if it was omitted. */
double measure_median(const struct measure *measure, unsigned entry, unsigned size,
	enum measure_what what);

/*
 * The entry's rate divided by that of entry `by` in the same round: median and quartiles over all
 * rounds.
 */
struct measure_spread {
	double low, middle, high;
};
struct measure_spread measure_ratio(const struct measure *measure, unsigned entry, unsigned by,
	unsigned size);

/* The median of `count` numbers; reorders them. */
double measure_middle(double *values, unsigned count);

#endif

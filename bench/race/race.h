/*
 * race.h - one race: a producer process and a consumer process pass frames through one peer, first
 * as fast as they can, then one at a time to a consumer that sleeps. The consumer copies each frame
 * once into its own memory, as a texture upload does, and checks that it is the right one and
 * complete. Called by main.c; race_sides.c has the loops of the two processes.
 *
 * What is measured starts when the frame exists. "Copied": the frame is in the producer's own
 * memory and is copied to where the peer wants it. "In place": the producer has created it there
 * and only publishes it. Marks in each frame, from its first to its last bytes, are written every
 * time and checked in the consumer's copy. Creating the rest of the frame costs every peer the same
 * and is not measured; DRAWN, for comparison, is in place with every byte written.
 */
#ifndef VITRINE_BENCH_RACE_H
#define VITRINE_BENCH_RACE_H

#include <stdatomic.h>

#include "peer.h"

enum race_way { RACE_COPIED, RACE_IN_PLACE, RACE_DRAWN };

struct race_plan {
	uint32_t width, height; /* pixels */
	uint32_t slots;
	enum race_way way;
	double seconds; /* duration at full speed; half of it one at a time */
	int interrupt;  /* readable: stop; -1: none */
};

struct race_result {
	/* At full speed: */
	uint64_t frames;
	double rate;     /* frames/s */
	double cpu_us;   /* per frame, both processes with all their threads */
	double switches; /* context switches per frame, both */
	double faults;   /* page faults per frame, both */
	/* One at a time, p50 and p99: */
	double pointer_us[2]; /* publish -> the consumer has a pointer */
	double copied_us[2];  /* the producer has a frame -> the consumer has its copy */
	/* In total: */
	double others;   /* share of all cores that others used, 0 to 1 */
	double stolen;   /* share that the hypervisor took */
	bool is_stuck;   /* it took too long */
	char error[256]; /* the error; "": none */
};

/* A peer in this program or in a module. */
struct race_peer {
	const struct peer *peer; /* NULL: in the module */
	const char *module;      /* path */
};

/*
 * Runs the race and leaves no process and no object behind. false: it failed, and result->error
 * says why; "" if it was interrupted.
 */
bool race_run(const struct race_peer *peer, const struct race_plan *plan,
	struct race_result *result);

/* Gets the peer's name and title; for a module, in a separate process. false: not a peer. */
bool race_describe(const struct race_peer *peer, char name[64], char title[128], bool *in_place,
	char error[256]);

/* ---- between race.c and race_sides.c ------------------------------------------------------- */

enum { RACE_SAMPLES = 1 << 14, RACE_SIDES = 3 };

struct race_usage {
	uint64_t cpu_ns, switches, faults;
};

/* Shared by all processes of a race. Times are of CLOCK_MONOTONIC, ns. */
struct race_area {
	_Atomic uint32_t handed; /* number of frames published; a futex */
	_Atomic uint32_t copied; /* number of frames copied; a futex */
	uint64_t frames;         /* frames measured by the consumer */
	uint64_t start_ns, end_ns;
	struct race_usage usage[RACE_SIDES];
	uint64_t samples; /* entries in the arrays below: frames passed one at a time */
	uint64_t have_ns[RACE_SAMPLES], publish_ns[RACE_SAMPLES];   /* written by the producer */
	uint64_t pointer_ns[RACE_SAMPLES], copied_ns[RACE_SAMPLES]; /* written by the consumer */
	char error[256];
};

/* The loop of one process, from being ready to its end; true: success. */
bool race_produce(const struct peer *peer, void *self, const struct race_plan *plan,
	struct race_area *area);
bool race_consume(const struct peer *peer, void *self, const struct race_plan *plan,
	struct race_area *area);

#endif

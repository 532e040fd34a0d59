/*
 * race.h - one race: a producer and a consumer, each a process, hand frames over by one peer as fast
 * as they can, then one at a time to a consumer that sleeps. The consumer copies each frame once into
 * memory of its own, as a texture upload does, and looks whether it is the right one and whole.
 * Called by bench.c; race_sides.c is what the two processes do.
 *
 * What is measured: the frame exists. Copied, it lies in the producer's own memory and is copied to
 * where the peer wants it; in place, the producer has made it there and only hands it over. Marks in
 * each frame, from its first to its last bytes, are written anew every time and looked at in the
 * consumer's copy. Making the rest of the frame costs every peer the same and is left out; DRAWN,
 * for comparison, is in place with every byte written.
 */
#ifndef VITRINE_TOOLS_RACE_H
#define VITRINE_TOOLS_RACE_H

#include <stdatomic.h>

#include "peer.h"

enum race_way { RACE_COPIED, RACE_IN_PLACE, RACE_DRAWN };

struct race_plan {
	uint32_t width, height; /* pixels */
	uint32_t slots;
	enum race_way way;
	double seconds; /* how long as fast as they can; and about half as long one at a time */
	int interrupt;  /* readable: stop; -1: none */
};

struct race_result {
	/* As fast as they can: */
	uint64_t frames;
	double rate;     /* frames/s */
	double cpu_us;   /* a frame, both processes with all their threads */
	double switches; /* context switches a frame, both */
	double faults;   /* page faults a frame, both */
	/* One at a time, p50 and p99: */
	double pointer_us[2]; /* publish -> the consumer has a pointer */
	double copied_us[2];  /* the producer has a frame -> the consumer has its copy */
	/* In all: */
	double others;   /* the share of all cores that others used meanwhile, 0 to 1 */
	double stolen;   /* the share that the machine under this one took */
	bool is_stuck;   /* it went on for too long */
	char error[256]; /* what went wrong; "": nothing */
};

/* A peer of this program, or of a module. */
struct race_peer {
	const struct peer *peer; /* NULL: the module's */
	const char *module;      /* path */
};

/*
 * Runs it to its end and leaves no process and no object behind. false: it failed, result->error
 * says why; "" if it was interrupted.
 */
bool race_run(const struct race_peer *peer, const struct race_plan *plan,
	struct race_result *result);

/* What the name and title are; for a module asked in a process of its own. false: it is none. */
bool race_describe(const struct race_peer *peer, char name[64], char title[128], bool *in_place,
	char error[256]);

/* ---- between race.c and race_sides.c ------------------------------------------------------- */

enum { RACE_SAMPLES = 1 << 14, RACE_SIDES = 3 };

struct race_usage {
	uint64_t cpu_ns, switches, faults;
};

/* Shared by all processes of a race. Times are of CLOCK_MONOTONIC, ns. */
struct race_area {
	_Atomic uint32_t handed; /* how many frames the producer has published; a futex */
	_Atomic uint32_t copied; /* how many the consumer has; a futex */
	uint64_t frames;         /* measured, by the consumer */
	uint64_t start_ns, end_ns;
	struct race_usage usage[RACE_SIDES];
	uint64_t samples; /* of the arrays below: what was handed over one at a time */
	uint64_t have_ns[RACE_SAMPLES], publish_ns[RACE_SAMPLES];   /* the producer's */
	uint64_t pointer_ns[RACE_SAMPLES], copied_ns[RACE_SAMPLES]; /* the consumer's */
	char error[256];
};

/* What one process of a race does between being ready and its end; true: all went well. */
bool race_produce(const struct peer *peer, void *self, const struct race_plan *plan,
	struct race_area *area);
bool race_consume(const struct peer *peer, void *self, const struct race_plan *plan,
	struct race_area *area);

#endif

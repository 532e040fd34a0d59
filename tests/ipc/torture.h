/*
 * torture.h - what the processes of the torture test share. A ledger in separate shared memory
 * records the state of every image by its number, from publication to release, so that the test
 * detects lost, torn and duplicated images and a wrong order. Each process may be killed at any
 * instruction, so it records what it is about to do before it does it, and the result afterwards.
 *
 * The test alternates between two acts. In the first (torture_slots.c) all processes are in one
 * channel, and the life of the slots is tested. In the second (torture_lives.c) processes come and
 * go: the channel is created, retired, left half-made, condemned, removed by another program, and
 * created again.
 */
#ifndef TORTURE_H
#define TORTURE_H

#include <stdatomic.h>

#include "support.h"

enum { PLACES_MAX = 32, IMAGES_MAX = 1 << 24, REMOVED_MAX = 4096 };

/* The recorded state of an image. */
enum fate {
	DONE = 1,       /* released: no process may get it again */
	MAYBE_DONE = 2, /* a process was about to release it, and may have died before it did */
	DROPPED = 4,
	MAYBE_DROPPED = 8,
	PUBLISHED = 16, /* used in the second act; in the first the sequence numbers tell */
};

/* The role of a process. */
enum part { WAITING_PRODUCER, DROPPING_PRODUCER, CONSUMER, MIRROR, INSPECTOR, PARTS };

/* What a process is doing now. */
enum doing {
	NOTHING, /* the process is dead */
	ACTING,
	SLEEPING, /* in a semop that may sleep, or just before or after one */
	RESTING,  /* waits for the end of the rest; holds nothing */
};

/* The images of one act: in the first by sequence number, in the second by id. */
struct ledger {
	_Atomic uint64_t id_of[IMAGES_MAX];
	_Atomic int home_of[IMAGES_MAX]; /* second act: the set in which it was published */
	_Atomic uint8_t fate_of[IMAGES_MAX];
	_Atomic unsigned removed;              /* sets or segments removed by another program */
	_Atomic int removed_sets[REMOVED_MAX]; /* recorded before the removal */
};

struct book {
	_Atomic uint64_t ids; /* number of ids given to images in this act */
	_Atomic uint64_t published, dropped, refused, taken, compared, released, requeued, mirrored,
		inspected;
	_Atomic uint64_t opened, created, removed, found_removed, found_busy;
	_Atomic uint64_t unrests;        /* how often a process began to give images back */
	_Atomic bool unrest[PLACES_MAX]; /* the process is doing it: a kill, a requeue, a close */
	_Atomic uint8_t doing[PLACES_MAX];
	_Atomic uint64_t awakenings; /* ends of a semop that may sleep */
	_Atomic bool rest;           /* all processes should come to rest */
	_Atomic uint64_t faults;
	char fault[512]; /* the first */
};

extern struct book *book;
extern struct ledger *ledger;

void open_book(void);

/* Empties the ledger. Call before the processes of an act are forked. */
void open_ledger(void);

/* Records a fault and returns. */
void fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Between these two calls, images may come back out of order. */
void unrest_begins(unsigned place);
void unrest_ends(unsigned place);

void write_fate(uint64_t number, unsigned set, unsigned clear);
void note_id(uint64_t sequence, uint64_t id);

/* Checks what a reader found: true if the image is complete. *id receives its id. */
bool image_is_true(const struct vitrine_image *image, uint64_t *id);

/* ---- the acts ------------------------------------------------------------------------------ */

/* The options of the master process, and its counters. */
struct torture {
	unsigned long kills_wanted; /* in all */
	uint64_t until_ns;
	uint32_t slots;
	bool is_mutant; /* a fault is expected */
	int priority;   /* of all but the master, which must run first to end stops in time */
	uint64_t chance;

	unsigned long kills, suicides, stops, rests, lives;
	unsigned long late; /* stops that lasted too long */
	uint64_t longest_stop_ns, lost;
};

/* Runs until `kills` more processes were killed. False: the time is up, or there was a fault. */
bool torture_slots(struct torture *torture, unsigned long kills);
bool torture_lives(struct torture *torture, unsigned long kills);

/* True if the test should continue. */
bool torture_goes_on(const struct torture *torture);

/* Records that a process was stopped for `duration_ns` and has continued. */
void torture_count_stop(struct torture *torture, uint64_t duration_ns);

/* ---- the first act: its processes ---------------------------------------------------------- */

/* One process; never returns. */
struct player {
	struct vitrine_channel *channel;
	unsigned place;
	enum part part;
	uint32_t slots;
	uint64_t random; /* state */
	uint64_t die_at; /* the event at which it kills itself; 0: never */
	uint64_t events;
	uint64_t stealing; /* the number of the image in the slot that is being stolen */
	uint64_t releasing;
};
_Noreturn void play_part(struct player *player);

/*
 * True at rest: each of the `places` processes is dead, waits for the end of the rest, or sleeps in
 * the kernel. Mirrors and inspectors may continue, because they hold nothing.
 */
bool rest_is_reached(const struct vitrine_channel *mirror, const enum part *cast, unsigned places);

/* Checks at rest that every value is correct, and that no process sleeps that could continue. */
void check_rest(const struct vitrine_channel *mirror, const enum part *cast, unsigned places);

#endif

/*
 * torture.h - what the processes of the random torture share: the book, in memory of its own, in
 * which every image is followed by its number from publication to release, so that a loss, a
 * tear, a duplicate or a wrong order shows. Who may be killed at any instruction writes down what
 * he is about to do before it, and what came of it after.
 *
 * The torture plays two acts in turn. In the first (torture_slots.c) everybody is in one channel
 * and it is the slots that suffer; in the second (torture_lives.c) nobody stays, and the channel
 * is made, retired, left half-made, condemned, removed by a stranger and made again.
 */
#ifndef TORTURE_H
#define TORTURE_H

#include <stdatomic.h>

#include "support.h"

enum { PLACES_MAX = 32, IMAGES_MAX = 1 << 24, REMOVED_MAX = 4096 };

/* What is known of an image. */
enum fate {
	DONE = 1,       /* released: nobody may get it again */
	MAYBE_DONE = 2, /* somebody was about to release it, and may have died before */
	DROPPED = 4,
	MAYBE_DROPPED = 8,
	PUBLISHED = 16, /* the second act's; in the first the numbers tell */
};

/* What a process is for. */
enum part { WAITING_PRODUCER, DROPPING_PRODUCER, CONSUMER, MIRROR, INSPECTOR, PARTS };

/* What it does just now. */
enum doing {
	NOTHING, /* it is dead */
	ACTING,
	SLEEPING, /* in a semop that may sleep, or just before or after one */
	RESTING,  /* between two acts, until the rest is over; it holds nothing */
};

/* The images of one act; in the first by sequence number, in the second by id. */
struct ledger {
	_Atomic uint64_t id_of[IMAGES_MAX];
	_Atomic int home_of[IMAGES_MAX]; /* the second act's: the set it was published in */
	_Atomic uint8_t fate_of[IMAGES_MAX];
	_Atomic unsigned removed;              /* by a stranger: sets, or their segments */
	_Atomic int removed_sets[REMOVED_MAX]; /* noted before it is done */
};

struct book {
	_Atomic uint64_t ids; /* given to images so far, in this act */
	_Atomic uint64_t published, dropped, refused, taken, compared, released, requeued, mirrored,
		inspected;
	_Atomic uint64_t opened, created, removed, found_removed, found_busy;
	_Atomic uint64_t unrests;        /* how often somebody began to give images back */
	_Atomic bool unrest[PLACES_MAX]; /* he is at it: a kill, a requeue, a close */
	_Atomic uint8_t doing[PLACES_MAX];
	_Atomic uint64_t awakenings; /* ends of a semop that may sleep */
	_Atomic bool rest;           /* all are to come to rest */
	_Atomic uint64_t faults;
	char fault[512]; /* the first */
};

extern struct book *book;
extern struct ledger *ledger;

void open_book(void);

/* An empty ledger, before the processes of an act are forked. */
void open_ledger(void);

/* Notes a fault, and goes on. */
void fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Between these two, images may come back out of order. */
void unrest_begins(unsigned place);
void unrest_ends(unsigned place);

void write_fate(uint64_t number, unsigned set, unsigned clear);
void note_id(uint64_t sequence, uint64_t id);

/* What a reader found: the image must be whole; *id is which it is. */
bool image_is_true(const struct vitrine_image *image, uint64_t *id);

/* ---- the acts ------------------------------------------------------------------------------ */

/* What the master was told, and what he counts. */
struct torture {
	unsigned long kills_wanted; /* in all */
	uint64_t until_ns;
	uint32_t slots;
	bool is_mutant; /* a fault is what is looked for */
	int priority;   /* of all but the master, who comes first: a stop must not last */
	uint64_t chance;

	unsigned long kills, suicides, stops, rests, lives;
	unsigned long late; /* stops that lasted longer than they should */
	uint64_t longest_stop_ns, lost;
};

/* Until so many more were killed; false: time is up, or there was a fault. */
bool torture_slots(struct torture *torture, unsigned long kills);
bool torture_lives(struct torture *torture, unsigned long kills);

/* Whether to go on. */
bool torture_goes_on(const struct torture *torture);

/* Somebody was stopped for so long, and goes on. */
void torture_count_stop(struct torture *torture, uint64_t duration_ns);

/* ---- the first act: who plays it ----------------------------------------------------------- */

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
 * Rest: nobody acts; each of the `places` is dead, waits for the end of the rest, or sleeps in the
 * kernel. Mirrors and inspectors go on, since they hold nothing.
 */
bool rest_is_reached(const struct vitrine_channel *mirror, const enum part *cast, unsigned places);

/* At rest every value must be so, and nobody asleep may have a reason to be awake. */
void check_rest(const struct vitrine_channel *mirror, const enum part *cast, unsigned places);

#endif

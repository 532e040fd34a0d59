/*
 * torture.h - what the processes of the random torture share: the book, in memory of its own, in
 * which every image is followed by its sequence number from publication to release, so that a
 * loss, a tear, a duplicate or a wrong order shows. Who may be killed at any instruction writes
 * down what he is about to do before it, and what came of it after.
 */
#ifndef TORTURE_H
#define TORTURE_H

#include <stdatomic.h>

#include "support.h"

enum { PLACES_MAX = 32, IMAGES_MAX = 1 << 26 };

/* What is known of an image; by its sequence number. */
enum fate {
	DONE = 1,       /* released: nobody may get it again */
	MAYBE_DONE = 2, /* somebody was about to release it, and may have died before */
	DROPPED = 4,
	MAYBE_DROPPED = 8,
};

/* What a process is for. */
enum part { WAITING_PRODUCER, DROPPING_PRODUCER, CONSUMER, MIRROR, INSPECTOR, PARTS };

struct book {
	_Atomic uint64_t ids; /* given to images so far */
	_Atomic uint64_t published, dropped, refused, taken, released, requeued, mirrored,
		inspected;
	_Atomic uint64_t opened;
	_Atomic uint64_t unrests;        /* how often somebody began to give images back */
	_Atomic bool unrest[PLACES_MAX]; /* he is at it: a kill, a requeue, a close */
	_Atomic uint64_t faults;
	char fault[512]; /* the first */
	_Atomic uint64_t id_of[IMAGES_MAX];
	_Atomic uint8_t fate_of[IMAGES_MAX];
};

extern struct book *book;

/* Notes a fault, and goes on. */
void fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One process of the torture; never returns. */
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

/* Between these two, images may come back out of order. */
void unrest_begins(unsigned place);
void unrest_ends(unsigned place);

/* What a reader found: the image must be whole and be the one that has this number. */
bool image_is_true(const struct vitrine_image *image, uint64_t *id);
void note_id(uint64_t sequence, uint64_t id);

#endif

/*
 * history.h - the last images that were shown, within the memory that the program may use: the
 * receiver copies them in, the window looks back through them and saves them. The oldest goes first.
 * An image's number is the receiver's count, not its sequence number: channels come and go. Any
 * thread.
 */
#ifndef VITRINE_CONSUMER_HISTORY_H
#define VITRINE_CONSUMER_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "content.h"
#include "picture.h"
#include "vitrine.h"

#define HISTORY_MAX 500 /* images: of small ones, more would fit than anybody looks through */

struct history;

struct history_entry {
	uint64_t number;            /* 1, 2, 3 … */
	struct vitrine_image image; /* `data` is NULL: the slot is another's by now */
	struct content content;
	struct picture *picture; /* holds what `content` points to; its pixels are the content's */
	double latency_ms;       /* from its publication to the screen */
	bool is_former;          /* of a channel that was removed */
};

/* `memory`: bytes of pixels, all images together. NULL: no memory. */
struct history *history_create(uint64_t memory);
/* Pictures that somebody still holds stay valid. NULL is allowed. */
void history_destroy(struct history *history);

uint64_t history_memory(const struct history *history); /* as given to history_create() */
uint64_t history_used(const struct history *history);   /* bytes, those to be used again too */

/*
 * Memory for an image's `bytes`; the oldest images go to make room for it. NULL: it alone is more
 * than the history may use (nothing was dropped then), or there is no memory. `must`: even beyond
 * that. End it with history_add() or pool_give_back().
 */
void *history_reserve(struct history *history, uint64_t bytes, bool must);

/*
 * Adds an image whose pixels and bytes, as far as there are any, lie in reserved memory, which it
 * takes over; `number` must be greater than all before. Of a stream only the newest frame is kept:
 * it takes the place of the one before. Returns its picture with a reference for the
 * caller. NULL: no memory.
 */
struct picture *history_add(struct history *history, uint64_t number,
	const struct vitrine_image *image, const struct content *content);

void history_set_latency(struct history *history, uint64_t number, double latency_ms);

/* The channel was removed: all images so far are of a former one. */
void history_mark_former(struct history *history);

enum history_which {
	HISTORY_THIS,  /* number itself */
	HISTORY_OLDER, /* the next one before number */
	HISTORY_NEWER, /* the next one after number */
};

/*
 * Finds an image by its number (HISTORY_NEWER than 0 is the oldest, HISTORY_OLDER than UINT64_MAX
 * the newest). On true entry->picture is a reference of the caller's.
 */
bool history_get(struct history *history, enum history_which which, uint64_t number,
	struct history_entry *entry);

/* How many there are after `number`: with 0, all. */
uint32_t history_count(struct history *history, uint64_t number);

#endif

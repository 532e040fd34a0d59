/*
 * history.h - the last images that were shown, within the program's memory limit: the receiver
 * copies them in, the window looks back through them and saves them. The oldest is dropped first.
 * An image's number is the receiver's count, not its sequence number, because channels may be
 * replaced. Any thread.
 */
#ifndef VITRINE_CONSUMER_HISTORY_H
#define VITRINE_CONSUMER_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "content.h"
#include "picture.h"
#include "vitrine.h"

#define HISTORY_MAX 500 /* limits the number of small images */

struct history;

struct history_entry {
	uint64_t number;            /* 1, 2, 3 … */
	struct vitrine_image image; /* `data` is NULL: the slot has been released */
	struct content content;
	struct picture *picture; /* owns what `content` points to */
	double latency_ms;       /* from publication to the screen */
	int orientation;         /* how the user turned it: 1 to 8, turned.h */
	bool is_former;          /* from a removed channel */
};

/* `memory`: limit for the pixels of all images, bytes. NULL: out of memory. */
struct history *history_create(uint64_t memory);
/* Pictures with other references stay valid. NULL is allowed. */
void history_destroy(struct history *history);

uint64_t history_memory(const struct history *history); /* as given to history_create() */
uint64_t history_used(const struct history *history);   /* bytes, including spare buffers */

/*
 * Reserves memory for an image of `bytes`; drops the oldest images to make room. NULL: the image
 * alone exceeds the limit (nothing was dropped), or out of memory. `must`: ignore the limit. Pass
 * it to history_add() or pool_give_back().
 */
void *history_reserve(struct history *history, uint64_t bytes, bool must);

/*
 * Adds an image whose pixels and bytes, if any, are in reserved memory, which it takes over;
 * `number` must be greater than all previous ones. Only the newest frame of a stream is kept: it
 * replaces the one before. Returns its picture with a reference for the caller. NULL: out of
 * memory.
 */
struct picture *history_add(struct history *history, uint64_t number,
	const struct vitrine_image *image, const struct content *content);

void history_set_latency(struct history *history, uint64_t number, double latency_ms);
/* A stream's next frames are turned like the one before. */
void history_set_orientation(struct history *history, uint64_t number, int orientation);

/* The channel was removed: marks all images so far as from a former channel. */
void history_mark_former(struct history *history);

enum history_which {
	HISTORY_THIS,  /* number itself */
	HISTORY_OLDER, /* the next one before number */
	HISTORY_NEWER, /* the next one after number */
};

/*
 * Finds an image by its number (HISTORY_NEWER than 0 is the oldest, HISTORY_OLDER than UINT64_MAX
 * the newest). If true, entry->picture is a reference for the caller.
 */
bool history_get(struct history *history, enum history_which which, uint64_t number,
	struct history_entry *entry);

/* The number of images after `number`; 0: all. */
uint32_t history_count(struct history *history, uint64_t number);

#endif

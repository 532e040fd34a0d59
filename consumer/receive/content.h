/*
 * content.h - what there is to see of an image: pixels, a text, or nothing but a card. A file's bytes
 * are looked at here, and decoded if they are an image's; always in a private copy, for what lies in
 * a slot was written by somebody else and could still change. The receiver's thread calls it.
 */
#ifndef VITRINE_CONSUMER_CONTENT_H
#define VITRINE_CONSUMER_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "pixels.h"
#include "text.h"
#include "vitrine.h"

struct decode_wish;
struct decoder;
struct history;

enum content_kind {
	CONTENT_PIXELS, /* as published, or of an image's file */
	CONTENT_TEXT,   /* `bytes` are one */
	CONTENT_CARD,   /* a file that is neither, or of which there is no copy */
};

struct content {
	enum content_kind kind;
	bool is_checked;            /* the checksum of this copy was computed, and is right */
	bool was_right;             /* … of the slot: there was no memory for a copy */
	struct pixels pixels;       /* data NULL: none */
	const uint8_t *bytes;       /* of a file: the copy, image->size of them; NULL: none */
	char note[TEXT_REASON_MAX]; /* "first of 12 frames"; or why there is only a card */
};

/* The pixels of an image that was published as such, and that lie at `data`. */
struct content content_of_pixels(const struct vitrine_image *image, const void *data);

/*
 * What is in the file whose bytes were copied to `bytes`. An image's pixels lie in memory of the
 * history's (history_reserve()) then. Takes as long as it takes to decode the image, or until the
 * wish is given up.
 */
struct content content_of_file(const struct vitrine_image *image, const uint8_t *bytes,
	struct history *history, struct decoder *decoder, const struct decode_wish *wish);

/*
 * Whether `size` bytes at `data` have the checksum that the image carries; false: `reason` is a
 * sentence that says what is wrong.
 */
bool content_check(const struct vitrine_image *image, const void *data,
	char reason[TEXT_REASON_MAX]);

#endif

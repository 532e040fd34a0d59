/*
 * content.h - what the window shows of an image: pixels, a text, or only a card. A file's bytes are
 * examined here, and decoded if they are an image; always in a private copy, because another
 * process wrote the slot and could still change it. Called on the receiver's thread.
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
	CONTENT_PIXELS, /* as published, or decoded from an image file */
	CONTENT_TEXT,   /* `bytes` is a text */
	CONTENT_CARD,   /* any other file, or one without a copy */
};

struct content {
	enum content_kind kind;
	bool is_checked;            /* the checksum of this copy was verified */
	bool was_right;             /* … of the slot: there was no memory for a copy */
	struct pixels pixels;       /* data NULL: none */
	const uint8_t *bytes;       /* a copy of a file's image->size bytes; NULL: none */
	char note[TEXT_REASON_MAX]; /* "first of 12 frames", or why there is only a card */
};

/* The content of an image published as pixels, which are at `data`. */
struct content content_of_pixels(const struct vitrine_image *image, const void *data);

/*
 * The content of a file whose bytes were copied to `bytes`. The pixels of an image are then in
 * memory of the history (history_reserve()). Takes as long as decoding, unless it is cancelled.
 */
struct content content_of_file(const struct vitrine_image *image, const uint8_t *bytes,
	struct history *history, struct decoder *decoder, const struct decode_wish *wish);

/*
 * True if `size` bytes at `data` match the image's checksum; otherwise `reason` is a sentence that
 * says what is wrong.
 */
bool content_check(const struct vitrine_image *image, const void *data,
	char reason[TEXT_REASON_MAX]);

#endif

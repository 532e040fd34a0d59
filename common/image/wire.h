/*
 * wire.h - the protocol between a window's process (the parent) and its decoder (the child): one
 * exchange of messages per file, over a SOCK_SEQPACKET pair, with the pixels in shared memory, here
 * called the window. No functions. decoder.c implements the parent's side, decoder/serve.c the
 * child's.
 *
 *	parent                                  child
 *	request, with the file's descriptor ->
 *	                                     <- HEADER        what the file promises
 *	credit, if the request says WAITS    ->               it may be decoded
 *	                                     <- SHAPE         or at once END with a reason
 *	                                     <- PART          a part of the window was filled
 *	credit                               ->               that part is free again
 *	                                        …
 *	                                     <- END
 *
 * Each message of the child carries the request's number, so that a late message about one file is
 * not mistaken for an answer about the next.
 *
 * The child is not trusted: the parent checks every number, on its own copy of a message, and takes
 * nothing but colours from the window.
 */
#ifndef VITRINE_IMAGE_WIRE_H
#define VITRINE_IMAGE_WIRE_H

#include <assert.h>
#include <stdint.h>

/* The child's descriptors; 0, 1 and 2 are /dev/null, and there are no others. */
enum wire_descriptor { WIRE_SOCKET = 3, WIRE_WINDOW = 4 };

/*
 * The window: parts that are filled in turn. It is small, so that it stays in the processor's
 * cache.
 */
#define WIRE_PARTS      4u
#define WIRE_PART_BYTES (512u << 10)

/* Written by the parent. */
struct wire_request {
	uint64_t file_size; /* bytes of the file to read, from its beginning */
	uint64_t limit;     /* the most bytes for the pixels */
	uint32_t box_width; /* the result need only fill this box; 0: all pixels */
	uint32_t box_height;
	uint32_t number;   /* unique among a parent's requests */
	uint32_t format;   /* enum format */
	uint32_t flags;    /* enum wire_flag */
	uint32_t frame;    /* with WIRE_ANIMATES: the frame, from 0 on */
	uint64_t identity; /* with WIRE_ANIMATES: identifies the content of the file */
};

enum wire_flag {
	WIRE_WAITS = 1, /* wait for a credit after HEADER */
	WIRE_LOOKS = 2, /* only HEADER is wanted, and of the whole file */
	/*
	 * A frame of an animation is wanted. The frame after it costs less if it is requested
	 * next.
	 */
	WIRE_ANIMATES = 4,
};
static_assert(sizeof(struct wire_request) == 48, "no padding");

/* Written by the parent: a message of one byte. The first one may be the permission to decode. */
enum wire_credit { WIRE_CREDIT = 'c' };

enum wire_kind {
	WIRE_HEADER = 1, /* width, height: 0 if they are not known yet; ends_early */
	WIRE_SHAPE,      /* width, height, whole_width, whole_height, orientation */
	WIRE_PART, /* bytes: the number in the next part; rows follow each other without gaps */
	/* is_good, is_opaque, is_damaged, ends_early, frames, duration, note; or reason */
	WIRE_END,
};

#define WIRE_NOTE_MAX   128
#define WIRE_REASON_MAX 256

/* Written by the child. Members that its kind does not name are 0. */
struct wire_message {
	uint32_t number; /* of the request that it answers */
	uint32_t kind;
	uint32_t width;
	uint32_t height;
	uint32_t whole_width;
	uint32_t whole_height;
	uint32_t orientation;
	uint32_t bytes;
	uint32_t is_good;
	uint32_t is_opaque;
	uint32_t is_damaged;
	uint32_t ends_early;
	uint32_t frames;          /* of the file */
	uint32_t duration;        /* ms to show this frame */
	char note[WIRE_NOTE_MAX]; /* translatable (translatable.h), as is the reason */
	char reason[WIRE_REASON_MAX];
};
static_assert(sizeof(struct wire_message) == 56 + WIRE_NOTE_MAX + WIRE_REASON_MAX, "no padding");

#endif

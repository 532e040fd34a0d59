/*
 * decode.h - turns an image file into a picture, or returns a readable reason for the failure.
 * Files are untrusted: nothing that could block is opened, no memory is allocated just because a
 * header says so, and the format readers run in a separate process (decoder.h). The loader, the
 * consumer and the command vitrine call this.
 *
 * Reasons are one line without the file's name: "is a folder", "ends too early: …".
 */
#ifndef VITRINE_IMAGE_DECODE_H
#define VITRINE_IMAGE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder.h"
#include "picture.h"
#include "text.h"

struct decode;

/* What the caller wants of a file; {0}: all of its pixels. */
struct decode_wish {
	/*
	 * The result need only fill a box of this size: fewer pixels may be decoded. 0: all of
	 * them.
	 */
	uint32_t box_width;
	uint32_t box_height;
	/* One frame of an animation, from 0 on, instead of the file as a still image. */
	bool animates;
	uint32_t frame;
	/* Refuse an incomplete or damaged image instead of returning it with a note. */
	bool is_strict;
	/*
	 * Called once, when the header is known; `need` is the most memory in bytes that decoding
	 * uses at any time. May sleep. false: the picture is no longer wanted. May be NULL.
	 */
	bool (*admits)(void *data, uint64_t need);
	/* Called several times a second; true: the picture is no longer wanted. May be NULL. */
	bool (*gives_up)(void *data);
	void *data; /* for both */
};

/* What is known about a file before it is decoded. */
struct decode_look {
	uint32_t width; /* 0: not known before it is decoded */
	uint32_t height;
	bool ends_early; /* the end mark of the file is missing; all pixels may still be there */
};

/*
 * Opens `path` and reads its first bytes, but decodes nothing yet. `limit`: the most bytes for the
 * pixels, and for the file. Refuses a FIFO, device or socket without blocking on it. `name`: the
 * file's name if it differs from that in the path; else NULL. Returns NULL on failure; `reason`
 * says why. Any thread; may wait for the disk.
 */
struct decode *decode_open(const char *path, const char *name, uint64_t limit,
	char reason[TEXT_REASON_MAX]);

/*
 * Decodes. The caller owns one reference to the picture. Its pixels may be fewer than the file's
 * (picture->width, height) if `wish` has a box. NULL: `reason` says why.
 */
struct picture *decode_run(struct decode *decode, struct decoder *decoder,
	const struct decode_wish *wish, char reason[TEXT_REASON_MAX]);

/* Frees what decode_open() returned. NULL is allowed. */
void decode_close(struct decode *decode);

/* Opens, decodes and closes: returns a whole picture, or NULL and a reason. */
struct picture *decode_file(struct decoder *decoder, const char *path, uint64_t limit,
	const struct decode_wish *wish, char reason[TEXT_REASON_MAX]);

/*
 * The same for a file whose bytes are in memory, but not in a slot, where they could change. `name`
 * tells formats that have no magic bytes, and becomes the picture's path.
 */
struct picture *decode_bytes(struct decoder *decoder, const char *name, const uint8_t *bytes,
	size_t size, uint64_t limit, const struct decode_wish *wish, char reason[TEXT_REASON_MAX]);

/*
 * Lets a decoder examine the header of a file in memory, within `limit`. false: `reason` says why
 * not.
 */
bool decode_look(struct decoder *decoder, const char *name, const uint8_t *bytes, size_t size,
	uint64_t limit, struct decode_look *look, char reason[TEXT_REASON_MAX]);

#endif

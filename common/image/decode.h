/*
 * decode.h - turns an image file into a picture, or into a reason that a person understands. Files
 * are untrusted: nothing is opened that could block, nothing is allocated because a header says so,
 * and what knows the formats runs in a process of its own (decoder.h). The loader, the consumer and
 * the command vitrine call this.
 *
 * Reasons are one line without the file's name: "is a folder", "ends too early: …".
 */
#ifndef VITRINE_UI_DECODE_H
#define VITRINE_UI_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder.h"
#include "picture.h"
#include "text.h"

struct decode;

/* What is wanted of a file; {0}: all of its pixels. */
struct decode_wish {
	/* Only what fits into a box of this size is needed: less may be decoded. 0: everything is. */
	uint32_t box_width;
	uint32_t box_height;
	/* Asked several times a second; true: the picture is not wanted any more. May be NULL. */
	bool (*gives_up)(void *data);
	void *data;
};

/*
 * Opens `path` and looks at the header, but makes no pixels yet. `limit`: bytes that the pixels may
 * take, and so may the file. Never blocks on a FIFO, device or socket: it refuses them. NULL:
 * `reason` says why. Any thread; may wait for the disk.
 */
struct decode *decode_open(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX]);

/* How many bytes decode_run() will take at most at one time, as far as the header tells. */
uint64_t decode_need(const struct decode *decode, const struct decode_wish *wish);

/*
 * Decodes. The caller owns one reference to the picture; what it has less than the file (picture->
 * pixels against picture->width) was not wished for. NULL: `reason` says why.
 */
struct picture *decode_run(struct decode *decode, struct decoder *decoder,
	const struct decode_wish *wish, char reason[TEXT_REASON_MAX]);

/* Ends what decode_open() began. NULL is allowed. */
void decode_close(struct decode *decode);

/* The three in one: a whole picture, or NULL and a reason. */
struct picture *decode_file(struct decoder *decoder, const char *path, uint64_t limit,
	const struct decode_wish *wish, char reason[TEXT_REASON_MAX]);

/*
 * The same for a file whose bytes lie in memory: never bytes in a slot. `name` tells formats that
 * have no magic bytes, and becomes the picture's path.
 */
struct picture *decode_bytes(struct decoder *decoder, const char *name, const uint8_t *bytes,
	size_t size, uint64_t limit, const struct decode_wish *wish, char reason[TEXT_REASON_MAX]);

#endif

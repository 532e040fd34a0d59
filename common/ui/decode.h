/*
 * decode.h - turns an image file into a picture, or into a reason that a person understands. Files
 * are untrusted: nothing is opened that could block, nothing is allocated because a header says so,
 * and a file that ends too early is refused whole. SDL_image knows the formats; what it does not
 * look at (orientation, truncation, promises of the header) is done here. The loader calls this.
 *
 * Reasons are one line without the file's name: "is a folder", "ends too early: …".
 */
#ifndef VITRINE_UI_DECODE_H
#define VITRINE_UI_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picture.h"
#include "text.h"

struct decode;

/*
 * Once in main, before SDL_Init and before there is a second thread: puts the limit on single
 * allocations under SDL, and has SDL_image load its format libraries.
 */
void decode_start(void);

/*
 * Opens `path`, reads the file and looks at its header, but makes no pixels yet. `limit`: bytes that
 * the pixels may take, and so may the file. Never blocks on a FIFO, device or socket: it refuses
 * them. NULL: `reason` says why. Any thread; may wait for the disk.
 */
struct decode *decode_open(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX]);

/* How many bytes decode_run() will take at most at one time, as far as the header tells. */
uint64_t decode_need(const struct decode *decode);

/* Decodes. The caller owns one reference to the picture. NULL: `reason` says why. */
struct picture *decode_run(struct decode *decode, char reason[TEXT_REASON_MAX]);

/* Ends what decode_open() began. NULL is allowed. */
void decode_close(struct decode *decode);

/* The three in one: a picture, or NULL and a reason. */
struct picture *decode_file(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX]);

/*
 * The same for a file whose bytes lie in memory, and do not change meanwhile: never bytes in a slot.
 * `name` tells formats that have no magic bytes, and becomes the picture's path.
 */
struct picture *decode_bytes(const char *name, const uint8_t *bytes, size_t size, uint64_t limit,
	char reason[TEXT_REASON_MAX]);

#endif

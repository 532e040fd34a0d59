/*
 * save.h - saves an image as a PNG file, or a file unchanged, next to existing files. It knows
 * nothing of windows or threads; saver.c calls it on its own thread.
 */
#ifndef VITRINE_CONSUMER_SAVE_H
#define VITRINE_CONSUMER_SAVE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "encode.h"
#include "pixels.h"
#include "safename.h"
#include "text.h"

/* The file's name: "lighthouse-41.png" for image "lighthouse.jpg" #41. Returns `name`. */
char *save_name(char name[SAFENAME_MAX], const char *image_name, uint64_t sequence);

/*
 * Writes `pixels`, of any format of vitrine.h, to `folder` under that name or, if it is taken, with
 * another number ("lighthouse-41-2.png"); keeps alpha. `way` may be NULL. Takes seconds for large
 * images. `path` is the file's absolute path. false: `path` is the folder, `reason` says why, and
 * nothing is left behind.
 */
bool save_png(const char *folder, const char *image_name, uint64_t sequence,
	const struct pixels *pixels, const struct encode_way *way, char path[PATH_MAX],
	char reason[TEXT_REASON_MAX]);

/* The same with a file's own bytes, under its own name made safe. */
bool save_bytes(const char *folder, const char *file_name, const void *bytes, uint64_t size,
	char path[PATH_MAX], char reason[TEXT_REASON_MAX]);

/* The contents of a file: pixels, or bytes. */
struct save_what {
	const struct pixels *pixels; /* NULL: the bytes */
	const struct encode_way *way;
	const void *bytes;
	uint64_t size;
};

/*
 * Writes it to the path that the user chose, and replaces an existing file. Pixels become JPEG if
 * the name ends in .jpg or .jpeg, otherwise PNG. If the name does not end in .png either, .png is
 * appended, and then no file is replaced. `path` and `reason` as above.
 */
bool save_as(const char *chosen, const struct save_what *what, char path[PATH_MAX],
	char reason[TEXT_REASON_MAX]);

#endif

/*
 * save.h - an image as a PNG file, or a file as it came, beside those that are there already. It knows nothing of windows
 * or threads; saver.c calls it, on a thread of its own.
 */
#ifndef VITRINE_CONSUMER_SAVE_H
#define VITRINE_CONSUMER_SAVE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "pixels.h"
#include "safename.h"
#include "text.h"

/* The file's name: of image "lighthouse.jpg" #41 "lighthouse-41.png". Returns `name`. */
char *save_name(char name[SAFENAME_MAX], const char *image_name, uint64_t sequence);

/*
 * Writes `pixels`, of any format of vitrine.h, into `folder` under that name, or if it is taken with
 * a further number ("lighthouse-41-2.png"); alpha is kept. Takes seconds for large images. false:
 * `path` is the folder, `reason` says why, and nothing is left behind.
 */
bool save_png(const char *folder, const char *image_name, uint64_t sequence,
	const struct pixels *pixels, char path[PATH_MAX], char reason[TEXT_REASON_MAX]);

/* The same with a file's own bytes, under its own name as far as that is a safe one. */
bool save_bytes(const char *folder, const char *file_name, const void *bytes, uint64_t size,
	char path[PATH_MAX], char reason[TEXT_REASON_MAX]);

#endif

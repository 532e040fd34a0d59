/*
 * save.h - an image as a PNG file, beside those that are there already: names and bytes. It knows
 * nothing of windows or threads; saver.c calls it, on a thread of its own.
 */
#ifndef VITRINE_CONSUMER_SAVE_H
#define VITRINE_CONSUMER_SAVE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "pixels.h"
#include "text.h"

/*
 * The file's name: of image "lighthouse.jpg" #41 "lighthouse-41.png", at the second attempt
 * "lighthouse-41-2.png". The image's name is somebody else's text: what could lead elsewhere or
 * hide the file does not get into it. Cut to what file systems take.
 */
void save_name(char name[NAME_MAX + 1], const char *image_name, uint64_t sequence,
	unsigned attempt);

/*
 * Writes `pixels`, of any format of vitrine.h, into `folder` under the first of these names that is
 * free; alpha is kept. The file appears under that name when it is whole and on the disk. Takes
 * seconds for large images. false: `reason` says why, and nothing is left behind.
 */
bool save_png(const char *folder, const char *image_name, uint64_t sequence,
	const struct pixels *pixels, char path[PATH_MAX], char reason[TEXT_REASON_MAX]);

#endif

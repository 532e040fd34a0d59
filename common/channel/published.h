/*
 * published.h - what has been published: the log line for an image, the same for the window and the
 * command line, and the number of the newest image.
 * Any thread.
 */
#ifndef VITRINE_CHANNEL_PUBLISHED_H
#define VITRINE_CHANNEL_PUBLISHED_H

#include <stdint.h>

#include "log.h"
#include "vitrine.h"

/* `ns`: how long publishing took. */
void published_log(struct log *log, const struct vitrine_image *image, int64_t ns);

/* The number of the newest image of a channel; 0: none. */
uint64_t published_newest(const struct vitrine_snapshot *snapshot);

#endif

/*
 * published.h - the log line for a published image, the same for the window and the command line.
 * Any thread.
 */
#ifndef VITRINE_CHANNEL_PUBLISHED_H
#define VITRINE_CHANNEL_PUBLISHED_H

#include <stdint.h>

#include "log.h"
#include "vitrine.h"

/* `ns`: how long publishing took. */
void published_log(struct log *log, const struct vitrine_image *image, int64_t ns);

#endif

/*
 * published.h - the log's line that says that an image is in the channel: the same from the window
 * and from the command line. Any thread.
 */
#ifndef VITRINE_CHANNEL_PUBLISHED_H
#define VITRINE_CHANNEL_PUBLISHED_H

#include <stdint.h>

#include "log.h"
#include "vitrine.h"

/* `ns`: how long that took. */
void published_log(struct log *log, const struct vitrine_image *image, int64_t ns);

#endif

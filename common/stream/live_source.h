/*
 * live_source.h - opens the source of a stream of frames: standard input, a FIFO, a device or a
 * file, so that nothing can block. Used by the producer and vitrine send.
 */
#ifndef VITRINE_STREAM_LIVE_SOURCE_H
#define VITRINE_STREAM_LIVE_SOURCE_H

#include <stdbool.h>

#include "text.h"
#include "vitrine.h"

/*
 * Returns a descriptor for live.h, which the caller closes; `path` may be "-". A FIFO without a
 * writer is opened at once and waited for later. -1: `reason` says why.
 */
int live_source_open(const char *path, char reason[TEXT_REASON_MAX]);

/* The name of its frames: the last part of the path, or "stdin". */
const char *live_source_name(const char *path);

/* What to do when no slot is free, unless an option says: files wait, everything else is live. */
enum vitrine_when_full live_source_when_full(int fd);

/* True if the path names a stream: "-", a FIFO, or a file that begins as YUV4MPEG2. */
bool live_source_is(const char *path);

#endif

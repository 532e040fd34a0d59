/*
 * live_source.h - where a stream of frames comes from: standard input, a FIFO, a device, a file. Opens
 * it so that nothing can block. The producer and vitrine send call it.
 */
#ifndef VITRINE_STREAM_LIVE_SOURCE_H
#define VITRINE_STREAM_LIVE_SOURCE_H

#include <stdbool.h>

#include "text.h"
#include "vitrine.h"

/*
 * A descriptor for live.h, which the caller closes; `path` may be "-". A FIFO that nobody writes to
 * yet is waited for later. -1: `reason` says why not.
 */
int live_source_open(const char *path, char reason[TEXT_REASON_MAX]);

/* What its frames are called: the last part of the path, or "stdin". */
const char *live_source_name(const char *path);

/* What is to be done when no slot is free, if nobody said: files wait, whatever else is live. */
enum vitrine_when_full live_source_when_full(int fd);

/* Whether the path names a stream, among files: "-", a FIFO, or a file that begins as YUV4MPEG2. */
bool live_source_is(const char *path);

#endif

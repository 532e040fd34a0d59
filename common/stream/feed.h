/*
 * feed.h - reads bytes from a pipe for parsers of streams: headers through a small buffer, payload
 * directly to its destination with read(2). It sleeps only in poll(), so that a request to end is
 * noticed and a stalled writer blocks nothing. For one thread.
 */
#ifndef VITRINE_STREAM_FEED_H
#define VITRINE_STREAM_FEED_H

#include <stddef.h>
#include <stdint.h>

#include "text.h"

#define FEED_BUFFER  65536
#define FEED_AHEAD   4096 /* bytes to look ahead; longer reads bypass the buffer */
#define FEED_FOREVER INT64_C(-1)

enum feed_result {
	FEED_OK,
	FEED_END,     /* the stream ended before the bytes that were asked for */
	FEED_STALLED, /* no byte arrived within the given time; call again */
	FEED_STOPPED, /* `woken` is readable */
	FEED_FAILED,  /* read(2) failed: feed_error() */
};

struct feed {
	int fd;
	int woken; /* stop when it becomes readable; -1: none */
	int error; /* errno of the failed read */
	size_t at, size;
	uint8_t buffer[FEED_BUFFER]; /* bytes at … size were read and not yet handed out */
};

/* Both descriptors remain the caller's. Enlarges the buffer of a pipe as far as allowed. */
void feed_start(struct feed *feed, int fd, int woken);

/* The reason for FEED_FAILED. Returns `reason`. */
char *feed_error(const struct feed *feed, char reason[TEXT_REASON_MAX]);

/* Sleeps until a byte can be read, or the end is reached, which is FEED_OK too. */
enum feed_result feed_wait(struct feed *feed, int64_t patience_ns);

/*
 * Looks ahead: afterwards `count` (at most FEED_AHEAD) bytes are in the buffer from `at` on; with
 * FEED_END, fewer.
 */
enum feed_result feed_peek(struct feed *feed, size_t count);

enum feed_result feed_byte(struct feed *feed, uint8_t *byte);

/*
 * Reads a line of less than `max` bytes, without its newline. FEED_OK with "": empty, or too long.
 */
enum feed_result feed_line(struct feed *feed, char *line, size_t max);

/*
 * Reads `size` bytes to `to`, of which *done are already there: call it again with the same `to`,
 * or another one with a copy of those bytes. FEED_STALLED after `patience_ns` without a byte. Reads
 * shorter than FEED_AHEAD go through the buffer, so that one read(2) serves many of them.
 */
enum feed_result feed_read(struct feed *feed, void *to, size_t size, size_t *done,
	int64_t patience_ns);

#endif

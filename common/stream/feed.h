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
#define FEED_AHEAD   4096 /* as much is looked ahead: what follows can be read to where it belongs */
#define FEED_FOREVER INT64_C(-1)

enum feed_result {
	FEED_OK,
	FEED_END,     /* the stream is at its end, and has less than was asked for */
	FEED_STALLED, /* nothing came for as long as was given; call again */
	FEED_STOPPED, /* `woken` is readable */
	FEED_FAILED,  /* read(2) did: feed_error() */
};

struct feed {
	int fd;
	int woken; /* readable: stop; -1: none */
	int error; /* errno of the read that failed */
	size_t at, size;
	uint8_t buffer[FEED_BUFFER]; /* bytes at … size are read, and not handed out yet */
};

/* Both descriptors remain the caller's. A pipe is made as wide as it may be. */
void feed_start(struct feed *feed, int fd, int woken);

/* Why it FAILED. Returns `reason`. */
char *feed_error(const struct feed *feed, char reason[TEXT_REASON_MAX]);

/* Sleeps until there is a byte, or the end, which is FEED_OK too. */
enum feed_result feed_wait(struct feed *feed, int64_t patience_ns);

/*
 * Looks ahead: `count` (at most FEED_AHEAD) bytes are in the buffer from `at` on, then. With FEED_END
 * there are fewer.
 */
enum feed_result feed_peek(struct feed *feed, size_t count);

enum feed_result feed_byte(struct feed *feed, uint8_t *byte);

/* A line of less than `max` bytes, without its end. FEED_OK with "": empty, or too long. */
enum feed_result feed_line(struct feed *feed, char *line, size_t max);

/*
 * Reads `size` bytes to `to`, of which *done are there already: it can be called again with another
 * `to` that holds those. FEED_STALLED after `patience_ns` without a byte. What is smaller than
 * FEED_AHEAD comes by way of the buffer, many of them with one read(2).
 */
enum feed_result feed_read(struct feed *feed, void *to, size_t size, size_t *done,
	int64_t patience_ns);

#endif

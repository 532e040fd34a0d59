/* feed.c - see feed.h. */
#include "feed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "timespec.h"
#include "translate.h"

/*
 * The default limit for any user (/proc/sys/fs/pipe-max-size): a frame takes a few reads instead of
 * fifty.
 */
#define PIPE_BYTES (1 << 20)

void feed_start(struct feed *feed, int fd, int woken)
{
	*feed = (struct feed){.fd = fd, .woken = woken};
	fcntl(fd, F_SETPIPE_SZ,
		PIPE_BYTES); /* fails if it is not a pipe or not allowed: that does no harm */
}

char *feed_error(const struct feed *feed, char reason[TEXT_REASON_MAX])
{
	snprintf(reason, TEXT_REASON_MAX, _("cannot be read: %s"), strerror(feed->error));
	return reason;
}

/* Sleeps until something can be read or the end is reached. */
static enum feed_result wait_for_more(const struct feed *feed, int64_t patience_ns)
{
	struct pollfd polled[] = {
		{.fd = feed->fd, .events = POLLIN}, {.fd = feed->woken, .events = POLLIN}};
	const struct timespec patience = timespec_of(patience_ns);
	int rc;

	do /* poll() ignores descriptors below 0 */
		rc = ppoll(polled, 2, patience_ns >= 0 ? &patience : NULL, NULL);
	while (rc < 0 && errno == EINTR);
	if (polled[1].revents != 0)
		return FEED_STOPPED;
	return rc == 0 ? FEED_STALLED : FEED_OK;
}

/* Reads once, up to `size` bytes; with FEED_OK, *got is at least 1. */
static enum feed_result read_some(struct feed *feed, void *to, size_t size, size_t *got,
	int64_t patience_ns)
{
	enum feed_result result;
	ssize_t count;

	do {
		result = wait_for_more(feed, patience_ns);
		if (result != FEED_OK)
			return result;
		count = read(feed->fd, to, size);
	} while (count < 0 && (errno == EINTR || errno == EAGAIN));
	if (count < 0) {
		feed->error = errno;
		return FEED_FAILED;
	}
	*got = (size_t)count;
	return count == 0 ? FEED_END : FEED_OK;
}

enum feed_result feed_wait(struct feed *feed, int64_t patience_ns)
{
	return feed->size > feed->at ? FEED_OK : wait_for_more(feed, patience_ns);
}

/* Reads up to `most` further bytes into the buffer. */
static enum feed_result fill(struct feed *feed, size_t most, int64_t patience_ns)
{
	enum feed_result result;
	size_t got = 0;

	memmove(feed->buffer, feed->buffer + feed->at, feed->size - feed->at);
	feed->size -= feed->at;
	feed->at = 0;
	if (most > FEED_BUFFER - feed->size)
		most = FEED_BUFFER - feed->size;
	result = read_some(feed, feed->buffer + feed->size, most, &got, patience_ns);
	feed->size += got;
	return result;
}

enum feed_result feed_peek(struct feed *feed, size_t count)
{
	enum feed_result result = FEED_OK;

	while (result == FEED_OK && feed->size - feed->at < count)
		result = fill(feed, FEED_AHEAD, FEED_FOREVER);
	return result;
}

enum feed_result feed_byte(struct feed *feed, uint8_t *byte)
{
	enum feed_result result = feed_peek(feed, 1);

	if (result == FEED_OK)
		*byte = feed->buffer[feed->at++];
	return result;
}

enum feed_result feed_line(struct feed *feed, char *line, size_t max)
{
	size_t length = 0;
	uint8_t byte;

	for (;;) {
		enum feed_result result = feed_byte(feed, &byte);

		if (result != FEED_OK)
			return result;
		if (byte == '\n' || length == max - 1)
			break;
		line[length++] = (char)byte;
	}
	line[byte == '\n' ? length : 0] = '\0';
	return FEED_OK;
}

/* Hands out bytes from the buffer. */
static void take(struct feed *feed, uint8_t *to, size_t size, size_t *done)
{
	size_t ready = feed->size - feed->at;
	size_t count = ready < size - *done ? ready : size - *done;

	memcpy(to + *done, feed->buffer + feed->at, count);
	feed->at += count;
	*done += count;
}

enum feed_result feed_read(struct feed *feed, void *to, size_t size, size_t *done,
	int64_t patience_ns)
{
	enum feed_result result = FEED_OK;

	take(feed, to, size, done);
	while (result == FEED_OK && *done < size) {
		size_t left = size - *done;
		size_t got = 0;

		if (left < FEED_AHEAD) {
			result = fill(feed, FEED_BUFFER, patience_ns);
			take(feed, to, size, done);
			continue;
		}
		result = read_some(feed, (uint8_t *)to + *done, left, &got, patience_ns);
		*done += got;
	}
	return result;
}

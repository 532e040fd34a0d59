/*
 * frames_jpeg.c - see frames.h: JPEGs one after the other, as webcams and ffmpeg -f mjpeg write them;
 * what lies between two of them (the headers of an HTTP camera) is passed over. And what is no stream,
 * which is read to its end. The bytes are gathered in memory, and decoded there: never in a slot.
 */
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "frames_parts.h"
#include "mediatype.h"

#define BETWEEN_MOST 65536 /* bytes between two pictures; more is another kind of stream */

enum { MARKER = 0xff, START = 0xd8, END = 0xd9 };

static enum frames_result refuse_size(struct frames *frames)
{
	char size[TEXT_SIZE_MAX];

	return frames_refuse(frames, "has more than %s in one frame, or there is no memory",
		text_size(size, frames->options.limit));
}

static enum frames_result gather(struct frames *frames, size_t size)
{
	size_t done = 0;
	enum feed_result result;

	if (!frames_grow(frames, size))
		return refuse_size(frames);
	result = feed_read(&frames->feed, frames->bytes + frames->size, size, &done, FEED_FOREVER);
	frames->size += done;
	return frames_inside(frames, result);
}

/* ---- one JPEG -------------------------------------------------------------------------------- */

/* How many bytes of the buffer are sure to come before the second byte of a marker. */
static size_t count_safe(const struct feed *feed, bool has_ff)
{
	const uint8_t *start = feed->buffer + feed->at;
	size_t ready = feed->size - feed->at;
	const uint8_t *ff = memchr(start, MARKER, ready);

	if (has_ff)
		return 1;
	return ff != NULL ? (size_t)(ff - start) + 1 : ready;
}

/* Gathers all up to the next marker, and that; *code is its second byte. */
static enum frames_result gather_marker(struct frames *frames, uint8_t *code)
{
	struct feed *feed = &frames->feed;
	bool has_ff = false;

	for (;;) {
		enum frames_result result = frames_inside(frames, feed_peek(feed, 1));

		if (result == FRAMES_OK)
			result = gather(frames, count_safe(feed, has_ff));
		if (result != FRAMES_OK)
			return result;
		*code = frames->bytes[frames->size - 1];
		if (has_ff && *code != 0 && *code != MARKER)
			return FRAMES_OK;
		has_ff = *code == MARKER; /* FF 00 is a byte of data, FF FF fills */
	}
}

static bool stands_alone(uint8_t code)
{
	return code == 0x01 || (code >= 0xd0 && code <= 0xd7);
}

/* The length of a segment, and its bytes: a picture within (EXIF) ends nothing. */
static enum frames_result gather_segment(struct frames *frames)
{
	enum frames_result result = gather(frames, 2);
	size_t length;

	if (result != FRAMES_OK)
		return result;
	length = (size_t)frames->bytes[frames->size - 2] << 8 | frames->bytes[frames->size - 1];
	if (length < 2)
		return frames_refuse(frames, "has a JPEG with a segment of %zu bytes", length);
	return gather(frames, length - 2);
}

/* Up to where a picture begins. FRAMES_END: there is none any more. */
static enum frames_result find_start(struct frames *frames)
{
	struct feed *feed = &frames->feed;

	for (uint32_t passed = 0; passed < BETWEEN_MOST; passed++) {
		enum feed_result result = feed_peek(feed, 2);
		bool has_half = feed->size > feed->at && feed->buffer[feed->at] == MARKER;

		if (result == FEED_END && frames->count > 0 && !has_half)
			return FRAMES_END;
		if (result != FEED_OK)
			return frames_inside(frames, result);
		if (feed->buffer[feed->at] == MARKER && feed->buffer[feed->at + 1] == START)
			return FRAMES_OK;
		feed->at++;
	}
	return frames_refuse(frames, "has no JPEG within %d bytes behind the last one",
		BETWEEN_MOST);
}

static enum frames_result next_jpeg(struct frames *frames)
{
	enum frames_result result = find_start(frames);
	uint8_t code = START;

	if (result == FRAMES_OK)
		result = gather(frames, 2);
	while (result == FRAMES_OK && code != END) {
		result = gather_marker(frames, &code);
		if (result == FRAMES_OK && code != END && !stands_alone(code))
			result = gather_segment(frames);
	}
	return result == FRAMES_OK ? frames_decode(frames) : result;
}

const struct frames_kind frames_jpeg = {.name = "JPEG", .next = next_jpeg};

/* ---- one file -------------------------------------------------------------------------------- */

static enum frames_result describe_bytes(struct frames *frames)
{
	const char *name = frames->options.name;
	size_t head = frames->size < FORMAT_BYTES ? frames->size : FORMAT_BYTES;

	return vitrine_file(&frames->image, name, frames->size,
		       mediatype_of(frames->bytes, head, name)) == VITRINE_OK
		       ? FRAMES_OK
		       : FRAMES_BAD;
}

static enum frames_result next_file(struct frames *frames)
{
	enum frames_result result = FRAMES_OK;
	enum feed_result has_more;
	enum format format;

	if (frames->count > 0)
		return FRAMES_END;
	while ((has_more = feed_peek(&frames->feed, 1)) == FEED_OK && result == FRAMES_OK)
		result = gather(frames, frames->feed.size - frames->feed.at);
	if (result != FRAMES_OK)
		return result;
	if (has_more != FEED_END)
		return frames_inside(frames, has_more);
	format = format_of(frames->bytes, frames->size < FORMAT_BYTES ? frames->size : FORMAT_BYTES,
		frames->options.name);
	if (!format_is_decoded(format))
		return describe_bytes(frames);
	result = frames_decode(frames);
	frames->image.media_type[0] = '\0'; /* one picture is no stream */
	return result;
}

const struct frames_kind frames_file = {.name = "file", .next = next_file};

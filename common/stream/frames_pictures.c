/*
 * frames_pictures.c - see frames.h: JPEGs one after the other, as webcams write them, or images of
 * another format that tells where they end (PNG, BMP, WebP, QOI), as ffmpeg writes them. Skips
 * bytes between two pictures, such as the headers of an HTTP camera, and pictures that cannot be
 * decoded. It also reads data that is not a stream, to its end. The bytes are collected in memory
 * and decoded there, never in a slot.
 */
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "frames_parts.h"
#include "mediatype.h"
#include "translate.h"

#define BETWEEN_MOST 65536 /* bytes between two pictures; more of them is another kind of stream */
#define JOINED_MOST  (16 << 20) /* the same before the first picture, or after a damaged one */
#define DAMAGED_MOST 10         /* damaged pictures to accept before the first good one */

enum { MARKER = 0xff, START = 0xd8, END = 0xd9 };

static enum frames_result refuse_size(struct frames *frames)
{
	char size[TEXT_SIZE_MAX];

	return frames_refuse(frames, _("has more than %s in one frame, or memory is exhausted"),
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

/* ---- pictures one after the other ------------------------------------------------------------ */

/*
 * Skips a picture that cannot be shown; the reason is set. FRAMES_OK: the stream continues after
 * it.
 */
static enum frames_result pass_over(struct frames *frames)
{
	frames_forget(frames);
	frames->damaged++;
	return frames->count > 0 || frames->damaged < DAMAGED_MOST ? FRAMES_OK : FRAMES_BAD;
}

static enum frames_result end_between(struct frames *frames)
{
	if (frames->count > 0)
		return FRAMES_END;
	if (frames->damaged > 0)
		return FRAMES_BAD;
	return frames->is_joined ? frames_refuse_unknown(frames) : frames_inside(frames, FEED_END);
}

/* Skips to the start of the next picture, by its first bytes. FRAMES_END: there is none. */
static enum frames_result find_start(struct frames *frames, const char *magic, size_t size)
{
	struct feed *feed = &frames->feed;
	const uint32_t most =
		frames->count == 0 || frames->damaged > 0 ? JOINED_MOST : BETWEEN_MOST;

	for (uint32_t passed = 0; passed < most; passed++) {
		enum feed_result result = feed_peek(feed, size);
		size_t left = feed->size - feed->at;

		if (result == FEED_END && left == 0)
			return end_between(frames);
		if (result == FEED_END && memcmp(feed->buffer + feed->at, magic, left) != 0) {
			feed->at++;
			continue;
		}
		if (result != FEED_OK)
			return frames_inside(frames, result);
		if (memcmp(feed->buffer + feed->at, magic, size) == 0)
			return FRAMES_OK;
		feed->at++;
	}
	return frames->is_joined && frames->count == 0
		       ? frames_refuse_unknown(frames)
		       : frames_refuse(frames, _("has no %s within %u bytes after the last one"),
				 frames->kind->name, most);
}

/* Decodes the collected bytes. FRAMES_OK without a picture: it was damaged, and is skipped. */
static enum frames_result open_picture(struct frames *frames)
{
	if (frames_decode(frames) == FRAMES_OK) {
		if (!frames->picture->is_incomplete)
			return FRAMES_OK;
		frames_refuse(frames, _("has a picture that is incomplete"));
	}
	return frames_is_stopped(frames) ? FRAMES_STOPPED : pass_over(frames);
}

/* True if the supposed stream is a single complete file, which may be truncated. */
static bool is_one_file(struct frames *frames)
{
	return frames->options.may_be_file && frames->count == 0 && frames->damaged == 0 &&
	       frames->size > 0 && feed_peek(&frames->feed, 1) == FEED_END;
}

static enum frames_result open_file(struct frames *frames)
{
	enum frames_result result = frames_decode(frames);

	frames->kind = &frames_file;
	frames->image.media_type[0] = '\0'; /* one picture is not a stream */
	return result;
}

/* Reads up to the next picture that can be decoded. `gather_one` collects one, or skips it. */
static enum frames_result next_picture(struct frames *frames, const char *magic, size_t size,
	enum frames_result (*gather_one)(struct frames *frames))
{
	enum frames_result result = FRAMES_OK;

	while (result == FRAMES_OK && frames->picture == NULL) {
		result = find_start(frames, magic, size);
		if (result == FRAMES_OK)
			result = gather_one(frames);
		if ((result == FRAMES_BAD || frames->kind != &frames_jpeg) && is_one_file(frames))
			return open_file(frames);
		if (result == FRAMES_OK && frames->size > 0)
			result = open_picture(frames);
	}
	return result;
}

/* ---- one JPEG -------------------------------------------------------------------------------- */

/* How many bytes of the buffer certainly precede the second byte of a marker. */
static size_t count_safe(const struct feed *feed, bool has_ff)
{
	const uint8_t *start = feed->buffer + feed->at;
	size_t ready = feed->size - feed->at;
	const uint8_t *ff = memchr(start, MARKER, ready);

	if (has_ff)
		return 1;
	return ff != NULL ? (size_t)(ff - start) + 1 : ready;
}

/* Collects everything up to and including the next marker; *code is its second byte. */
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
		has_ff = *code == MARKER; /* FF 00 is a data byte, FF FF is padding */
	}
}

static bool stands_alone(uint8_t code)
{
	return code == 0x01 || (code >= 0xd0 && code <= 0xd7);
}

/*
 * Reads a segment by its length, so that a picture inside it (EXIF) is not taken for the next one.
 */
static enum frames_result gather_segment(struct frames *frames)
{
	enum frames_result result = gather(frames, 2);
	size_t length;

	if (result != FRAMES_OK)
		return result;
	length = (size_t)frames->bytes[frames->size - 2] << 8 | frames->bytes[frames->size - 1];
	if (length < 2) {
		frames_refuse(frames, _("has a JPEG with a segment of %zu bytes"), length);
		return pass_over(frames);
	}
	return gather(frames, length - 2);
}

/* Another picture begins before the end of this one: skips this one and collects the new one. */
static enum frames_result begin_anew(struct frames *frames)
{
	enum frames_result result;

	frames_refuse(frames, _("has a JPEG that ends early: the next one begins within it"));
	result = pass_over(frames);
	frames->bytes[0] = MARKER;
	frames->bytes[1] = START;
	frames->size = 2;
	return result;
}

static enum frames_result gather_jpeg(struct frames *frames)
{
	enum frames_result result = gather(frames, 2);
	uint8_t code = 0;

	while (result == FRAMES_OK && code != END && frames->size > 0) {
		result = gather_marker(frames, &code);
		if (result != FRAMES_OK || code == END)
			break;
		if (code == START)
			result = begin_anew(frames);
		else if (!stands_alone(code))
			result = gather_segment(frames);
	}
	return result;
}

static enum frames_result next_jpeg(struct frames *frames)
{
	return next_picture(frames, "\xff\xd8\xff", frames->is_joined ? 3 : 2, gather_jpeg);
}

const struct frames_kind frames_jpeg = {.name = "JPEG", .next = next_jpeg};

/* ---- one PNG --------------------------------------------------------------------------------- */

/* Reads its chunks: each has a length, a name, that many bytes, and a checksum. */
static enum frames_result gather_png(struct frames *frames)
{
	enum frames_result result = gather(frames, strlen(FRAMES_PNG_MAGIC));
	bool is_last = false;

	while (result == FRAMES_OK && !is_last) {
		const uint8_t *head;
		size_t length;

		result = gather(frames, 8);
		if (result != FRAMES_OK)
			break;
		head = frames->bytes + frames->size - 8;
		length = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 |
			 head[3];
		is_last = memcmp(head + 4, "IEND", 4) == 0;
		result = gather(frames, length + 4);
	}
	return result;
}

static enum frames_result next_png(struct frames *frames)
{
	return next_picture(frames, FRAMES_PNG_MAGIC, strlen(FRAMES_PNG_MAGIC), gather_png);
}

const struct frames_kind frames_png = {.name = "PNG", .next = next_png};

/* ---- one BMP, WebP or QOI -------------------------------------------------------------------- */

/* Reads its header of `head` bytes. *number: the little-endian one at `at` in it. */
static enum frames_result gather_head(struct frames *frames, size_t head, size_t at, size_t *number)
{
	enum frames_result result = gather(frames, head);
	const uint8_t *bytes = frames->bytes + at;

	if (result == FRAMES_OK)
		*number = (size_t)bytes[3] << 24 | (size_t)bytes[2] << 16 | (size_t)bytes[1] << 8 |
			  bytes[0];
	return result;
}

static enum frames_result gather_bmp(struct frames *frames)
{
	size_t size = 0;
	enum frames_result result = gather_head(frames, 6, 2, &size);

	return result == FRAMES_OK && size > 6 ? gather(frames, size - 6) : result;
}

static enum frames_result next_bmp(struct frames *frames)
{
	return next_picture(frames, "BM", 2, gather_bmp);
}

const struct frames_kind frames_bmp = {.name = "BMP", .next = next_bmp};

static enum frames_result gather_webp(struct frames *frames)
{
	size_t size = 0;
	enum frames_result result = gather_head(frames, 8, 4, &size);

	return result == FRAMES_OK ? gather(frames, size + size % 2) : result;
}

static enum frames_result next_webp(struct frames *frames)
{
	return next_picture(frames, "RIFF", 4, gather_webp);
}

const struct frames_kind frames_webp = {.name = "WebP", .next = next_webp};

/* Up to its end mark, which its pixels cannot contain. */
static enum frames_result gather_qoi(struct frames *frames)
{
	static const uint8_t mark[8] = {0, 0, 0, 0, 0, 0, 0, 1};
	struct feed *feed = &frames->feed;
	enum frames_result result = gather(frames, 14);

	while (result == FRAMES_OK &&
		memcmp(frames->bytes + frames->size - sizeof(mark), mark, sizeof(mark)) != 0) {
		result = frames_inside(frames, feed_peek(feed, 1));
		if (result != FRAMES_OK)
			break;
		const uint8_t *start = feed->buffer + feed->at;
		const uint8_t *one = memchr(start, 1, feed->size - feed->at);
		result = gather(frames,
			one != NULL ? (size_t)(one - start) + 1 : feed->size - feed->at);
	}
	return result;
}

static enum frames_result next_qoi(struct frames *frames)
{
	return next_picture(frames, "qoif", 4, gather_qoi);
}

const struct frames_kind frames_qoi = {.name = "QOI", .next = next_qoi};

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
	frames->image.media_type[0] = '\0'; /* one picture is not a stream */
	return result;
}

const struct frames_kind frames_file = {.name = "file", .next = next_file};

/*
 * frames.c - see frames.h: what all kinds of streams have in common. frames_y4m.c, frames_pnm.c,
 * frames_pictures.c and frames_raw.c parse what precedes the pixels.
 */
#include "frames.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "format.h"
#include "frames_parts.h"
#include "translate.h"

bool frames_has(const struct vitrine_image *image)
{
	return image->kind == VITRINE_PIXELS &&
	       strcmp(image->media_type, VITRINE_MEDIA_TYPE_FRAME) == 0;
}

bool frames_follow(const struct vitrine_image *before, const struct vitrine_image *image)
{
	return frames_has(before) && frames_has(image) && before->publisher == image->publisher;
}

struct frames *frames_open(const struct frames_options *options)
{
	struct frames *frames = calloc(1, sizeof(*frames));

	if (frames == NULL)
		return NULL;
	frames->options = *options;
	if (options->format != 0)
		frames->kind = &frames_raw;
	feed_start(&frames->feed, options->fd, options->woken);
	return frames;
}

void frames_close(struct frames *frames)
{
	if (frames == NULL)
		return;
	frames_forget(frames);
	decode_close(frames->animation);
	free(frames->bytes);
	free(frames->sums);
	free(frames->row_memory);
	free(frames);
}

const char *frames_reason(const struct frames *frames)
{
	return frames->reason;
}

const char *frames_kind(const struct frames *frames)
{
	return frames->kind != NULL ? frames->kind->name : "";
}

uint64_t frames_damaged(const struct frames *frames)
{
	return frames->damaged;
}

double frames_rate(const struct frames *frames)
{
	return frames->rate;
}

/* ---- for all kinds -------------------------------------------------------------------------- */

enum frames_result frames_refuse(struct frames *frames, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(frames->reason, sizeof(frames->reason), format, arguments);
	va_end(arguments);
	return FRAMES_BAD;
}

enum frames_result frames_inside(struct frames *frames, enum feed_result result)
{
	switch (result) {
	case FEED_OK: return FRAMES_OK;
	case FEED_STALLED: return FRAMES_STALLED;
	case FEED_STOPPED: return FRAMES_STOPPED;
	case FEED_FAILED: feed_error(&frames->feed, frames->reason); return FRAMES_BAD;
	case FEED_END:
	default: break;
	}
	if (frames->count == 0)
		return frames_refuse(frames, _("ended before its first frame"));
	return frames_refuse(frames, _("ended in the middle of frame %llu, which was not sent"),
		(unsigned long long)(frames->count + frames->damaged) +
			(frames->part_count == 0 ? 1 : 0));
}

enum frames_result frames_describe(struct frames *frames, uint32_t width, uint32_t height,
	uint32_t format)
{
	if (vitrine_pixels(&frames->image, frames->options.name, width, height, format) !=
		VITRINE_OK)
		return frames_refuse(frames, _("has frames of the impossible size %u x %u pixels"),
			width, height);
	strcpy(frames->image.media_type, VITRINE_MEDIA_TYPE_FRAME);
	return FRAMES_OK;
}

enum frames_result frames_add_part(struct frames *frames, const struct frames_part *part)
{
	if (part->put != NULL && part->row_bytes > frames->row_size) {
		uint8_t *memory = realloc(frames->row_memory, part->row_bytes);

		if (memory == NULL)
			return frames_refuse(frames, _("needs more memory than is available"));
		frames->row_memory = memory;
		frames->row_size = part->row_bytes;
	}
	frames->parts[frames->part_count++] = *part;
	return FRAMES_OK;
}

/* ---- recognising the kind -------------------------------------------------------------------- */

static bool begins(const uint8_t *bytes, size_t size, const char *text)
{
	return size >= strlen(text) && memcmp(bytes, text, strlen(text)) == 0;
}

static const struct frames_kind *kind_of(const uint8_t *bytes, size_t size)
{
	/* What an HTTP camera sends before its first JPEG, with or without the HTTP header. */
	static const char *const multipart[] = {"--", "HTTP/", "\r\n", "Content-"};
	bool is_netpbm = size >= 3 && bytes[0] == 'P' && memchr(" \t\r\n#", bytes[2], 5) != NULL;

	if (begins(bytes, size, "YUV4MPEG2 "))
		return &frames_y4m;
	if (begins(bytes, size, "\xff\xd8\xff"))
		return &frames_jpeg;
	if (begins(bytes, size, FRAMES_PNG_MAGIC))
		return &frames_png;
	if (begins(bytes, size, "RIFF") && size >= 12 && memcmp(bytes + 8, "WEBP", 4) == 0)
		return &frames_webp;
	if (begins(bytes, size, "qoif"))
		return &frames_qoi;
	if (begins(bytes, size, "BM") && size >= 10 && memcmp(bytes + 6, "\0\0\0\0", 4) == 0)
		return &frames_bmp;
	if (is_netpbm && bytes[1] >= '1' && bytes[1] <= '7')
		return &frames_pnm;
	for (size_t i = 0; i < sizeof(multipart) / sizeof(multipart[0]); i++)
		if (begins(bytes, size, multipart[i]))
			return &frames_jpeg;
	return NULL;
}

static bool is_text(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((bytes[i] < ' ' && strchr("\t\r\n", bytes[i]) == NULL) || bytes[i] >= 0x7f)
			return false;
	return true;
}

/* A name for other kinds of files, by their first bytes; NULL: not known. */
static const char *film_of(const uint8_t *bytes, size_t size)
{
	static const struct {
		size_t at;
		size_t size;
		const char *magic;
		const char *name;
	} films[] = {
		{4, 4, "ftyp", N_("a film (MP4)")},
		{4, 4, "moov", N_("a film (MOV)")},
		{4, 4, "mdat", N_("a film (MOV)")},
		{0, 4, "\x1a\x45\xdf\xa3", N_("a film (Matroska, WebM)")},
		{8, 4, "AVI ", N_("a film (AVI)")},
		{0, 3, "FLV", N_("a film (FLV)")},
		{0, 4, "OggS", N_("a film (Ogg)")},
		{0, 4, "DKIF", N_("a film (IVF)")},
		{0, 4, "\x30\x26\xb2\x75", N_("a film (ASF, WMV)")},
		{0, 4, "GIF8", N_("an animation (GIF)")},
		{0, 4, "\0\0\1\xba", N_("a film (MPEG)")},
		{0, 4, "\0\0\0\1", N_("coded video (H.264, HEVC)")},
		{0, 3, "\0\0\1", N_("coded video (H.264, HEVC)")},
		{0, 1, "G", N_("a film (MPEG-TS)")},
	};

	for (size_t i = 0; i < sizeof(films) / sizeof(films[0]); i++)
		if (size >= films[i].at + films[i].size &&
			memcmp(bytes + films[i].at, films[i].magic, films[i].size) == 0 &&
			(films[i].size > 1 || !is_text(bytes, size)))
			return gettext(films[i].name);
	return NULL;
}

/* An image of a format that does not tell where the next one begins; FORMAT_UNKNOWN: no such. */
static enum format image_of(const uint8_t *bytes, size_t size)
{
	uint8_t head[16] = {0}; /* enough for most formats with magic bytes */
	enum format format;

	memcpy(head, bytes, size);
	format = format_of(head, sizeof(head), "");
	return format == FORMAT_JPEG || format == FORMAT_GIF ? FORMAT_UNKNOWN : format;
}

enum frames_result frames_refuse_unknown(struct frames *frames)
{
	const uint8_t *bytes = frames->begin;
	const size_t size = frames->begin_size;
	const enum format image = image_of(bytes, size);
	const char *film = film_of(bytes, size);
	char seen[3 * FRAMES_SNIFFED + 1] = "";

	if (size == 0)
		return frames_refuse(frames, _("is empty: no data arrived"));
	if (image != FORMAT_UNKNOWN)
		return frames_refuse(frames,
			strcmp(format_article(image), "an") == 0
				? _("is an %s image, whose end in a stream cannot be "
				    "detected: for a stream, write PNM, PNG or JPEG; for "
				    "a single image, leave out --stream")
				: _("is a %s image, whose end in a stream cannot be "
				    "detected: for a stream, write PNM, PNG or JPEG; for "
				    "a single image, leave out --stream"),
			format_info(image)->name);
	if (film != NULL)
		return frames_refuse(frames,
			_("is %s, not a stream of frames: ffmpeg -i FILE -vf "
			  "scale=out_color_matrix=bt709 -pix_fmt yuv420p -f yuv4mpegpipe - | "
			  "vitrine send --stream --matrix bt709 -"),
			film);
	if (begins(bytes, size, "Setting pip"))
		return frames_refuse(frames,
			_("begins with messages of gst-launch-1.0: give it -q, so that only the "
			  "frames are on its standard output"));
	for (size_t i = 0; i < size; i++)
		sprintf(seen + 3 * i, " %02x", bytes[i]);
	return frames_refuse(frames,
		_("is not a stream of frames (it begins with%s): YUV4MPEG2, PNM, PAM, JPEG, PNG, "
		  "BMP, WebP and QOI are recognised; for raw frames, give --size and --format"),
		seen);
}

/*
 * A stream of JPEGs may begin in the middle of one, with any bytes: data that has no known
 * signature and is not text is searched for the next picture.
 */
static enum frames_result sniff(struct frames *frames)
{
	struct feed *feed = &frames->feed;
	enum feed_result result = feed_peek(feed, FRAMES_SNIFFED);
	const uint8_t *bytes = feed->buffer + feed->at;
	size_t size = feed->size - feed->at;
	bool is_animation;

	if (result != FEED_OK && result != FEED_END)
		return frames_inside(frames, result);
	/* Only a file may be an animation, and more bytes of a file can be read later. */
	is_animation = frames_animates(&frames->options, bytes, size);
	if (size > FRAMES_SNIFFED)
		size = FRAMES_SNIFFED;
	memcpy(frames->begin, bytes, size);
	frames->begin_size = size;
	frames->kind = is_animation ? &frames_animation : kind_of(bytes, size);
	if (frames->kind == NULL && frames->options.may_be_file && size > 0)
		frames->kind = &frames_file;
	if (frames->kind == NULL && film_of(bytes, size) == NULL && !is_text(bytes, size) &&
		image_of(bytes, size) == FORMAT_UNKNOWN) {
		frames->kind = &frames_jpeg;
		frames->is_joined = true;
	}
	return frames->kind != NULL ? FRAMES_OK : frames_refuse_unknown(frames);
}

enum frames_result frames_wait(struct frames *frames, int64_t patience_ns)
{
	return frames_inside(frames, feed_wait(&frames->feed, patience_ns));
}

enum frames_result frames_next(struct frames *frames, struct vitrine_image *image)
{
	enum frames_result result = frames->kind != NULL ? FRAMES_OK : sniff(frames);

	frames->part_count = 0;
	frames->part = 0;
	frames->row = 0;
	frames->row_done = 0;
	frames_forget(frames);
	if (result == FRAMES_OK)
		result = frames->kind->next(frames);
	if (result == FRAMES_OK)
		frames->count++;
	*image = frames->image;
	return result;
}

/* ---- the payload ----------------------------------------------------------------------------- */

/* Reads the rest of the current row to `to`, or to the memory for rows that are converted. */
static enum frames_result read_row(struct frames *frames, uint8_t *to, int64_t patience_ns)
{
	const struct frames_part *part = &frames->parts[frames->part];
	uint8_t *row = part->put != NULL || to == NULL
			       ? frames->row_memory
			       : to + part->offset + part->row_bytes * frames->row;
	enum feed_result result =
		feed_read(&frames->feed, row, part->row_bytes, &frames->row_done, patience_ns);

	if (result != FEED_OK)
		return frames_inside(frames, result);
	if (part->put != NULL && to != NULL)
		part->put(frames, part, frames->row, row, to);
	frames->row_done = 0;
	frames->row++;
	if (frames->row == part->rows) {
		frames->row = 0;
		frames->part++;
	}
	return FRAMES_OK;
}

static void copy_picture(const struct frames *frames, uint8_t *slot)
{
	const struct pixels *pixels = &frames->picture->pixels;

	pixels_copy_rows(slot, pixels->data, pixels->pitch, frames->image.pitch, pixels->height);
}

enum frames_result frames_fill(struct frames *frames, void *slot, int64_t patience_ns)
{
	enum frames_result result = FRAMES_OK;

	while (result == FRAMES_OK && frames->part < frames->part_count)
		result = read_row(frames, slot, patience_ns);
	if (result != FRAMES_OK)
		return result;
	if (frames->picture != NULL)
		copy_picture(frames, slot);
	else if (frames->part_count == 0)
		memcpy(slot, frames->bytes, frames->size);
	if (frames->kind->finish != NULL)
		frames->kind->finish(frames, slot);
	return FRAMES_OK;
}

enum frames_result frames_skip(struct frames *frames)
{
	uint8_t away[FEED_BUFFER];

	for (; frames->part < frames->part_count; frames->part++) {
		const struct frames_part *part = &frames->parts[frames->part];
		uint64_t left =
			(uint64_t)part->row_bytes * (part->rows - frames->row) - frames->row_done;

		while (left > 0) {
			size_t size = left < sizeof(away) ? (size_t)left : sizeof(away);
			size_t done = 0;
			enum feed_result result =
				feed_read(&frames->feed, away, size, &done, FEED_FOREVER);

			if (result != FEED_OK)
				return frames_inside(frames, result);
			left -= size;
		}
		frames->row = 0;
		frames->row_done = 0;
	}
	return FRAMES_OK;
}

/* ---- frames that come as files: JPEG, or what is not a stream -------------------------------- */

bool frames_grow(struct frames *frames, size_t by)
{
	size_t room = frames->room > 0 ? frames->room : 64 << 10;
	uint8_t *bytes;

	if (frames->size + by > frames->options.limit)
		return false;
	while (room < frames->size + by)
		room *= 2;
	if (room == frames->room)
		return true;
	bytes = realloc(frames->bytes, room);
	if (bytes == NULL)
		return false;
	frames->bytes = bytes;
	frames->room = room;
	return true;
}

void frames_forget(struct frames *frames)
{
	picture_unref(frames->picture);
	frames->picture = NULL;
	frames->size = 0;
}

bool frames_is_stopped(void *data)
{
	struct pollfd polled = {
		.fd = ((const struct frames *)data)->options.woken, .events = POLLIN};

	return poll(&polled, 1, 0) == 1; /* poll() ignores a descriptor of -1 */
}

enum frames_result frames_decode(struct frames *frames)
{
	const struct decode_wish wish = {.gives_up = frames_is_stopped, .data = frames};
	const struct frames_options *options = &frames->options;
	const struct pixels *pixels;

	frames->picture = decode_bytes(options->decoder, options->name, frames->bytes, frames->size,
		options->limit, &wish, frames->reason);
	if (frames->picture == NULL)
		return FRAMES_BAD;
	pixels = &frames->picture->pixels;
	return frames_describe(frames, pixels->width, pixels->height, pixels->format);
}

/*
 * frames_animation.c - see frames.h: the frames of an animated GIF, WebP or PNG, which its decoder
 * draws one after the other. The decoder reads the file through its descriptor.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decode.h"
#include "format.h"
#include "frames_parts.h"

/* An animated PNG or WebP says so near its beginning; others may follow one another in a file. */
#define HEAD_BYTES (64 << 10)

bool frames_animates(const struct frames_options *options, const uint8_t *bytes, size_t size)
{
	uint8_t head[HEAD_BYTES];
	struct stat status;

	if (!options->animates || fstat(options->fd, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	const ssize_t got = pread(options->fd, head, sizeof(head), 0);
	switch (format_of(bytes, size, "")) {
	case FORMAT_GIF: return true;
	case FORMAT_WEBP: return got > 20 && memcmp(head + 12, "VP8X", 4) == 0 && head[20] & 2;
	case FORMAT_PNG: return got > 0 && memmem(head, (size_t)got, "acTL", 4) != NULL;
	default: return false;
	}
}

static bool open_file(struct frames *frames)
{
	const struct frames_options *options = &frames->options;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", options->fd);
	frames->animation = decode_open(path, options->name, options->limit, frames->reason);
	return frames->animation != NULL;
}

/* The last frame has been read: starts again, or ends. */
static enum frames_result decode_next(struct frames *frames)
{
	const struct decode_wish wish = {
		.animates = true,
		.frame = frames->frame,
		.gives_up = frames_is_stopped,
		.data = frames,
	};

	frames->picture =
		decode_run(frames->animation, frames->options.decoder, &wish, frames->reason);
	if (frames->picture == NULL)
		return frames_is_stopped(frames) ? FRAMES_STOPPED : FRAMES_BAD;
	if (frames->frame == 0 || frames->frame < frames->picture->frames)
		return FRAMES_OK;
	frames_forget(frames);
	frames->frame = 0;
	return FRAMES_END;
}

static enum frames_result next_animation(struct frames *frames)
{
	const bool has_more = frames->total == 0 || frames->frame < frames->total;
	const struct pixels *pixels;
	enum frames_result result;

	if (frames->animation == NULL && !open_file(frames))
		return FRAMES_BAD;
	if (!has_more)
		frames->frame = 0;
	if (!has_more && (!frames->options.loops || frames->total == 1))
		return FRAMES_END;
	result = decode_next(frames);
	if (result == FRAMES_END && frames->options.loops) /* fewer frames than the header says */
		result = decode_next(frames);
	if (result != FRAMES_OK)
		return result;
	pixels = &frames->picture->pixels;
	frames->total = frames->picture->frames;
	frames->frame++;
	frames->rate = frames->picture->duration_ms > 0 ? 1000.0 / frames->picture->duration_ms : 0;
	return frames_describe(frames, pixels->width, pixels->height, pixels->format);
}

const struct frames_kind frames_animation = {.name = "animation", .next = next_animation};

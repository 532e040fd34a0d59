/*
 * frames_y4m.c - see frames.h: YUV4MPEG2, as written by ffmpeg -f yuv4mpegpipe and mjpegtools. One
 * line for the stream, one before each frame, then its planes. The siting of chroma samples
 * (420jpeg, 420mpeg2, 420paldv) and the pixel aspect ratio (A) are ignored; interlaced frames (I)
 * are shown unchanged.
 */
#include <stdio.h>
#include <string.h>

#include "frames_parts.h"
#include "translate.h"

#define LINE_MAX_BYTES 1024

/* ---- the header ------------------------------------------------------------------------------ */

/* Parses "420jpeg", "422p10", "mono12": the format, then the bits per sample if they are not 8. */
static enum frames_result set_chroma(struct frames *frames, const char *name)
{
	static const struct {
		const char *name;
		uint32_t x, y;
	} known[] = {{"420jpeg", 2, 2}, {"420mpeg2", 2, 2}, {"420paldv", 2, 2}, {"420", 2, 2},
		{"422", 2, 1}, {"444", 1, 1}, {"mono", 0, 0}};
	char shown[32];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const size_t length = strlen(known[i].name);
		const char *bits = name + length;

		if (strncmp(name, known[i].name, length) != 0)
			continue;
		frames->chroma_x = known[i].x;
		frames->chroma_y = known[i].y;
		if (*bits == '\0')
			return FRAMES_OK;
		bits += *bits == 'p';
		if (text_number(bits, 16, &frames->bits) && frames->bits >= 9)
			return FRAMES_OK;
	}
	return frames_refuse(frames,
		_("has chroma of the kind %s; 420, 422, 444 and mono of 8 to 16 bits can be read: "
		  "with ffmpeg, add -pix_fmt yuv420p"),
		text_printable(shown, sizeof(shown), name));
}

static void set_rate(struct frames *frames, char *text)
{
	char *colon = strchr(text, ':');
	uint32_t count, seconds;

	frames->rate = 0;
	if (colon == NULL)
		return;
	*colon = '\0';
	if (text_number(text, 1000000000, &count) && text_number(colon + 1, 1000000000, &seconds) &&
		seconds > 0)
		frames->rate = (double)count / seconds;
}

static enum frames_result take_field(struct frames *frames, char *field)
{
	uint32_t *side = field[0] == 'W' ? &frames->width : &frames->height;
	char shown[32];

	switch (field[0]) {
	case 'W':
	case 'H':
		if (text_number(field + 1, FRAMES_SIDE_MOST, side) && *side > 0)
			return FRAMES_OK;
		return frames_refuse(frames, _("has an impossible header: %s"),
			text_printable(shown, sizeof(shown), field));
	case 'F': set_rate(frames, field + 1); return FRAMES_OK;
	case 'C': return set_chroma(frames, field + 1);
	case 'X':
		frames->is_full |= strcmp(field, "XCOLORRANGE=FULL") == 0;
		frames->is_by_ffmpeg |= strncmp(field, "XYSCSS=", 7) == 0;
		return FRAMES_OK;
	default: return FRAMES_OK;
	}
}

/* ffmpeg then writes rows of chroma whose last sample lacks a byte, and cannot read them itself. */
static bool has_cut_chroma(const struct frames *frames)
{
	return frames->is_by_ffmpeg && frames->bits > 8 && frames->chroma_x == 2 &&
	       frames->width % 2 != 0;
}

/* A second header in the stream (two concatenated files) must not change the frame format. */
static enum frames_result check_size(struct frames *frames, uint32_t width, uint32_t height)
{
	if (frames->width == 0 || frames->height == 0)
		return frames_refuse(frames, _("has a header without a size (W and H)"));
	if (has_cut_chroma(frames))
		return frames_refuse(frames,
			_("has chroma of more than 8 bits and an odd width (%u), which ffmpeg "
			  "writes incompletely: add -pix_fmt yuv420p"),
			frames->width);
	if (frames->count == 0 || (width == frames->width && height == frames->height))
		return FRAMES_OK;
	return frames_refuse(frames,
		_("changes its size from %u x %u to %u x %u; start a new stream for that"), width,
		height, frames->width, frames->height);
}

static enum frames_result take_header(struct frames *frames, char *line)
{
	uint32_t width = frames->width;
	uint32_t height = frames->height;
	enum frames_result result = FRAMES_OK;
	char *rest = line;
	char *field;

	frames->width = frames->height = 0;
	frames->chroma_x = frames->chroma_y = 2;
	frames->is_full = frames->is_by_ffmpeg = false;
	frames->bits = 8;
	strsep(&rest, " ");
	while (result == FRAMES_OK && (field = strsep(&rest, " ")) != NULL)
		result = take_field(frames, field);
	return result == FRAMES_OK ? check_size(frames, width, height) : result;
}

/* ---- a frame --------------------------------------------------------------------------------- */

static enum frames_result describe(struct frames *frames)
{
	static const size_t no_strides[FRAMES_PARTS];

	if (frames_describe(frames, frames->width, frames->height,
		    frames->chroma_x != 0 ? VITRINE_YU12 : VITRINE_R8) != FRAMES_OK)
		return FRAMES_BAD;
	if (frames->options.range != FRAMES_OWN_RANGE)
		frames->is_full = frames->options.range == FRAMES_FULL;
	return frames_add_planes(frames, no_strides);
}

static enum frames_result next_y4m(struct frames *frames)
{
	enum feed_result result = feed_peek(&frames->feed, 1);
	char line[LINE_MAX_BYTES];
	char shown[32];

	if (result == FEED_END && frames->count > 0)
		return FRAMES_END;
	do {
		result = result == FEED_OK ? feed_line(&frames->feed, line, sizeof(line)) : result;
		if (result != FEED_OK)
			return frames_inside(frames, result);
		if (strncmp(line, "FRAME", 5) == 0 && (line[5] == '\0' || line[5] == ' '))
			return describe(frames);
		if (strncmp(line, "YUV4MPEG2 ", 10) != 0)
			return frames_refuse(frames, _("has “%s” where FRAME is expected"),
				text_printable(shown, sizeof(shown), line));
	} while (take_header(frames, line) == FRAMES_OK);
	return FRAMES_BAD;
}

const struct frames_kind frames_y4m = {
	.name = "YUV4MPEG2", .next = next_y4m, .finish = frames_finish_yuv};

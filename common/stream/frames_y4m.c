/*
 * frames_y4m.c - see frames.h: YUV4MPEG2, what ffmpeg -f yuv4mpegpipe and mjpegtools write. One line
 * for the stream, one before each frame, then its planes. Where the samples of chroma lie (420jpeg,
 * 420mpeg2, 420paldv) and the shape of pixels (A) are not looked at; fields (I) are shown as they are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames_parts.h"

#define LINE_MAX_BYTES 1024

/* ---- the header ------------------------------------------------------------------------------ */

static enum frames_result set_chroma(struct frames *frames, const char *name)
{
	static const struct {
		const char *name;
		uint32_t x, y;
	} known[] = {{"420", 2, 2}, {"420jpeg", 2, 2}, {"420mpeg2", 2, 2}, {"420paldv", 2, 2},
		{"422", 2, 1}, {"444", 1, 1}, {"mono", 0, 0}};
	char shown[32];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i].name) != 0)
			continue;
		frames->chroma_x = known[i].x;
		frames->chroma_y = known[i].y;
		return FRAMES_OK;
	}
	return frames_refuse(frames,
		"has chroma of the kind %s; 420, 422, 444 and mono of 8 bits can be read: with "
		"ffmpeg, add -pix_fmt yuv420p",
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
	if (frames_number(text, 1000000000, &count) &&
		frames_number(colon + 1, 1000000000, &seconds) && seconds > 0)
		frames->rate = (double)count / seconds;
}

static enum frames_result take_field(struct frames *frames, char *field)
{
	uint32_t *side = field[0] == 'W' ? &frames->width : &frames->height;
	char shown[32];

	switch (field[0]) {
	case 'W':
	case 'H':
		if (frames_number(field + 1, FRAMES_SIDE_MOST, side) && *side > 0)
			return FRAMES_OK;
		return frames_refuse(frames, "has a header that cannot be true: %s",
			text_printable(shown, sizeof(shown), field));
	case 'F': set_rate(frames, field + 1); return FRAMES_OK;
	case 'C': return set_chroma(frames, field + 1);
	case 'X': frames->is_full |= strcmp(field, "XCOLORRANGE=FULL") == 0; return FRAMES_OK;
	default: return FRAMES_OK;
	}
}

/* A second header in a stream (two files, one behind the other) may not change what a frame is. */
static enum frames_result check_size(struct frames *frames, uint32_t width, uint32_t height)
{
	if (frames->width == 0 || frames->height == 0)
		return frames_refuse(frames, "has a header without a size (W and H)");
	if (frames->count == 0 || (width == frames->width && height == frames->height))
		return FRAMES_OK;
	return frames_refuse(frames,
		"changes its size from %u x %u to %u x %u; start a stream of its own for that",
		width, height, frames->width, frames->height);
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
	frames->is_full = false;
	strsep(&rest, " ");
	while (result == FRAMES_OK && (field = strsep(&rest, " ")) != NULL)
		result = take_field(frames, field);
	return result == FRAMES_OK ? check_size(frames, width, height) : result;
}

/* ---- a frame --------------------------------------------------------------------------------- */

/*
 * A row of chroma that has more than one sample for two pixels, or is one of two for two rows: adds
 * it up, and writes the averages once the rows are there.
 */
static void put_chroma(struct frames *frames, const struct frames_part *part, uint32_t row,
	const uint8_t *bytes, uint8_t *slot)
{
	const uint32_t across = 2 / frames->chroma_x;
	const uint32_t down = 2 / frames->chroma_y;
	const uint32_t width = (frames->width + 1) / 2;
	const size_t last = part->row_bytes - 1;
	const bool is_first = row % down == 0;
	uint8_t *to = slot + part->offset + (size_t)(row / down) * width;
	uint32_t rows = row % down + 1;

	for (uint32_t x = 0; x < width; x++) {
		size_t at = (size_t)x * across;
		unsigned sum = across == 1 ? bytes[at] * 2u
					   : (unsigned)bytes[at] + bytes[at < last ? at + 1 : last];

		frames->sums[x] = (uint16_t)(is_first ? sum : frames->sums[x] + sum);
	}
	if (rows < down && row + 1 < part->rows)
		return;
	for (uint32_t x = 0; x < width; x++)
		to[x] = (uint8_t)((frames->sums[x] + rows) / (2 * rows));
}

static enum frames_result add_chroma(struct frames *frames)
{
	const struct vitrine_image *image = &frames->image;
	const size_t luma = (size_t)image->pitch * image->height;
	const size_t plane = (size_t)((image->width + 1) / 2) * ((image->height + 1) / 2);
	struct frames_part part = {
		.row_bytes = (image->width + frames->chroma_x - 1) / frames->chroma_x,
		.rows = (image->height + frames->chroma_y - 1) / frames->chroma_y,
		.offset = luma,
		.put = put_chroma,
	};

	if (frames->sums == NULL)
		frames->sums = calloc((image->width + 1) / 2, sizeof(*frames->sums));
	if (frames->sums == NULL)
		return frames_refuse(frames, "needs more memory than there is");
	if (frames_add_part(frames, &part) != FRAMES_OK)
		return FRAMES_BAD;
	part.offset += plane;
	return frames_add_part(frames, &part);
}

static enum frames_result describe(struct frames *frames)
{
	const bool has_chroma = frames->chroma_x != 0;
	const bool is_as_read = !has_chroma || (frames->chroma_x == 2 && frames->chroma_y == 2);
	const struct vitrine_image *image = &frames->image;
	struct frames_part part = {.rows = 1};

	if (frames_describe(frames, frames->width, frames->height,
		    has_chroma ? VITRINE_YU12 : VITRINE_R8) != FRAMES_OK)
		return FRAMES_BAD;
	part.row_bytes = is_as_read ? (size_t)image->size : (size_t)image->pitch * image->height;
	if (frames_add_part(frames, &part) != FRAMES_OK)
		return FRAMES_BAD;
	return is_as_read ? FRAMES_OK : add_chroma(frames);
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
			return frames_refuse(frames, "has “%s” where FRAME must stand",
				text_printable(shown, sizeof(shown), line));
	} while (take_header(frames, line) == FRAMES_OK);
	return FRAMES_BAD;
}

/* ---- the range ------------------------------------------------------------------------------- */

/* 0 … 255 becomes `low` … `low` + `span`; or the other way round. */
static void fill_table(uint8_t table[256], unsigned low, unsigned span, bool widens)
{
	for (unsigned i = 0; i < 256; i++) {
		unsigned inside = i < low ? 0 : i > low + span ? span : i - low;

		table[i] = (uint8_t)(widens ? (inside * 255 + span / 2) / span
					    : low + (i * span + 127) / 255);
	}
}

static void translate(const uint8_t table[256], uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = table[bytes[i]];
}

/* YU12 has limited range, R8 the full one. */
static void finish_y4m(struct frames *frames, uint8_t *slot)
{
	const struct vitrine_image *image = &frames->image;
	const size_t luma = (size_t)image->pitch * image->height;
	const bool is_grey = image->format == VITRINE_R8;

	if (frames->is_full == is_grey)
		return;
	fill_table(frames->table, 16, 219, is_grey);
	translate(frames->table, slot, luma);
	fill_table(frames->table, 16, 224, false);
	translate(frames->table, slot + luma, (size_t)image->size - luma);
}

const struct frames_kind frames_y4m = {.name = "YUV4MPEG2", .next = next_y4m, .finish = finish_y4m};

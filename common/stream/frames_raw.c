/*
 * frames_raw.c - see frames.h: raw pixels, whose size and format the caller gives. Formats that
 * slots do not support are converted while they are read.
 */
#include <string.h>
#include <strings.h>

#include "frames_parts.h"

static const struct raw_format {
	const char *name; /* ffmpeg's name (-pix_fmt), or GStreamer's, in any case */
	const char *code; /* FourCC, as in Linux's DRM */
	uint32_t slot;    /* the format in the slot */
	uint32_t pixel;   /* bytes per pixel; 0: planes */
	uint32_t chroma_x, chroma_y;
} known[] = {
	{"yuv420p", "yu12", VITRINE_YU12, 0, 2, 2},
	{"i420", "yu12", VITRINE_YU12, 0, 2, 2},
	{"nv12", "nv12", VITRINE_NV12, 0, 2, 2},
	{"nv21", "nv21", VITRINE_NV12, 0, 2, 2},
	{"yuv422p", "yu16", VITRINE_YU12, 0, 2, 1},
	{"y42b", "yu16", VITRINE_YU12, 0, 2, 1},
	{"yuyv422", "yuyv", VITRINE_YU12, 2, 2, 1},
	{"yuy2", "yuyv", VITRINE_YU12, 2, 2, 1},
	{"uyvy422", "uyvy", VITRINE_YU12, 2, 2, 1},
	{"gray", "r8", VITRINE_R8, 1, 0, 0},
	{"gray8", "r8", VITRINE_R8, 1, 0, 0},
	{"gray16le", "r16", VITRINE_R8, 2, 0, 0},
	{"gray16_le", "r16", VITRINE_R8, 2, 0, 0},
	{"rgb24", "bg24", VITRINE_BG24, 3, 0, 0},
	{"rgb", "bg24", VITRINE_BG24, 3, 0, 0},
	{"bgr24", "rg24", VITRINE_RG24, 3, 0, 0},
	{"bgr", "rg24", VITRINE_RG24, 3, 0, 0},
	{"rgba", "ab24", VITRINE_AB24, 4, 0, 0},
	{"rgb0", "xb24", VITRINE_XB24, 4, 0, 0},
	{"rgbx", "xb24", VITRINE_XB24, 4, 0, 0},
	{"bgra", "ar24", VITRINE_AR24, 4, 0, 0},
	{"bgr0", "xr24", VITRINE_XR24, 4, 0, 0},
	{"bgrx", "xr24", VITRINE_XR24, 4, 0, 0},
};

/* Its letters in upper case, padded with blanks. */
static uint32_t code_of(const struct raw_format *format)
{
	uint32_t code = 0;

	for (unsigned i = 0, length = (unsigned)strlen(format->code); i < 4; i++) {
		unsigned letter = i < length ? (unsigned char)format->code[i] : ' ';

		code |= (letter >= 'a' ? letter - 'a' + 'A' : letter) << 8 * i;
	}
	return code;
}

bool frames_format(const char *text, uint32_t *format)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(text, known[i].name) == 0 || strcasecmp(text, known[i].code) == 0) {
			*format = code_of(&known[i]);
			return true;
		}
	return false;
}

static const struct raw_format *find(uint32_t code)
{
	size_t i = 0;

	while (code_of(&known[i]) != code)
		i++;
	return &known[i];
}

/* ---- rows of packed pixels ------------------------------------------------------------------- */

static void put_plain(struct frames *frames, const struct frames_part *part, uint32_t row,
	uint8_t *bytes, uint8_t *slot)
{
	(void)part;
	memcpy(slot + (size_t)frames->image.pitch * row, bytes, frames->image.pitch);
}

/* Formats that a slot does not have. */
static void put_converted(struct frames *frames, const struct frames_part *part, uint32_t row,
	uint8_t *bytes, uint8_t *slot)
{
	const bool is_yuv = frames->chroma_x != 0;
	const struct vitrine_array array = {
		.data = bytes,
		.width = frames->image.width,
		.height = 1,
		.format = is_yuv ? frames->options.format : VITRINE_R8,
		.type = is_yuv ? VITRINE_UINT8 : VITRINE_UINT16,
	};

	(void)part;
	vitrine_store(&frames->image, slot, 0, row, &array);
}

static enum frames_result add_packed(struct frames *frames, const struct raw_format *format)
{
	const struct vitrine_image *image = &frames->image;
	const bool is_yuv = format->chroma_x != 0;
	const size_t pixels = is_yuv ? (image->width + 1) / 2 * 2 : image->width;
	struct frames_part part = {.row_bytes = pixels * format->pixel, .rows = image->height};

	if (format->pixel == 2)
		part.put = put_converted;
	if (frames->options.strides[0] > part.row_bytes) {
		part.row_bytes = frames->options.strides[0];
		part.put = part.put != NULL ? part.put : put_plain;
	}
	return frames_add_part(frames, &part);
}

/* ---- a frame --------------------------------------------------------------------------------- */

/* Nothing marks the start of a frame: it follows the previous one. */
static enum frames_result next_raw(struct frames *frames)
{
	const struct frames_options *options = &frames->options;
	const struct raw_format *format = find(options->format);
	enum feed_result result = feed_peek(&frames->feed, 1);

	if (result == FEED_END)
		return FRAMES_END;
	if (result != FEED_OK)
		return frames_inside(frames, result);
	if (frames_describe(frames, options->width, options->height, format->slot) != FRAMES_OK)
		return FRAMES_BAD;
	frames->bits = 8;
	frames->chroma_x = format->chroma_x;
	frames->chroma_y = format->chroma_y;
	frames->is_full = options->range == FRAMES_FULL ||
			  (options->range == FRAMES_OWN_RANGE && format->chroma_x == 0);
	return format->pixel != 0 ? add_packed(frames, format)
				  : frames_add_planes(frames, options->strides);
}

/* NV21 has V before U. */
static void swap_chroma(const struct vitrine_image *image, uint8_t *slot)
{
	for (size_t i = (size_t)image->pitch * image->height; i + 1 < image->size; i += 2) {
		const uint8_t v = slot[i];

		slot[i] = slot[i + 1];
		slot[i + 1] = v;
	}
}

static void finish_raw(struct frames *frames, uint8_t *slot)
{
	const uint32_t slot_format = frames->image.format;

	if (frames->options.format == VITRINE_FOURCC('N', 'V', '2', '1'))
		swap_chroma(&frames->image, slot);
	if (frames->chroma_x != 0 || slot_format == VITRINE_R8)
		frames_finish_yuv(frames, slot);
}

const struct frames_kind frames_raw = {.name = "raw", .next = next_raw, .finish = finish_raw};

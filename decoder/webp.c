/*
 * webp.c - WebP by libwebp. Shows an animation's first frame on its canvas; missing pixels are
 * grey.
 */
#ifdef HAVE_LIBWEBP
#include <stdlib.h>
#include <string.h>
#include <webp/decode.h>

#include "colour.h"
#include "reader.h"
#include "translate.h"

static void put_le(uint8_t *to, size_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

static size_t get_le24(const uint8_t *from)
{
	return (size_t)from[0] | (size_t)from[1] << 8 | (size_t)from[2] << 16;
}

/*
 * libwebp's plain decoder refuses animations, so this makes a still image's file from the first
 * frame's chunks. `width` and `height`: of the frame. NULL: no memory.
 */
static uint8_t *make_still(const struct file_header *header, size_t *size)
{
	uint8_t *still = calloc(1, 30 + header->frame_size);

	if (still == NULL)
		return NULL;
	*size = 30 + header->frame_size;
	memcpy(still, "RIFF\0\0\0\0WEBPVP8X", 16);
	put_le(still + 4, *size - 8, 4);
	put_le(still + 16, 10, 4); /* bytes of VP8X: flags, width and height */
	still[20] = 0x10;          /* may have alpha */
	/*
	 * Width and height, less 1, are three bytes each in the frame's header, before its chunks.
	 */
	put_le(still + 24, get_le24(header->frame - 10), 3);
	put_le(still + 27, get_le24(header->frame - 7), 3);
	memcpy(still + 30, header->frame, header->frame_size);
	return still;
}

/* Decodes as far as possible: returns the number of rows. */
static uint32_t decode_beginning(const uint8_t *bytes, size_t size, WebPDecoderConfig *config)
{
	WebPIDecoder *decoder = WebPIDecode(NULL, 0, config);
	int rows = 0;

	if (decoder == NULL)
		return 0;
	WebPIAppend(decoder, bytes, size);
	if (WebPIDecGetRGB(decoder, &rows, NULL, NULL, NULL) == NULL)
		rows = 0;
	WebPIDelete(decoder);
	return rows > 0 ? (uint32_t)rows : 0;
}

/* Decodes into `pixels`, with rows `pitch` words apart. Returns the number of rows. */
static uint32_t decode(const uint8_t *bytes, size_t size, WebPDecoderConfig *config,
	uint32_t *pixels, size_t pitch, VP8StatusCode *status)
{
	const uint32_t height = (uint32_t)config->input.height;

	config->output.colorspace = MODE_BGRA;
	config->output.is_external_memory = 1;
	config->output.u.RGBA.rgba = (uint8_t *)pixels;
	config->output.u.RGBA.stride = (int)(pitch * 4);
	config->output.u.RGBA.size = pitch * 4 * (height - 1) + (size_t)config->input.width * 4;
	*status = WebPDecode(bytes, size, config);
	return *status == VP8_STATUS_OK ? height : decode_beginning(bytes, size, config);
}

static void fill_grey(uint32_t *pixels, size_t pitch, uint32_t width, uint32_t height)
{
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			pixels[y * pitch + x] = UINT32_C(0xff808080);
}

static bool fail_status(const struct reading *reading, VP8StatusCode status)
{
	if (status == VP8_STATUS_NOT_ENOUGH_DATA || status == VP8_STATUS_SUSPENDED)
		return reading_fail_cut(reading);
	if (status == VP8_STATUS_OUT_OF_MEMORY)
		return reading_fail_memory(reading);
	return reading_fail(reading, N_("is not a WebP image that can be opened (its data is "
					"invalid)"));
}

/* The whole canvas, which the frame covers fully or in part. */
static bool read_canvas(const struct reading *reading, const uint8_t *bytes, size_t size,
	WebPDecoderConfig *config, uint32_t *canvas, uint32_t width, uint32_t height)
{
	const struct file_header *header = reading->header;
	const uint32_t w = (uint32_t)config->input.width, h = (uint32_t)config->input.height;
	const uint32_t x = header->frame_x, y = header->frame_y;
	VP8StatusCode status;

	if (x + w > width || y + h > height)
		return reading_fail(reading, N_("has a frame that does not fit into it"));
	uint32_t *at = canvas + (size_t)y * width + x;
	const uint32_t rows = decode(bytes, size, config, at, width, &status);
	if (rows == 0)
		return fail_status(reading, status);
	if (!reading_begin(reading, width, height, file_orientation(header)))
		return false;
	if (rows < h) {
		fill_grey(at + (size_t)rows * width, width, w, h - rows);
		reading_note_incomplete(reading);
	}
	reading_put_rows(reading, canvas, width, width, height);
	reading_note_frames(reading, header->frames);
	return true;
}

static bool read_still(const struct reading *reading, const uint8_t *bytes, size_t size)
{
	const struct file_header *header = reading->header;
	WebPDecoderConfig config;

	if (!WebPInitDecoderConfig(&config))
		return reading_fail(reading, N_("cannot be read: libwebp is of another version"));
	const VP8StatusCode status = WebPGetFeatures(bytes, size, &config.input);
	if (status != VP8_STATUS_OK)
		return fail_status(reading, status);
	const bool is_frame = header->frame != NULL;
	const uint32_t width = is_frame ? (uint32_t)header->width : (uint32_t)config.input.width;
	const uint32_t height = is_frame ? (uint32_t)header->height : (uint32_t)config.input.height;
	if (!size_limit_allows(reading->source->limit, width, height, size, reading->reason))
		return false;
	uint32_t *canvas = calloc((size_t)width * height, 4);
	if (canvas == NULL)
		return reading_fail_memory(reading);
	bool is_read = read_canvas(reading, bytes, size, &config, canvas, width, height);
	free(canvas);
	return is_read;
}

bool webp_read(const struct reading *reading)
{
	const struct file_header *header = reading->header;
	struct colour colour;
	size_t size = 0;

	colour_by_profile(&colour, reading, COLOUR_RGB, header->icc, header->icc_size);
	const struct reading coloured = colour_reading(reading, &colour);
	if (header->frame == NULL)
		return read_still(&coloured, reading->source->bytes, reading->source->size);
	uint8_t *still = make_still(header, &size);
	if (still == NULL)
		return reading_fail_memory(reading);
	bool is_read = read_still(&coloured, still, size);
	free(still);
	return is_read;
}
#else
extern int webp_is_left_to_sdl;
#endif

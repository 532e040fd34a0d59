/*
 * gif.c - GIF by giflib: the first frame, drawn on the screen that it is part of, with missing
 * pixels in grey; and the frames of an animation, one after the other.
 */
#ifdef HAVE_LIBGIF
#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

#include "animation.h"
#include "reader.h"
#include "translate.h"

struct gif {
	const struct reading *reading; /* NULL during playback */
	const uint8_t *bytes;          /* the file */
	size_t size;
	GifFileType *file;
	size_t at; /* in the bytes */
	bool is_at_end;
	int transparent; /* -1: no transparent colour */
	uint32_t width, height;
	uint32_t *canvas;
	/* During playback: */
	bool is_playing;
	uint32_t delay_ms;
	int disposal;      /* disposal of the frame drawn next */
	int last_disposal; /* disposal of the previous frame */
	GifImageDesc last; /* position of the previous frame */
	uint32_t *saved;   /* the canvas before the previous frame, or NULL */
};

static int read_bytes(GifFileType *file, GifByteType *to, int count)
{
	struct gif *gif = file->UserData;
	size_t size = (size_t)count;

	if (size > gif->size - gif->at) {
		gif->is_at_end = true;
		size = gif->size - gif->at;
	}
	memcpy(to, gif->bytes + gif->at, size);
	gif->at += size;
	return (int)size;
}

/* One word for each of the 256 values of a byte in the frame. */
static void make_palette(const struct gif *gif, uint32_t palette[256])
{
	const ColorMapObject *map = gif->file->Image.ColorMap != NULL ? gif->file->Image.ColorMap
								      : gif->file->SColorMap;

	for (int i = 0; i < 256; i++) {
		palette[i] = UINT32_C(0xff000000);
		if (map != NULL && i < map->ColorCount)
			palette[i] |= (uint32_t)map->Colors[i].Red << 16 |
				      (uint32_t)map->Colors[i].Green << 8 | map->Colors[i].Blue;
		else if (map == NULL)
			palette[i] |= (uint32_t)i * 0x010101;
	}
	if (gif->transparent >= 0)
		palette[gif->transparent & 255] = 0;
}

/* The row of the image that is the n-th one in the file. */
static uint32_t row_at(uint32_t n, uint32_t height, bool is_interlaced)
{
	static const uint32_t starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};

	for (int pass = 0; is_interlaced && pass < 4; pass++) {
		const uint32_t start = starts[pass], step = steps[pass];
		const uint32_t rows = height > start ? (height - start + step - 1) / step : 0;

		if (n < rows)
			return start + n * step;
		n -= rows;
	}
	return n;
}

static void fill_frame(struct gif *gif, uint32_t colour)
{
	const GifImageDesc *frame = &gif->file->Image;

	for (int y = 0; y < frame->Height; y++)
		for (int x = 0; x < frame->Width; x++)
			gif->canvas[(size_t)(frame->Top + y) * gif->width +
				    (size_t)(frame->Left + x)] = colour;
}

/* Returns the number of rows that the file has. */
static uint32_t read_rows(struct gif *gif)
{
	const GifImageDesc *frame = &gif->file->Image;
	const uint32_t width = (uint32_t)frame->Width, height = (uint32_t)frame->Height;
	GifPixelType *line = malloc(width);
	uint32_t palette[256];
	uint32_t n = 0;

	make_palette(gif, palette);
	for (; line != NULL && n < height; n++) {
		const uint32_t y = row_at(n, height, frame->Interlace);
		uint32_t *to = gif->canvas + (size_t)((uint32_t)frame->Top + y) * gif->width +
			       (uint32_t)frame->Left;

		if (DGifGetLine(gif->file, line, frame->Width) == GIF_ERROR)
			break;
		for (uint32_t x = 0; x < width; x++)
			if (!gif->is_playing || line[x] != gif->transparent)
				to[x] = palette[line[x]];
	}
	free(line);
	return n;
}

/* Graphic control extension: the transparent colour and the duration of the next frame. */
static bool read_extension(struct gif *gif)
{
	GifByteType *block;
	int code;

	if (DGifGetExtension(gif->file, &code, &block) == GIF_ERROR)
		return false;
	if (code == GRAPHICS_EXT_FUNC_CODE && block != NULL && block[0] >= 4) {
		gif->transparent = (block[1] & 1) != 0 ? block[4] : -1;
		gif->disposal = block[1] >> 2 & 7;
		gif->delay_ms = ((uint32_t)block[3] << 8 | block[2]) * 10;
	}
	while (block != NULL)
		if (DGifGetExtensionNext(gif->file, &block) == GIF_ERROR)
			return false;
	return true;
}

/* Advances to the rows of the next frame. */
static bool find_frame(struct gif *gif)
{
	GifRecordType type;

	while (DGifGetRecordType(gif->file, &type) != GIF_ERROR) {
		if (type == IMAGE_DESC_RECORD_TYPE)
			return DGifGetImageDesc(gif->file) != GIF_ERROR;
		if (type == TERMINATE_RECORD_TYPE ||
			(type == EXTENSION_RECORD_TYPE && !read_extension(gif)))
			return false;
	}
	return false;
}

static bool is_within(const struct gif *gif, const GifImageDesc *frame)
{
	return frame->Width > 0 && frame->Height > 0 && frame->Left >= 0 && frame->Top >= 0 &&
	       (uint32_t)frame->Left + (uint32_t)frame->Width <= gif->width &&
	       (uint32_t)frame->Top + (uint32_t)frame->Height <= gif->height;
}

static bool fail_library(const struct gif *gif, int error)
{
	const char *message = GifErrorString(error);

	if (gif->is_at_end)
		return reading_fail_cut(gif->reading);
	return reading_fail_library(gif->reading,
		message != NULL ? message : N_("it has no frame"));
}

static bool read_frame(struct gif *gif)
{
	const struct reading *reading = gif->reading;
	const GifImageDesc *frame = &gif->file->Image;

	if (!find_frame(gif))
		return fail_library(gif, gif->file->Error);
	gif->width = (uint32_t)reading->header->width;
	gif->height = (uint32_t)reading->header->height;
	if (!is_within(gif, frame))
		return reading_fail(reading, N_("has a frame that does not fit into it"));
	gif->canvas = calloc((size_t)gif->width * gif->height, 4);
	if (gif->canvas == NULL)
		return reading_fail_memory(reading);
	fill_frame(gif, UINT32_C(0xff808080));
	const uint32_t rows = read_rows(gif);
	if (rows == 0 && gif->is_at_end)
		return reading_fail_cut(reading);
	if (!reading_begin(reading, gif->width, gif->height, 1))
		return false;
	if (rows < (uint32_t)frame->Height && gif->is_at_end)
		reading_note_incomplete(reading);
	else if (rows < (uint32_t)frame->Height)
		reading_note_damaged(reading, GifErrorString(gif->file->Error));
	reading_put_rows(reading, gif->canvas, gif->width, gif->width, gif->height);
	reading_note_frames(reading, reading->header->frames);
	return true;
}

bool gif_read(const struct reading *reading)
{
	struct gif gif = {
		.reading = reading,
		.bytes = reading->source->bytes,
		.size = reading->source->size,
		.transparent = -1,
	};
	int error = 0;

	gif.file = DGifOpen(&gif, read_bytes, &error);
	if (gif.file == NULL)
		return fail_library(&gif, error);
	bool is_read = read_frame(&gif);
	DGifCloseFile(gif.file, NULL);
	free(gif.canvas);
	return is_read;
}

/* ---- playing --------------------------------------------------------------------------------- */

enum disposal { DISPOSE_BACKGROUND_FRAME = 2, DISPOSE_PREVIOUS_FRAME = 3 };

static void close_gif(struct animation *animation)
{
	struct gif *gif = animation->player;

	if (gif == NULL)
		return;
	if (gif->file != NULL)
		DGifCloseFile(gif->file, NULL);
	free(gif->saved);
	free(gif);
}

static bool open_gif(struct animation *animation, const struct reading *reading)
{
	struct gif *gif = calloc(1, sizeof(*gif));
	int error;

	if (gif == NULL)
		return reading_fail_memory(reading);
	animation->player = gif;
	gif->bytes = reading->source->bytes;
	gif->size = reading->source->size;
	gif->is_playing = true;
	gif->file = DGifOpen(gif, read_bytes, &error);
	if (gif->file == NULL)
		return reading_fail(reading, N_("is not a GIF animation that can be played"));
	animation->width = gif->width = (uint32_t)reading->header->width;
	animation->height = gif->height = (uint32_t)reading->header->height;
	return animation_make_canvas(animation, reading);
}

/* Disposes of the last frame before the next one is drawn. */
static void dispose(struct gif *gif)
{
	const size_t size = (size_t)gif->width * gif->height * 4;

	if (gif->last_disposal == DISPOSE_PREVIOUS_FRAME && gif->saved != NULL)
		memcpy(gif->canvas, gif->saved, size);
	else if (gif->last_disposal == DISPOSE_BACKGROUND_FRAME)
		for (int y = 0; y < gif->last.Height; y++)
			memset(gif->canvas + (size_t)(gif->last.Top + y) * gif->width +
					gif->last.Left,
				0, (size_t)gif->last.Width * 4);
	if (gif->disposal != DISPOSE_PREVIOUS_FRAME)
		return;
	if (gif->saved == NULL)
		gif->saved = malloc(size);
	if (gif->saved != NULL) /* otherwise the frame stays */
		memcpy(gif->saved, gif->canvas, size);
}

static bool advance_gif(struct animation *animation, const struct reading *reading)
{
	struct gif *gif = animation->player;
	const GifImageDesc *frame = &gif->file->Image;

	(void)reading;
	gif->canvas = animation->canvas;
	gif->transparent = -1;
	gif->disposal = 0;
	gif->delay_ms = 0;
	if (!find_frame(gif) || !is_within(gif, frame))
		return false;
	dispose(gif);
	animation->duration_ms = animation_duration(gif->delay_ms);
	gif->last_disposal = gif->disposal;
	gif->last = *frame;
	return read_rows(gif) > 0;
}

const struct animation_kind animation_gif = {open_gif, advance_gif, close_gif};
#else
extern int gif_is_left_to_sdl;
#endif

/* gif.c - GIF by giflib: the first frame, on the screen that it is a part of. What is cut is grey. */
#ifdef HAVE_LIBGIF
#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"

struct gif {
	const struct reading *reading;
	GifFileType *file;
	size_t at; /* in the source's bytes */
	bool is_at_end;
	int transparent; /* -1: no colour is */
	uint32_t width, height;
	uint32_t *canvas;
};

static int read_bytes(GifFileType *file, GifByteType *to, int count)
{
	struct gif *gif = file->UserData;
	const struct raster_source *source = gif->reading->source;
	size_t size = (size_t)count;

	if (size > source->size - gif->at) {
		gif->is_at_end = true;
		size = source->size - gif->at;
	}
	memcpy(to, source->bytes + gif->at, size);
	gif->at += size;
	return (int)size;
}

/* A word for each of the 256 values that a byte of the frame may have. */
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

/* Which row comes as the n-th. */
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

/* Returns how many rows of the frame are there. */
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
			to[x] = palette[line[x]];
	}
	free(line);
	return n;
}

/* "Graphic control": which colour of the next frame is transparent. */
static bool read_extension(struct gif *gif)
{
	GifByteType *block;
	int code;

	if (DGifGetExtension(gif->file, &code, &block) == GIF_ERROR)
		return false;
	if (code == GRAPHICS_EXT_FUNC_CODE && block != NULL && block[0] >= 4)
		gif->transparent = (block[1] & 1) != 0 ? block[4] : -1;
	while (block != NULL)
		if (DGifGetExtensionNext(gif->file, &block) == GIF_ERROR)
			return false;
	return true;
}

/* Stands before the first frame's rows then. */
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

static bool fail_library(const struct gif *gif, int error)
{
	const char *message = GifErrorString(error);

	if (gif->is_at_end)
		return reading_fail_cut(gif->reading);
	return reading_fail(gif->reading, "is not a GIF image that can be opened (%s)",
		message != NULL ? message : "it has no frame");
}

static bool read_frame(struct gif *gif)
{
	const struct reading *reading = gif->reading;
	const GifImageDesc *frame = &gif->file->Image;

	if (!find_frame(gif))
		return fail_library(gif, gif->file->Error);
	gif->width = (uint32_t)reading->sniff->width;
	gif->height = (uint32_t)reading->sniff->height;
	if (frame->Width <= 0 || frame->Height <= 0 || frame->Left < 0 || frame->Top < 0 ||
		(uint32_t)frame->Left + (uint32_t)frame->Width > gif->width ||
		(uint32_t)frame->Top + (uint32_t)frame->Height > gif->height)
		return reading_fail(reading, "has a frame that does not fit into it");
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
	reading_note_frames(reading, reading->sniff->frames);
	return true;
}

bool gif_read(const struct reading *reading)
{
	struct gif gif = {.reading = reading, .transparent = -1};
	int error = 0;

	gif.file = DGifOpen(&gif, read_bytes, &error);
	if (gif.file == NULL)
		return fail_library(&gif, error);
	bool is_read = read_frame(&gif);
	DGifCloseFile(gif.file, NULL);
	free(gif.canvas);
	return is_read;
}
#else
extern int gif_is_left_to_sdl;
#endif

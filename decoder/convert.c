/*
 * convert.c - see convert.h. Each kind of surface has a function that turns one row into 32-bit
 * ARGB words; the rest is the same for all.
 */
#include "convert.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "XR24's bytes are B G R x: words 0xxRGB");

struct source {
	SDL_Surface *surface;
	void (*read_row)(const struct source *source, const uint8_t *from, uint32_t *to);
	uint32_t width;
	uint32_t height;
	uint32_t palette[256];
	bool has_key; /* one colour is transparent */
	uint32_t key; /* as an opaque word */
};

static uint32_t word(uint32_t r, uint32_t g, uint32_t b, uint32_t a)
{
	return a << 24 | r << 16 | g << 8 | b;
}

static void read_palette(const struct source *source, const uint8_t *from, uint32_t *to)
{
	for (uint32_t x = 0; x < source->width; x++)
		to[x] = source->palette[from[x]];
}

static void read_rgb24(const struct source *source, const uint8_t *from, uint32_t *to)
{
	for (uint32_t x = 0; x < source->width; x++, from += 3)
		to[x] = word(from[0], from[1], from[2], 255);
}

static void read_bgr24(const struct source *source, const uint8_t *from, uint32_t *to)
{
	for (uint32_t x = 0; x < source->width; x++, from += 3)
		to[x] = word(from[2], from[1], from[0], 255);
}

static void read_argb(const struct source *source, const uint8_t *from, uint32_t *to)
{
	memcpy(to, from, (size_t)source->width * 4);
}

static void read_xrgb(const struct source *source, const uint8_t *from, uint32_t *to)
{
	const uint32_t *words = (const uint32_t *)(const void *)from;

	for (uint32_t x = 0; x < source->width; x++)
		to[x] = words[x] | 0xff000000;
}

static void read_abgr(const struct source *source, const uint8_t *from, uint32_t *to)
{
	const uint32_t *words = (const uint32_t *)(const void *)from;

	for (uint32_t x = 0; x < source->width; x++) {
		uint32_t w = words[x];

		to[x] = (w & 0xff00ff00) | (w & 0xff) << 16 | (w >> 16 & 0xff);
	}
}

/* A component of few bits as one of 8: the largest value is 255. */
static uint32_t widened(uint32_t pixel, uint32_t mask, uint32_t shift)
{
	const uint32_t most = mask >> shift;

	return most > 0 ? ((pixel & mask) >> shift) * 255 / most : 255;
}

static void read_16_bits(const struct source *source, const uint8_t *from, uint32_t *to)
{
	const SDL_PixelFormat *format = source->surface->format;

	for (uint32_t x = 0; x < source->width; x++, from += 2) {
		const uint32_t pixel = from[0] | (uint32_t)from[1] << 8;

		to[x] = word(widened(pixel, format->Rmask, format->Rshift),
			widened(pixel, format->Gmask, format->Gshift),
			widened(pixel, format->Bmask, format->Bshift),
			widened(pixel, format->Amask, format->Ashift));
	}
}

static void take_palette(struct source *source)
{
	const SDL_Palette *palette = source->surface->format->palette;
	Uint32 key;

	for (int i = 0; i < 256; i++)
		source->palette[i] = 0xff000000;
	for (int i = 0; palette != NULL && i < palette->ncolors && i < 256; i++) {
		SDL_Color c = palette->colors[i];

		source->palette[i] = word(c.r, c.g, c.b, c.a);
	}
	if (SDL_GetColorKey(source->surface, &key) == 0 && key < 256)
		source->palette[key] = 0;
}

static void take_key(struct source *source)
{
	Uint32 key;
	Uint8 r, g, b;

	if (SDL_GetColorKey(source->surface, &key) != 0)
		return;
	SDL_GetRGB(key, source->surface->format, &r, &g, &b);
	source->has_key = true;
	source->key = word(r, g, b, 255);
}

static bool choose_reader(struct source *source)
{
	Uint32 format = source->surface->format->format;

	if (format == SDL_PIXELFORMAT_INDEX8) {
		take_palette(source);
		source->read_row = read_palette;
		return true;
	}
	take_key(source);
	switch (format) {
	case SDL_PIXELFORMAT_RGB24: source->read_row = read_rgb24; break;
	case SDL_PIXELFORMAT_BGR24: source->read_row = read_bgr24; break;
	case SDL_PIXELFORMAT_XRGB8888: source->read_row = read_xrgb; break;
	case SDL_PIXELFORMAT_ARGB8888: source->read_row = read_argb; break;
	case SDL_PIXELFORMAT_ABGR8888: source->read_row = read_abgr; break;
	default:
		if (source->surface->format->BytesPerPixel != 2)
			return false;
		source->read_row = read_16_bits;
	}
	return true;
}

/* Reads row y; returns the AND of its pixels, whose alpha is 255 if all are opaque. */
static uint32_t read_row(const struct source *source, uint32_t y, uint32_t *to)
{
	const SDL_Surface *surface = source->surface;
	uint32_t all = 0xffffffff;

	source->read_row(source,
		(const uint8_t *)surface->pixels + (size_t)y * (size_t)surface->pitch, to);
	if (source->has_key)
		for (uint32_t x = 0; x < source->width; x++)
			if (to[x] == source->key)
				to[x] = 0;
	for (uint32_t x = 0; x < source->width; x++)
		all &= to[x];
	return all;
}

/* Passes on the rows from the top, as many at a time as the sink has room for. */
static void hand_over(const struct source *source, struct raster_sink *sink, bool *is_opaque)
{
	uint32_t all = 0xffffffff;

	for (uint32_t y = 0; y < source->height;) {
		uint32_t count = source->height - y;
		uint32_t *to = sink->room(sink, &count);

		for (uint32_t i = 0; i < count; i++)
			all &= read_row(source, y + i, to + (size_t)i * source->width);
		sink->put(sink, count);
		y += count;
	}
	*is_opaque = all >= 0xff000000;
}

bool convert_surface(SDL_Surface *surface, struct raster_sink *sink, bool *is_opaque)
{
	struct source source = {
		.surface = surface,
		.width = (uint32_t)surface->w,
		.height = (uint32_t)surface->h,
	};

	if (!choose_reader(&source)) {
		source.surface = SDL_ConvertSurfaceFormat(surface, SDL_PIXELFORMAT_ARGB8888, 0);
		SDL_FreeSurface(surface);
		if (source.surface == NULL)
			return false;
		source.has_key = false; /* it has been converted to alpha */
		source.read_row = read_argb;
	}
	hand_over(&source, sink, is_opaque);
	SDL_FreeSurface(source.surface);
	return true;
}

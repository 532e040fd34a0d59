/*
 * convert.c - see convert.h. Each kind of surface has a function that turns one row into 32-bit
 * ARGB words; the rest is the same for all.
 */
#include "convert.h"

#include <stdlib.h>
#include <string.h>

#include "orientation.h"
#include "vitrine.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "XR24's bytes are B G R x: words 0xxRGB");

struct source {
	SDL_Surface *surface;
	void (*read_row)(const struct source *source, const uint8_t *from, uint32_t *to);
	uint32_t width;
	uint32_t height;
	uint32_t palette[256];
	bool has_key; /* one colour stands for transparency */
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

/* The readers of 32 bits work in place, too: from == to. */
static void read_argb(const struct source *source, const uint8_t *from, uint32_t *to)
{
	memmove(to, from, (size_t)source->width * 4);
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

static uint32_t divided(uint32_t c, uint32_t a)
{
	uint32_t straight = a > 0 ? (c * 255 + a / 2) / a : 0;

	return straight < 255 ? straight : 255;
}

static void read_premultiplied_abgr(const struct source *source, const uint8_t *from, uint32_t *to)
{
	for (uint32_t x = 0; x < source->width; x++, from += 4) {
		uint32_t r = from[0], g = from[1], b = from[2], a = from[3];

		to[x] = a == 255 ? word(r, g, b, a)
				 : word(divided(r, a), divided(g, a), divided(b, a), a);
	}
}

/* How much of the light an ink lets through, and black of that: both as 0 to 255. */
static uint32_t through(uint32_t ink, uint32_t black)
{
	return (ink * black + 127) / 255;
}

static void read_cmyk_inverted(const struct source *source, const uint8_t *from, uint32_t *to)
{
	for (uint32_t x = 0; x < source->width; x++, from += 4) {
		uint32_t c = from[0], m = from[1], y = from[2], k = from[3];

		to[x] = word(through(c, k), through(m, k), through(y, k), 255);
	}
}

static void read_cmyk(const struct source *source, const uint8_t *from, uint32_t *to)
{
	for (uint32_t x = 0; x < source->width; x++, from += 4) {
		uint32_t c = 255u - from[0], m = 255u - from[1], y = 255u - from[2],
			 k = 255u - from[3];

		to[x] = word(through(c, k), through(m, k), through(y, k), 255);
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

static bool choose_reader(struct source *source, enum convert_meaning meaning)
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
	case SDL_PIXELFORMAT_ARGB8888:
		source->read_row = meaning == CONVERT_CMYK            ? read_cmyk
				   : meaning == CONVERT_CMYK_INVERTED ? read_cmyk_inverted
								      : read_argb;
		break;
	case SDL_PIXELFORMAT_ABGR8888:
		source->read_row =
			meaning == CONVERT_PREMULTIPLIED ? read_premultiplied_abgr : read_abgr;
		break;
	default: return false;
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

static void release_surface(void *surface)
{
	SDL_FreeSurface(surface);
}

static bool convert_in_place(const struct source *source, struct converted *converted)
{
	SDL_Surface *surface = source->surface;
	uint32_t all = 0xffffffff;

	for (uint32_t y = 0; y < source->height; y++) {
		void *row = (uint8_t *)surface->pixels + (size_t)y * (size_t)surface->pitch;

		all &= read_row(source, y, row);
	}
	*converted = (struct converted){
		.pixels = {surface->pixels, source->width, source->height, (uint32_t)surface->pitch,
			all >= 0xff000000 ? VITRINE_XR24 : VITRINE_AR24},
		.memory = surface,
		.release = release_surface,
	};
	return true;
}

/* Rows go to `to` where they belong: straight there, or by way of a strip that is then turned. */
static uint32_t read_turned(const struct source *source, int orientation, uint32_t *to,
	uint32_t *strip)
{
	uint32_t all = 0xffffffff;

	for (uint32_t y = 0; y < source->height; y += ORIENTATION_ROWS) {
		uint32_t left = source->height - y;
		uint32_t count = left < ORIENTATION_ROWS ? left : ORIENTATION_ROWS;

		for (uint32_t i = 0; i < count; i++) {
			uint32_t *row = strip != NULL ? strip + (size_t)i * source->width
						      : to + (size_t)(y + i) * source->width;

			all &= read_row(source, y + i, row);
		}
		if (strip != NULL)
			orientation_place(orientation, to, strip, source->width, source->height, y,
				count);
	}
	return all;
}

static bool convert_by_copy(const struct source *source, int orientation,
	struct converted *converted)
{
	bool swaps = orientation_swaps(orientation);
	size_t row = (size_t)source->width * 4;
	uint32_t *to = malloc(row * source->height);
	uint32_t *strip = orientation != 1 ? malloc(row * ORIENTATION_ROWS) : NULL;

	if (to == NULL || (orientation != 1 && strip == NULL)) {
		free(to);
		free(strip);
		return false;
	}
	uint32_t all = read_turned(source, orientation, to, strip);
	free(strip);

	struct pixels *pixels = &converted->pixels;
	pixels->data = (const uint8_t *)to;
	pixels->width = swaps ? source->height : source->width;
	pixels->height = swaps ? source->width : source->height;
	pixels->pitch = pixels->width * 4;
	pixels->format = all >= 0xff000000 ? VITRINE_XR24 : VITRINE_AR24;
	converted->memory = to;
	converted->release = free;
	return true;
}

bool convert_surface(SDL_Surface *surface, enum convert_meaning meaning, int orientation,
	struct converted *converted)
{
	struct source source = {
		.surface = surface,
		.width = (uint32_t)surface->w,
		.height = (uint32_t)surface->h,
	};

	if (!choose_reader(&source, meaning)) {
		source.surface = SDL_ConvertSurfaceFormat(surface, SDL_PIXELFORMAT_ARGB8888, 0);
		SDL_FreeSurface(surface);
		if (source.surface == NULL)
			return false;
		source.has_key = false; /* it became alpha */
		source.read_row = read_argb;
	}
	if (source.surface->format->BytesPerPixel == 4 && orientation == 1)
		return convert_in_place(&source, converted);
	bool ok = convert_by_copy(&source, orientation, converted);
	SDL_FreeSurface(source.surface);
	return ok;
}

/* pyramid.c - see pyramid.h. */
#include "pyramid.h"

#include "mean.h"

#include <stdlib.h>
#include <string.h>

/*
 * The smallest image that gets a pyramid: a screen of 4096 x 2304 pixels. Smaller images are drawn
 * quickly without one.
 */
#define PIXELS_MIN (UINT64_C(9) << 20)

static uint32_t half(uint32_t size)
{
	return (size + 1) / 2;
}

static enum pyramid_state begin(struct pyramid *pyramid, const struct tiles *image)
{
	uint32_t width = image->width, height = image->height;

	if ((uint64_t)width * height < PIXELS_MIN || SDL_ISPIXELFORMAT_FOURCC(image->format))
		return PYRAMID_REFUSED;
	pyramid->scratch = malloc(TILES_BAND_BYTES); /* the levels of a band need a third of it */
	if (pyramid->scratch == NULL)
		return PYRAMID_REFUSED;
	for (int i = 0; i < PYRAMID_LEVELS; i++) {
		width = half(width);
		height = half(height);
		if (!tiles_begin_level(&pyramid->levels[i], image, width, height))
			return PYRAMID_REFUSED;
	}
	return PYRAMID_GROWS;
}

/* Halves a band into `out`, rows without gaps; an odd last column or row counts twice. */
static void halve(const struct tiles_band *band, bool has_alpha, uint32_t *out)
{
	const uint32_t width = (uint32_t)band->rect.w, height = (uint32_t)band->rect.h;

	for (uint32_t y = 0; y < height; y += 2) {
		const uint8_t *upper = band->pixels + (size_t)y * band->pitch;
		const uint8_t *lower = y + 1 < height ? upper + band->pitch : upper;

		for (uint32_t x = 0; x < width; x += 2) {
			uint32_t next = x + 1 < width ? x + 1 : x;
			uint32_t p[4];

			/* Rows may be unaligned. */
			memcpy(&p[0], upper + (size_t)4 * x, 4);
			memcpy(&p[1], upper + (size_t)4 * next, 4);
			memcpy(&p[2], lower + (size_t)4 * x, 4);
			memcpy(&p[3], lower + (size_t)4 * next, 4);
			*out++ = mean_of_four(p, has_alpha);
		}
	}
}

/* Adds a band to each level. False: the renderer refused. */
static bool add(struct pyramid *pyramid, struct tile_pool *pool, struct tiles_band from)
{
	uint32_t *out = pyramid->scratch;

	for (int i = 0; i < PYRAMID_LEVELS; i++) {
		struct tiles *level = &pyramid->levels[i];
		SDL_Rect rect = {from.rect.x / 2, from.rect.y / 2, (from.rect.w + 1) / 2,
			(from.rect.h + 1) / 2};

		halve(&from, level->has_alpha, out);
		from = (struct tiles_band){rect, (const uint8_t *)out, (uint32_t)rect.w * 4};
		if (!tiles_put(level, pool, &from))
			return false;
		out += (size_t)rect.w * (size_t)rect.h;
	}
	return true;
}

/* Frees everything, except the levels of a complete pyramid. */
static void settle(struct pyramid *pyramid, struct tile_pool *pool)
{
	for (int i = 0; pyramid->state != PYRAMID_WHOLE && i < PYRAMID_LEVELS; i++)
		tiles_end(&pyramid->levels[i], pool);
	free(pyramid->scratch);
	pyramid->scratch = NULL;
}

enum pyramid_state pyramid_grow(struct pyramid *pyramid, struct tile_pool *pool,
	const struct tiles *image, const struct pixels *pixels, uint32_t *scratch)
{
	struct tiles_band band;

	if (pyramid->state == PYRAMID_NONE)
		pyramid->state = begin(pyramid, image);
	else if (pyramid->state != PYRAMID_GROWS)
		return pyramid->state;
	if (pyramid->state == PYRAMID_GROWS) {
		if (!tiles_read(image, pixels, &pyramid->next, scratch, &band))
			pyramid->state = PYRAMID_WHOLE;
		else if (!add(pyramid, pool, band))
			pyramid->state = PYRAMID_REFUSED;
	}
	if (pyramid->state != PYRAMID_GROWS)
		settle(pyramid, pool);
	return pyramid->state;
}

void pyramid_end(struct pyramid *pyramid, struct tile_pool *pool)
{
	pyramid->state = PYRAMID_NONE;
	settle(pyramid, pool);
	*pyramid = (struct pyramid){0};
}

const struct tiles *pyramid_level(const struct pyramid *pyramid, SDL_Rect to)
{
	for (int i = pyramid->state == PYRAMID_WHOLE ? PYRAMID_LEVELS : 0; i-- > 0;) {
		const struct tiles *level = &pyramid->levels[i];

		if (level->width >= (uint32_t)to.w && level->height >= (uint32_t)to.h)
			return level;
	}
	return NULL;
}

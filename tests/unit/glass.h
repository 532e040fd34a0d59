/*
 * glass.h - a window in memory, for tests that check pixels: SDL's software renderer on a surface.
 * It needs no display and no window system.
 */
#ifndef VITRINE_TESTS_GLASS_H
#define VITRINE_TESTS_GLASS_H

#include "draw.h"

#include <SDL.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct glass {
	SDL_Surface *surface;
	SDL_Renderer *renderer;
	struct draw *draw;
};

static inline void glass_open(struct glass *glass, int width, int height, float scale)
{
	glass->surface =
		SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, SDL_PIXELFORMAT_XRGB8888);
	assert_non_null(glass->surface);
	glass->renderer = SDL_CreateSoftwareRenderer(glass->surface);
	assert_non_null(glass->renderer);
	glass->draw = draw_create(glass->renderer, scale);
	assert_non_null(glass->draw);
}

static inline void glass_close(struct glass *glass)
{
	draw_destroy(glass->draw);
	SDL_DestroyRenderer(glass->renderer);
	SDL_FreeSurface(glass->surface);
}

static inline void glass_clear(struct glass *glass, uint32_t rgb)
{
	SDL_SetRenderDrawColor(glass->renderer, rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff, 255);
	SDL_RenderClear(glass->renderer);
}

/* 0xRRGGBB of one pixel, after all pending drawing. */
static inline uint32_t glass_pixel(struct glass *glass, int x, int y)
{
	SDL_RenderFlush(glass->renderer);
	const uint8_t *row = (const uint8_t *)glass->surface->pixels + y * glass->surface->pitch;
	return ((const uint32_t *)(const void *)row)[x] & 0xffffff;
}

/* The number of pixels in `rect` that are not `rgb`. */
static inline int glass_count_other(struct glass *glass, SDL_Rect rect, uint32_t rgb)
{
	int count = 0;
	for (int y = rect.y; y < rect.y + rect.h; y++)
		for (int x = rect.x; x < rect.x + rect.w; x++)
			count += glass_pixel(glass, x, y) != rgb;
	return count;
}

/* 0xRRGGBB of a colour of the theme. */
static inline uint32_t rgb(SDL_Color colour)
{
	return (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
}

#endif

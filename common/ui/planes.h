/*
 * planes.h - uploads video frames (NV12, YU12) to textures: unchanged if the renderer supports such
 * textures, otherwise converted to XRGB by SDL, a band at a time. Range and matrix are those of
 * expand.h. For the drawing thread, because SDL's matrix setting is global.
 */
#ifndef VITRINE_UI_PLANES_H
#define VITRINE_UI_PLANES_H

#include "pixels.h"

#include <SDL_render.h>
#include <stdbool.h>

bool planes_has(const struct pixels *pixels); /* true for a video frame */

/* The texture format for it: SDL_PIXELFORMAT_IYUV, _NV12, or, where there is none, _XRGB8888. */
Uint32 planes_format(SDL_Renderer *renderer, const struct pixels *pixels);

/* Sets the matrix. Call before a texture is made for the frame, or drawn. */
void planes_use_matrix(uint32_t height);

/*
 * Uploads the pixels from x, y on to the part `to` of a texture that has planes. x and y are even,
 * or `to` is a column or row that repeats the one before it. False: see SDL_GetError().
 */
bool planes_upload(SDL_Texture *texture, SDL_Rect to, const struct pixels *pixels, uint32_t x,
	uint32_t y);

/* The bytes that planes_convert() needs in `out` in addition to `pixels` pixels. */
#define PLANES_ROOM(pixels) ((pixels) / 2 * 3 + 4096)

/*
 * Writes width x height pixels from x, y on to `out` as XRGB, rows without gaps; x and y are even.
 */
bool planes_convert(const struct pixels *pixels, uint32_t x, uint32_t y, uint32_t width,
	uint32_t height, uint32_t *out, uint8_t *room);

#endif

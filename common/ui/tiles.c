/* tiles.c - see tiles.h: textures and uploads. Drawing is in tiles_draw.c. */
#include "tiles.h"

#include "expand.h"
#include "vitrine.h"

#include <stdlib.h>
#include <string.h>

enum {
	SIDE_WHOLE = 2048, /* what fits into one texture has no seams, scaled or not */
	SIDE_TILE = 1024,  /* SDL clears a texture when it makes it: 4 MB at a time do not stall */
	SIZE_CLASS = 256,  /* textures of nearly the same size serve each other's images */
	SPARE_BYTES = 64 << 20,
};

/* ---- the pool ------------------------------------------------------------------------------ */

static uint64_t bytes_of(const struct tile_texture *texture)
{
	uint64_t pixels = (uint64_t)texture->width * (uint64_t)texture->height;

	return SDL_ISPIXELFORMAT_FOURCC(texture->format) ? pixels / 2 * 3 : pixels * 4;
}

static void destroy_spare(struct tile_pool *pool, size_t number)
{
	struct tile_texture *spare = &pool->spares[number];
	pool->spare_bytes -= bytes_of(spare);
	pool->bytes -= bytes_of(spare);
	SDL_DestroyTexture(spare->texture);
	pool->spare_count--;
	memmove(spare, spare + 1, (pool->spare_count - number) * sizeof(*spare));
}

void tiles_pool_empty(struct tile_pool *pool)
{
	while (pool->spare_count > 0)
		destroy_spare(pool, 0);
}

static void keep(struct tile_pool *pool, const struct tile_texture *texture)
{
	if (pool->spare_count == TILES_SPARE_MAX)
		destroy_spare(pool, 0);
	pool->spares[pool->spare_count++] = *texture;
	pool->spare_bytes += bytes_of(texture);
}

static bool obtain(struct tile_pool *pool, struct tile_texture *wanted)
{
	for (size_t i = 0; i < pool->spare_count; i++) {
		struct tile_texture *spare = &pool->spares[i];
		if (spare->width == wanted->width && spare->height == wanted->height &&
			spare->format == wanted->format && spare->has_bt709 == wanted->has_bt709) {
			*wanted = *spare;
			pool->spare_bytes -= bytes_of(wanted);
			pool->spare_count--;
			memmove(spare, spare + 1, (pool->spare_count - i) * sizeof(*spare));
			return true;
		}
	}
	wanted->texture = SDL_CreateTexture(pool->renderer, wanted->format,
		SDL_TEXTUREACCESS_STATIC, wanted->width, wanted->height);
	if (wanted->texture == NULL)
		return false;
	pool->made++;
	pool->bytes += bytes_of(wanted);
	return true;
}

/* ---- uploads ------------------------------------------------------------------------------- */

static Uint32 sdl_format(SDL_Renderer *renderer, const struct pixels *pixels)
{
	switch (pixels->format) {
	case VITRINE_NV12:
	case VITRINE_YU12: return planes_format(renderer, pixels);
	case VITRINE_R8:
	case VITRINE_XR24: return SDL_PIXELFORMAT_XRGB8888;
	case VITRINE_AR24: return SDL_PIXELFORMAT_ARGB8888;
	case VITRINE_XB24: return SDL_PIXELFORMAT_XBGR8888;
	case VITRINE_AB24: return SDL_PIXELFORMAT_ABGR8888;
	default: return SDL_PIXELFORMAT_UNKNOWN;
	}
}

static uint32_t side_of(SDL_Renderer *renderer, const struct pixels *pixels)
{
	SDL_RendererInfo info;
	bool is_whole = pixels->width <= SIDE_WHOLE && pixels->height <= SIDE_WHOLE;
	int most = is_whole ? SIDE_WHOLE : SIDE_TILE;

	if (SDL_GetRendererInfo(renderer, &info) == 0) {
		if (info.max_texture_width > 0 && info.max_texture_width < most)
			most = info.max_texture_width;
		if (info.max_texture_height > 0 && info.max_texture_height < most)
			most = info.max_texture_height;
	}
	return (uint32_t)most;
}

bool tiles_begin(struct tiles *tiles, const struct tile_pool *pool, const struct pixels *pixels)
{
	*tiles = (struct tiles){.width = pixels->width,
		.height = pixels->height,
		.side = side_of(pool->renderer, pixels),
		.format = sdl_format(pool->renderer, pixels),
		.has_bt709 = planes_has(pixels) && expand_has_bt709(pixels->height),
		.has_alpha = pixels->format == VITRINE_AR24 || pixels->format == VITRINE_AB24};
	tiles->columns = (tiles->width + tiles->side - 1) / tiles->side;
	tiles->rows = (tiles->height + tiles->side - 1) / tiles->side;
	if (tiles->format != SDL_PIXELFORMAT_UNKNOWN)
		tiles->textures =
			calloc((size_t)tiles->columns * tiles->rows, sizeof(*tiles->textures));
	if (tiles->textures == NULL)
		*tiles = (struct tiles){0};
	return tiles->textures != NULL;
}

bool tiles_whole(const struct tiles *tiles)
{
	return tiles->next_tile == (size_t)tiles->columns * tiles->rows;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static int size_class(uint32_t used, uint32_t side)
{
	return (int)least((used + SIZE_CLASS - 1) / SIZE_CLASS * SIZE_CLASS, side);
}

/* Pixels that no texture takes as they are, as XRGB, in `scratch`. */
static bool expand(const struct pixels *pixels, uint32_t x, uint32_t y, SDL_Rect to,
	uint32_t *scratch)
{
	const uint32_t width = (uint32_t)to.w;
	const uint32_t height = (uint32_t)to.h;

	if (planes_has(pixels) && x % 2 == 0 && y % 2 == 0) /* fifteen times as fast */
		return planes_convert(pixels, x, y, width, height, scratch,
			(uint8_t *)scratch + TILES_BAND_BYTES);
	expand_rows(pixels, x, y, width, height, scratch);
	return true;
}

/* `to` is in the texture and may be one row or column; x, y is where it comes from. */
static bool update(const struct tile_texture *tile, SDL_Rect to, const struct pixels *pixels,
	uint32_t x, uint32_t y, uint32_t *scratch)
{
	const uint8_t *from = pixels->data + (size_t)pixels->pitch * y + (size_t)x * 4;
	int pitch = (int)pixels->pitch;

	if (SDL_ISPIXELFORMAT_FOURCC(tile->format))
		return planes_upload(tile->texture, to, pixels, x, y);
	if (expand_needed(pixels->format)) {
		if (!expand(pixels, x, y, to, scratch))
			return false;
		from = (const uint8_t *)scratch;
		pitch = to.w * 4;
	}
	return SDL_UpdateTexture(tile->texture, &to, from, pitch) == 0;
}

/*
 * One band, and where the texture is larger than the tile, its last column and row once more: a
 * filter that looks one pixel beyond the edge must not see what an older image left there.
 */
static bool upload_band(const struct tile_texture *tile, const struct pixels *pixels, SDL_Rect band,
	uint32_t x, uint32_t y, bool is_last, uint32_t *scratch)
{
	SDL_Rect right = {band.w, band.y, 1, band.h};
	SDL_Rect below = {0, band.y + band.h, band.w, 1};
	uint32_t last_x = x + (uint32_t)band.w - 1;
	uint32_t last_y = y + (uint32_t)band.h - 1;

	if (!update(tile, band, pixels, x, y, scratch))
		return false;
	if (band.w < tile->width && !update(tile, right, pixels, last_x, y, scratch))
		return false;
	return !is_last || below.y == tile->height ||
	       update(tile, below, pixels, x, last_y, scratch);
}

bool tiles_upload(struct tiles *tiles, struct tile_pool *pool, const struct pixels *pixels,
	uint32_t *scratch)
{
	struct tile_texture *tile = &tiles->textures[tiles->next_tile];
	uint32_t x = (uint32_t)(tiles->next_tile % tiles->columns) * tiles->side;
	uint32_t y = (uint32_t)(tiles->next_tile / tiles->columns) * tiles->side;
	uint32_t width = least(tiles->side, tiles->width - x);
	uint32_t height = least(tiles->side, tiles->height - y);
	/* An even number: two rows of video share their chroma. */
	uint32_t rows = least(TILES_BAND_BYTES / (width * 4) / 2 * 2, height - tiles->next_row);
	SDL_Rect band = {0, (int)tiles->next_row, (int)width, (int)rows};
	bool is_last = tiles->next_row + rows == height;

	if (tile->texture == NULL) {
		*tile = (struct tile_texture){NULL, size_class(width, tiles->side),
			size_class(height, tiles->side), tiles->format, tiles->has_bt709};
		if (planes_has(pixels))
			planes_use_matrix(pixels->height);
		if (!obtain(pool, tile))
			return false;
	}
	if (!upload_band(tile, pixels, band, x, y + tiles->next_row, is_last, scratch))
		return false;
	pool->bands++;
	tiles->next_row += rows;
	if (is_last) {
		tiles->next_tile++;
		tiles->next_row = 0;
	}
	return true;
}

void tiles_end(struct tiles *tiles, struct tile_pool *pool)
{
	for (size_t i = 0; tiles->textures != NULL && i < (size_t)tiles->columns * tiles->rows; i++)
		if (tiles->textures[i].texture != NULL)
			keep(pool, &tiles->textures[i]);
	free(tiles->textures);
	*tiles = (struct tiles){0};
	while (pool->spare_bytes > SPARE_BYTES &&
		pool->spare_bytes > pool->bytes - pool->spare_bytes)
		destroy_spare(pool, 0); /* as much as is in use may lie ready, not more */
}

/* tiles.c - see tiles.h: textures and uploads. Drawing is in tiles_draw.c. */
#include "tiles.h"

#include "expand.h"
#include "turned.h"
#include "vitrine.h"

#include <stdlib.h>
#include <string.h>

enum {
	SIDE_WHOLE = 2048, /* an image that fits into one texture has no seams, even when scaled */
	SIDE_TILE = 1024,  /* SDL clears a new texture; 4 MB at a time do not stall the window */
	SIZE_CLASS = 256,  /* images of nearly the same size can reuse each other's textures */
	SPARE_BYTES = 64 << 20,
	ROWS_ALIGNED = 32, /* of a band: can be halved for each level of a pyramid */
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

static Uint32 sdl_format(SDL_Renderer *renderer, const struct pixels *pixels, int orientation)
{
	switch (pixels->format) {
	case VITRINE_NV12:
	case VITRINE_YU12:
		if (orientation == 1)
			return planes_format(renderer, pixels);
		return SDL_PIXELFORMAT_XRGB8888;
	case VITRINE_R8:
	case VITRINE_RG24:
	case VITRINE_BG24:
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

static bool make_tiles(struct tiles *tiles)
{
	tiles->columns = (tiles->width + tiles->side - 1) / tiles->side;
	tiles->rows = (tiles->height + tiles->side - 1) / tiles->side;
	if (tiles->format != SDL_PIXELFORMAT_UNKNOWN)
		tiles->textures =
			calloc((size_t)tiles->columns * tiles->rows, sizeof(*tiles->textures));
	if (tiles->textures == NULL)
		*tiles = (struct tiles){0};
	return tiles->textures != NULL;
}

bool tiles_begin(struct tiles *tiles, const struct tile_pool *pool, const struct pixels *pixels,
	int orientation)
{
	*tiles = (struct tiles){.width = turned_width(pixels, orientation),
		.height = turned_height(pixels, orientation),
		.side = side_of(pool->renderer, pixels),
		.orientation = orientation,
		.format = sdl_format(pool->renderer, pixels, orientation),
		.has_bt709 = planes_has(pixels) && expand_has_bt709(pixels->height),
		.has_alpha = pixels->format == VITRINE_AR24 || pixels->format == VITRINE_AB24};
	return make_tiles(tiles);
}

bool tiles_begin_level(struct tiles *tiles, const struct tiles *image, uint32_t width,
	uint32_t height)
{
	*tiles = (struct tiles){.width = width,
		.height = height,
		.side = image->side,
		.format = image->format,
		.has_alpha = image->has_alpha};
	return make_tiles(tiles);
}

bool tiles_whole(const struct tiles *tiles)
{
	return tiles->next.tile == (size_t)tiles->columns * tiles->rows;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static int size_class(uint32_t used, uint32_t side)
{
	return (int)least((used + SIZE_CLASS - 1) / SIZE_CLASS * SIZE_CLASS, side);
}

/* Converts pixels of a format that no texture has to XRGB, in `scratch`. */
static bool expand(const struct pixels *pixels, SDL_Rect part, uint32_t *scratch)
{
	const uint32_t x = (uint32_t)part.x, y = (uint32_t)part.y;
	const uint32_t width = (uint32_t)part.w, height = (uint32_t)part.h;

	if (planes_has(pixels) && x % 2 == 0 && y % 2 == 0) /* fifteen times as fast */
		return planes_convert(pixels, x, y, width, height, scratch,
			(uint8_t *)scratch + TILES_BAND_BYTES);
	expand_rows(pixels, x, y, width, height, scratch);
	return true;
}

/* Finds a part of the turned image in memory, or turns it into `scratch`. */
static bool fetch(const struct tiles *tiles, const struct pixels *pixels, SDL_Rect part,
	uint32_t *scratch, struct tiles_band *band)
{
	*band = (struct tiles_band){part, (const uint8_t *)scratch, (uint32_t)part.w * 4};
	if (tiles->orientation != 1) {
		turned_rows(pixels, tiles->orientation, (uint32_t)part.x, (uint32_t)part.y,
			(uint32_t)part.w, (uint32_t)part.h, scratch,
			scratch + TILES_BAND_BYTES / 4);
		return true;
	}
	if (expand_needed(pixels->format))
		return expand(pixels, part, scratch);
	band->pixels = pixels->data + (size_t)pixels->pitch * (size_t)part.y + (size_t)part.x * 4;
	band->pitch = pixels->pitch;
	return true;
}

/* Uploads a part of the image to the place `to` of a texture. */
static bool update(const struct tiles *tiles, const struct tile_texture *tile, SDL_Point to,
	const struct pixels *pixels, SDL_Rect part, uint32_t *scratch)
{
	SDL_Rect rect = {to.x, to.y, part.w, part.h};
	struct tiles_band band;

	if (SDL_ISPIXELFORMAT_FOURCC(tile->format))
		return planes_upload(tile->texture, rect, pixels, (uint32_t)part.x,
			(uint32_t)part.y);
	return fetch(tiles, pixels, part, scratch, &band) &&
	       SDL_UpdateTexture(tile->texture, &rect, band.pixels, (int)band.pitch) == 0;
}

/*
 * If the texture is larger than the tile, repeats the tile's last column and row: a filter reads
 * one pixel beyond the edge, where an older image may have left other pixels.
 */
static bool repeat_edges(const struct tiles *tiles, const struct tile_texture *tile, SDL_Point to,
	const struct pixels *pixels, SDL_Rect part, bool is_last, uint32_t *scratch)
{
	SDL_Rect right = {part.x + part.w - 1, part.y, 1, part.h};
	SDL_Rect below = {part.x, part.y + part.h - 1, part.w, 1};

	if (part.w < tile->width &&
		!update(tiles, tile, (SDL_Point){part.w, to.y}, pixels, right, scratch))
		return false;
	return !is_last || to.y + part.h == tile->height ||
	       update(tiles, tile, (SDL_Point){0, to.y + part.h}, pixels, below, scratch);
}

/*
 * The number of rows of a tile that are uploaded at once; even, because two rows of video share
 * their chroma.
 */
static uint32_t rows_of_band(uint32_t width)
{
	uint32_t rows = TILES_BAND_BYTES / (width * 4);

	return rows >= ROWS_ALIGNED ? rows / ROWS_ALIGNED * ROWS_ALIGNED : rows / 2 * 2;
}

static bool make_texture(const struct tiles *tiles, struct tile_pool *pool,
	struct tile_texture *tile, int width, int height)
{
	*tile = (struct tile_texture){NULL, width, height, tiles->format, tiles->has_bt709};
	return obtain(pool, tile);
}

/* The rectangle of the image at the cursor. */
static SDL_Rect band_at(const struct tiles *tiles, struct tiles_cursor cursor)
{
	uint32_t x = (uint32_t)(cursor.tile % tiles->columns) * tiles->side;
	uint32_t y = (uint32_t)(cursor.tile / tiles->columns) * tiles->side;
	uint32_t width = least(tiles->side, tiles->width - x);
	uint32_t height = least(tiles->side, tiles->height - y);
	uint32_t rows = least(rows_of_band(width), height - cursor.row);

	return (SDL_Rect){(int)x, (int)(y + cursor.row), (int)width, (int)rows};
}

/* Moves the cursor past that rectangle. True: it was the last of its tile. */
static bool advance(const struct tiles *tiles, struct tiles_cursor *cursor, SDL_Rect part)
{
	uint32_t end = (uint32_t)(part.y + part.h);

	if (end % tiles->side != 0 && end != tiles->height) {
		cursor->row += (uint32_t)part.h;
		return false;
	}
	*cursor = (struct tiles_cursor){.tile = cursor->tile + 1};
	return true;
}

bool tiles_upload(struct tiles *tiles, struct tile_pool *pool, const struct pixels *pixels,
	uint32_t *scratch)
{
	struct tile_texture *tile = &tiles->textures[tiles->next.tile];
	SDL_Rect part = band_at(tiles, tiles->next);
	SDL_Point to = {0, (int)tiles->next.row};

	if (tile->texture == NULL) {
		uint32_t height = least(tiles->side, tiles->height - (uint32_t)part.y);

		if (planes_has(pixels))
			planes_use_matrix(pixels->height);
		if (!make_texture(tiles, pool, tile, size_class((uint32_t)part.w, tiles->side),
			    size_class(height, tiles->side)))
			return false;
	}
	bool is_last = advance(tiles, &tiles->next, part);

	if (!repeat_edges(tiles, tile, to, pixels, part, is_last, scratch) ||
		!update(tiles, tile, to, pixels, part, scratch))
		return false;
	pool->bands++;
	return true;
}

bool tiles_read(const struct tiles *tiles, const struct pixels *pixels, struct tiles_cursor *cursor,
	uint32_t *scratch, struct tiles_band *band)
{
	SDL_Rect part;

	if (cursor->tile == (size_t)tiles->columns * tiles->rows)
		return false;
	part = band_at(tiles, *cursor);
	advance(tiles, cursor, part);
	return fetch(tiles, pixels, part, scratch, band);
}

bool tiles_put(struct tiles *tiles, struct tile_pool *pool, const struct tiles_band *band)
{
	const int side = (int)tiles->side;
	const int column = band->rect.x / side, row = band->rect.y / side;
	struct tile_texture *tile = &tiles->textures[row * (int)tiles->columns + column];
	SDL_Rect to = {band->rect.x - column * side, band->rect.y - row * side, band->rect.w,
		band->rect.h};

	/* The texture has exactly the tile's size, so no edge must be repeated. */
	if (tile->texture == NULL &&
		!make_texture(tiles, pool, tile, SDL_min(side, (int)tiles->width - column * side),
			SDL_min(side, (int)tiles->height - row * side)))
		return false;
	return SDL_UpdateTexture(tile->texture, &to, band->pixels, (int)band->pitch) == 0;
}

void tiles_end(struct tiles *tiles, struct tile_pool *pool)
{
	for (size_t i = 0; tiles->textures != NULL && i < (size_t)tiles->columns * tiles->rows; i++)
		if (tiles->textures[i].texture != NULL)
			keep(pool, &tiles->textures[i]);
	free(tiles->textures);
	*tiles = (struct tiles){0};
	/*
	 * Keep no more spare textures than an image like the one in use needs, with its smaller
	 * levels.
	 */
	while (pool->spare_bytes > SPARE_BYTES &&
		pool->spare_bytes > (pool->bytes - pool->spare_bytes) / 2 * 3)
		destroy_spare(pool, 0);
}

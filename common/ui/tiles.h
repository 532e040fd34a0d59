/*
 * tiles.h - one image as textures: divided into tiles, uploaded a band at a time, drawn scaled
 * without seams. Textures come from a pool that reuses old ones. Only view.c includes this; it
 * decides what is shown and where.
 */
#ifndef VITRINE_UI_TILES_H
#define VITRINE_UI_TILES_H

#include "pixels.h"
#include "planes.h"

#include <SDL_render.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TILES_SPARE_MAX 128

struct tile_texture {
	SDL_Texture *texture; /* NULL: not made yet */
	int width, height;    /* of the texture, which may be larger than the tile */
	Uint32 format;        /* SDL_PIXELFORMAT_… */
	bool has_bt709;       /* video: some renderers fix the matrix when they make a texture */
};

struct tile_pool {
	SDL_Renderer *renderer;
	struct tile_texture spares[TILES_SPARE_MAX]; /* oldest first */
	size_t spare_count;
	uint64_t spare_bytes;
	uint64_t bytes; /* of all textures, in use and spare */
	uint64_t made;
	uint64_t bands;
};

/* A position in an image that is read a band at a time. */
struct tiles_cursor {
	size_t tile;
	uint32_t row; /* in that tile */
};

struct tiles {
	uint32_t width, height; /* of the image; 0: there is none */
	uint32_t side;          /* of a tile; the rightmost and lowest ones may be smaller */
	uint32_t columns, rows;
	int orientation; /* as EXIF has it, 1 to 8: turned.h */
	bool has_alpha;
	bool has_bt709; /* video */
	Uint32 format;
	struct tile_texture *textures; /* columns x rows */
	struct tiles_cursor next;      /* the next band to upload */
};

/* What to draw: the whole image would cover `to`; only the part in `clip` is drawn. */
struct tiles_place {
	SDL_Rect to;
	SDL_Rect clip;
};

/* A rectangle of an image, with 32 bits per pixel. */
struct tiles_band {
	SDL_Rect rect;
	const uint8_t *pixels;
	uint32_t pitch; /* bytes */
};

/*
 * Prepares for an image, which is shown turned; makes no texture yet. False: no memory, or a format
 * that SDL does not have.
 */
bool tiles_begin(struct tiles *tiles, const struct tile_pool *pool, const struct pixels *pixels,
	int orientation);
bool tiles_whole(const struct tiles *tiles);
/*
 * Uploads the next band, and makes its texture if necessary. `scratch` has TILES_SCRATCH_BYTES.
 * False: the renderer refused, SDL_GetError() says why.
 */
#define TILES_BAND_BYTES    (256u << 10)
#define TILES_SCRATCH_BYTES (2 * TILES_BAND_BYTES + PLANES_ROOM(TILES_BAND_BYTES / 4))
bool tiles_upload(struct tiles *tiles, struct tile_pool *pool, const struct pixels *pixels,
	uint32_t *scratch);
/*
 * Reads the band at the cursor from `pixels`, the image of `tiles`, and advances the cursor: *band
 * is that band of the turned image, until the next call. A band begins at a multiple of 32 rows
 * unless the image fits into one texture. False: there is none left.
 */
bool tiles_read(const struct tiles *tiles, const struct pixels *pixels, struct tiles_cursor *cursor,
	uint32_t *scratch, struct tiles_band *band);

/* Prepares for a smaller version of `image`, whose parts tiles_put() uploads. */
bool tiles_begin_level(struct tiles *tiles, const struct tiles *image, uint32_t width,
	uint32_t height);
/* Uploads a rectangle that is within one tile. */
bool tiles_put(struct tiles *tiles, struct tile_pool *pool, const struct tiles_band *band);
/* Returns its textures to the pool. Tiles of all zeros are allowed. */
void tiles_end(struct tiles *tiles, struct tile_pool *pool);
/* Draws the visible tiles. Returns their number. */
uint32_t tiles_draw(const struct tiles *tiles, SDL_Renderer *renderer,
	const struct tiles_place *place);

void tiles_pool_empty(struct tile_pool *pool);

#endif

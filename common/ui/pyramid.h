/*
 * pyramid.h - a large image at a half, a quarter, an eighth and a sixteenth of its size, so that a
 * renderer which draws by the processor never reads many pixels for one: each level has at most four
 * times the pixels that are drawn. It is made from the bands of the image as they are uploaded, and
 * takes a third of the image's memory. Only view.c includes this.
 */
#ifndef VITRINE_UI_PYRAMID_H
#define VITRINE_UI_PYRAMID_H

#include "tiles.h"

enum { PYRAMID_LEVELS = 4 };

/* All zero is none. */
struct pyramid {
	struct tiles levels[PYRAMID_LEVELS];
	uint32_t *scratch; /* for the levels of a band; NULL: whole, or none */
};

/* Prepares for the image. A small image has none, nor has any if there is no memory. */
void pyramid_begin(struct pyramid *pyramid, struct tile_pool *pool, const struct tiles *image);
/*
 * Adds the band that tiles_upload() reported; does nothing if there is no pyramid. False: the renderer
 * refused, SDL_GetError().
 */
bool pyramid_add(struct pyramid *pyramid, struct tile_pool *pool, const struct tiles_band *band);
/* The image is whole: frees what was needed only to make it. */
void pyramid_finish(struct pyramid *pyramid);
void pyramid_end(struct pyramid *pyramid, struct tile_pool *pool);

/* The smallest level that has as many pixels as `to`; NULL: none. */
const struct tiles *pyramid_level(const struct pyramid *pyramid, SDL_Rect to);

#endif

/*
 * pyramid.h - a large image at a half, a quarter, an eighth and a sixteenth of its size, so that a
 * software renderer does not read many pixels for each one that it draws: the chosen level has at
 * most four times as many. It is made after the image is on the screen, because making it takes
 * about as long as the upload. It needs a third of the image's memory. Only view.c includes this.
 */
#ifndef VITRINE_UI_PYRAMID_H
#define VITRINE_UI_PYRAMID_H

#include "tiles.h"

enum { PYRAMID_LEVELS = 4 };

enum pyramid_state {
	PYRAMID_NONE,  /* not begun */
	PYRAMID_GROWS, /* incomplete */
	PYRAMID_WHOLE,
	PYRAMID_REFUSED, /* the image needs none, or there is no memory for it */
};

/* All zeros: PYRAMID_NONE. */
struct pyramid {
	enum pyramid_state state;
	struct tiles levels[PYRAMID_LEVELS];
	struct tiles_cursor next; /* the band of the image to add */
	uint32_t *scratch;        /* for the levels of a band; NULL unless it grows */
};

/*
 * Adds the next band of the image `pixels`, starting with the first. `scratch` has
 * TILES_SCRATCH_BYTES. Does nothing if the pyramid is complete or refused.
 */
enum pyramid_state pyramid_grow(struct pyramid *pyramid, struct tile_pool *pool,
	const struct tiles *image, const struct pixels *pixels, uint32_t *scratch);
void pyramid_end(struct pyramid *pyramid, struct tile_pool *pool);

/*
 * The smallest level with at least as many pixels as `to`; NULL: none, or the pyramid is
 * incomplete.
 */
const struct tiles *pyramid_level(const struct pyramid *pyramid, SDL_Rect to);

#endif

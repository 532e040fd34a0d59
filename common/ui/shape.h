/*
 * shape.h - small white textures with the coverage of a shape as alpha, which make corners smooth
 * with every renderer. Only draw.c includes this; it adds the colour.
 */
#ifndef VITRINE_UI_SHAPE_H
#define VITRINE_UI_SHAPE_H

#include <SDL_render.h>
#include <stddef.h>

enum shape_kind {
	SHAPE_NONE,
	SHAPE_DISC,
	SHAPE_RING,
	SHAPE_TICK,
	SHAPE_CHECKERBOARD, /* opaque, in the theme's colours; `line` is the side of a square */
};

#define SHAPES_MAX 48

struct shapes {
	SDL_Renderer *renderer;
	struct shape {
		enum shape_kind kind;
		int size; /* width and height in pixels */
		int line; /* width of the stroke, pixels */
		Uint64 used;
		SDL_Texture *texture;
	} shapes[SHAPES_MAX];
	Uint64 clock;
};

/*
 * The texture of a shape, made if necessary; owned by `shapes`, valid until the next call. NULL:
 * the renderer cannot create it.
 */
SDL_Texture *shape_get(struct shapes *shapes, enum shape_kind kind, int size, int line);
void shape_forget(struct shapes *shapes);

#endif

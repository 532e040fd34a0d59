/* shape.c - see shape.h. Coverage is computed from the distance to the shape's edge. */
#include "shape.h"

#include "theme.h"

#include <math.h>
#include <stdlib.h>

static double clamped(double value)
{
	return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* The distance from x, y to the line from ax, ay to bx, by. */
static double distance(double x, double y, double ax, double ay, double bx, double by)
{
	double dx = bx - ax;
	double dy = by - ay;
	double along = clamped(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy));
	return hypot(x - ax - along * dx, y - ay - along * dy);
}

/* The part of the pixel with its centre at x, y that belongs to the shape: 0 … 1. */
static double coverage(enum shape_kind kind, double size, double line, double x, double y)
{
	double from_edge = size / 2 - hypot(x - size / 2, y - size / 2);

	if (kind == SHAPE_DISC)
		return clamped(from_edge + 0.5);
	if (kind == SHAPE_RING)
		return clamped(from_edge + 0.5) * clamped(line - from_edge + 0.5);
	double down = distance(x, y, 0.30 * size, 0.53 * size, 0.44 * size, 0.67 * size);
	double up = distance(x, y, 0.44 * size, 0.67 * size, 0.71 * size, 0.34 * size);
	return clamped(line / 2 - fmin(down, up) + 0.5);
}

static Uint32 pixel(enum shape_kind kind, int size, int line, int x, int y)
{
	if (kind == SHAPE_CHECKERBOARD) {
		SDL_Color c = (x / line + y / line) % 2 == 0 ? THEME_CHECK_1 : THEME_CHECK_2;
		return 0xff000000u | (Uint32)c.r << 16 | (Uint32)c.g << 8 | c.b;
	}
	double alpha = coverage(kind, size, line, x + 0.5, y + 0.5);
	return (Uint32)lround(alpha * 255) << 24 | 0xffffffu;
}

static SDL_Texture *make(SDL_Renderer *renderer, enum shape_kind kind, int size, int line)
{
	SDL_Texture *texture = SDL_CreateTexture(renderer, SDL_PIXELFORMAT_ARGB8888,
		SDL_TEXTUREACCESS_STATIC, size, size);
	Uint32 *pixels = malloc((size_t)size * (size_t)size * sizeof(*pixels));

	if (texture != NULL && pixels != NULL) {
		for (int y = 0; y < size; y++)
			for (int x = 0; x < size; x++)
				pixels[y * size + x] = pixel(kind, size, line, x, y);
		SDL_UpdateTexture(texture, NULL, pixels, size * (int)sizeof(*pixels));
		SDL_SetTextureBlendMode(texture,
			kind == SHAPE_CHECKERBOARD ? SDL_BLENDMODE_NONE : SDL_BLENDMODE_BLEND);
	}
	free(pixels);
	return texture;
}

SDL_Texture *shape_get(struct shapes *shapes, enum shape_kind kind, int size, int line)
{
	struct shape *place = &shapes->shapes[0];

	for (size_t i = 0; i < SHAPES_MAX; i++) {
		struct shape *shape = &shapes->shapes[i];
		if (shape->kind == kind && shape->size == size && shape->line == line) {
			shape->used = ++shapes->clock;
			return shape->texture;
		}
		if (shape->used < place->used)
			place = shape;
	}
	SDL_DestroyTexture(place->texture);
	*place = (struct shape){kind, size, line, ++shapes->clock, NULL};
	place->texture = make(shapes->renderer, kind, size, line);
	return place->texture;
}

void shape_forget(struct shapes *shapes)
{
	for (size_t i = 0; i < SHAPES_MAX; i++) {
		SDL_DestroyTexture(shapes->shapes[i].texture);
		shapes->shapes[i] = (struct shape){0};
	}
}

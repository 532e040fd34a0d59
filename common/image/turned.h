/*
 * turned.h - an image turned and mirrored as it is read: parts of it, so that no second copy is
 * needed. Orientations are those of EXIF, 1 to 8 (orientation.h); 1 is as it is. Pure.
 */
#ifndef VITRINE_IMAGE_TURNED_H
#define VITRINE_IMAGE_TURNED_H

#include "pixels.h"

#include <stdint.h>

/* The ways in which a user can turn a picture. */
enum turn {
	TURN_RIGHT,  /* by 90 degrees, clockwise */
	TURN_LEFT,   /* by 90 degrees */
	TURN_MIRROR, /* left and right change places */
	TURN_FLIP,   /* top and bottom change places */
};

/* The orientation after a picture with this orientation has been turned. */
int turned_by(int orientation, enum turn turn);

uint32_t turned_width(const struct pixels *pixels, int orientation);
uint32_t turned_height(const struct pixels *pixels, int orientation);

/*
 * Writes `width` x `height` pixels of the turned image, from x, y on, to `out`, rows without gaps,
 * in the format of `pixels`; R8, NV12 and YU12 become XR24. `scratch` has room for as many, and is
 * used for those three only.
 */
void turned_rows(const struct pixels *pixels, int orientation, uint32_t x, uint32_t y,
	uint32_t width, uint32_t height, uint32_t *out, uint32_t *scratch);

/* One pixel of the turned image. */
struct turned_pixel {
	uint8_t red, green, blue;
	uint8_t alpha; /* 255 if the format has none */
};

struct turned_pixel turned_pixel(const struct pixels *pixels, int orientation, uint32_t x,
	uint32_t y);

#endif

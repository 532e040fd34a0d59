/*
 * convert.h - a surface as SDL_image made it becomes upright XR24 or AR24 pixels: in place where the
 * surface allows it, else with one copy that converts and turns together. decode calls it.
 */
#ifndef VITRINE_UI_CONVERT_H
#define VITRINE_UI_CONVERT_H

#include <SDL_surface.h>
#include <stdbool.h>

#include "pixels.h"

/* What the 32 bits of a surface mean where its format does not say it. */
enum convert_meaning {
	CONVERT_AS_IT_SAYS,
	CONVERT_PREMULTIPLIED, /* colours were multiplied by alpha (libtiff) */
	CONVERT_CMYK,          /* a JPEG of four inks */
	CONVERT_CMYK_INVERTED, /* as Adobe writes them */
};

struct converted {
	struct pixels pixels;
	void *memory; /* what the pixels lie in */
	void (*release)(void *memory);
};

/*
 * Takes `surface` over, whatever happens. The format is VITRINE_AR24 only if some pixel is not
 * opaque. false: no memory, or a surface that SDL cannot convert. Any thread.
 */
bool convert_surface(SDL_Surface *surface, enum convert_meaning meaning, int orientation,
	struct converted *converted);

#endif

/*
 * convert.h - a surface as SDL_image made it becomes rows of XR24 or AR24 pixels, handed to a sink.
 * raster calls it.
 */
#ifndef VITRINE_UI_CONVERT_H
#define VITRINE_UI_CONVERT_H

#include <SDL_surface.h>
#include <stdbool.h>

#include "raster.h"

/* What the 32 bits of a surface mean where its format does not say it. */
enum convert_meaning {
	CONVERT_AS_IT_SAYS,
	CONVERT_PREMULTIPLIED, /* colours were multiplied by alpha (libtiff) */
	CONVERT_CMYK,          /* a JPEG of four inks */
	CONVERT_CMYK_INVERTED, /* as Adobe writes them */
};

/*
 * Takes `surface` over, whatever happens. *is_opaque: every pixel is. false: no memory, or a surface
 * that SDL cannot convert. The sink has begun. Any thread.
 */
bool convert_surface(SDL_Surface *surface, enum convert_meaning meaning, struct raster_sink *sink,
	bool *is_opaque);

#endif

/*
 * convert.h - converts a surface from SDL_image to rows of XR24 or AR24 pixels, and passes them to
 * a sink. sdl.c calls it.
 */
#ifndef VITRINE_DECODER_CONVERT_H
#define VITRINE_DECODER_CONVERT_H

#include <SDL_surface.h>
#include <stdbool.h>

#include "raster.h"

/*
 * Takes ownership of `surface`, even on failure. *is_opaque: true if every pixel is opaque. false:
 * no memory, or a surface that SDL cannot convert. The sink must have begun. Any thread.
 */
bool convert_surface(SDL_Surface *surface, struct raster_sink *sink, bool *is_opaque);

#endif

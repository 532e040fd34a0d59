/*
 * convert.h - a surface as SDL_image made it becomes rows of XR24 or AR24 pixels, handed to a sink.
 * raster calls it.
 */
#ifndef VITRINE_DECODER_CONVERT_H
#define VITRINE_DECODER_CONVERT_H

#include <SDL_surface.h>
#include <stdbool.h>

#include "raster.h"

/*
 * Takes `surface` over, whatever happens. *is_opaque: every pixel is. false: no memory, or a surface
 * that SDL cannot convert. The sink has begun. Any thread.
 */
bool convert_surface(SDL_Surface *surface, struct raster_sink *sink, bool *is_opaque);

#endif

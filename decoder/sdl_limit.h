/*
 * sdl_limit.h - limits the size of a single allocation by SDL and SDL_image. Decoders trust the
 * size in a header: they allocate the surface for 60000 x 60000 pixels before they read the first
 * pixel. The limit applies only to calls of SDL_image.
 */
#ifndef VITRINE_DECODER_SDL_LIMIT_H
#define VITRINE_DECODER_SDL_LIMIT_H

#include <stdint.h>

/*
 * Installs allocation functions with the limit for SDL_malloc() and the like. Call once, before SDL
 * allocates anything.
 */
void limit_install(void);

/* From now on, SDL refuses this thread any single allocation of more than `bytes`. */
void limit_begin(uint64_t bytes);

/* Removes the limit. Returns the size of the last allocation that was refused; 0: none was. */
uint64_t limit_end(void);

#endif

/*
 * limit.h - a limit on what SDL and SDL_image may allocate at once. Decoders believe the size in a
 * header: they allocate the surface for 60000 x 60000 pixels before they read the first pixel. The
 * limit applies only to calls of SDL_image.
 */
#ifndef VITRINE_DECODER_LIMIT_H
#define VITRINE_DECODER_LIMIT_H

#include <stdint.h>

/* Puts the limit under SDL_malloc and its like. Once, before SDL allocates anything. */
void limit_install(void);

/* From now on this thread gets no single allocation of more than `bytes` from SDL. */
void limit_begin(uint64_t bytes);

/* No limit any more. Returns the size of the last allocation that was refused; 0: none was. */
uint64_t limit_end(void);

#endif

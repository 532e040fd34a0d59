/* populated_install.c - the part of populated.h that needs SDL. */
#include "populated.h"

#include <SDL_stdinc.h>
#include <malloc.h>
#include <stdlib.h>

void populated_install(void)
{
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	SDL_SetMemoryFunctions(populated_malloc, calloc, realloc, free);
}

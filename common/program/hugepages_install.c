/* hugepages_install.c - the part of hugepages.h that needs SDL. */
#include "hugepages.h"

#include <SDL_stdinc.h>
#include <malloc.h>
#include <stdlib.h>

void hugepages_install(void)
{
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	SDL_SetMemoryFunctions(hugepages_malloc, calloc, realloc, free);
}

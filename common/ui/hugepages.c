/* hugepages.c - see hugepages.h. */
#include "hugepages.h"

#include <SDL_stdinc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE   ((size_t)2 << 20)
#define WORTH_WHILE (2 * HUGE_PAGE)

void *hugepages_malloc(size_t size)
{
	void *memory = malloc(size);
	uintptr_t begin = ((uintptr_t)memory + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	uintptr_t end = ((uintptr_t)memory + size) / HUGE_PAGE * HUGE_PAGE;

	/* Only advice: a system without huge pages says no, and nothing is lost. */
	if (memory != NULL && size >= WORTH_WHILE)
		madvise((void *)begin, end - begin, MADV_HUGEPAGE);
	return memory;
}

void hugepages_install(void)
{
	SDL_SetMemoryFunctions(hugepages_malloc, calloc, realloc, free);
}

/*
 * sdl_limit.c - see sdl_limit.h. The state is thread-local, because SDL's allocator has no
 * argument for it.
 */
#include "sdl_limit.h"

#include <SDL_stdinc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE   ((size_t)2 << 20)
#define WORTH_WHILE (2 * HUGE_PAGE)

static _Thread_local uint64_t largest = UINT64_MAX;
static _Thread_local uint64_t refused;

static bool is_allowed(size_t size)
{
	if (size <= largest)
		return true;
	refused = size;
	return false;
}

/*
 * Requests huge pages for the part of the block that consists of whole ones: 24 megapixels are then
 * decoded in a third less time. A system without huge pages ignores this.
 */
static void advise_huge(uintptr_t address, size_t size)
{
	uintptr_t begin = (address + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	uintptr_t end = (address + size) / HUGE_PAGE * HUGE_PAGE;

	madvise((void *)begin, end - begin, MADV_HUGEPAGE);
}

static void *limited_malloc(size_t size)
{
	void *memory = is_allowed(size) ? malloc(size) : NULL;

	if (memory != NULL && size >= WORTH_WHILE)
		advise_huge((uintptr_t)memory, size);
	return memory;
}

static void *limited_calloc(size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		total = SIZE_MAX;
	return is_allowed(total) ? calloc(count, size) : NULL;
}

static void *limited_realloc(void *memory, size_t size)
{
	return is_allowed(size) ? realloc(memory, size) : NULL;
}

void limit_install(void)
{
	SDL_SetMemoryFunctions(limited_malloc, limited_calloc, limited_realloc, free);
}

void limit_begin(uint64_t bytes)
{
	largest = bytes;
	refused = 0;
}

uint64_t limit_end(void)
{
	largest = UINT64_MAX;
	return refused;
}

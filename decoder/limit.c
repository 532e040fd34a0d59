/*
 * limit.c - see limit.h. The state is the thread's own: SDL's allocator has no argument to carry it.
 */
#include "limit.h"

#include "hugepages.h"

#include <SDL_stdinc.h>
#include <stdbool.h>
#include <stdlib.h>

static _Thread_local uint64_t largest = UINT64_MAX;
static _Thread_local uint64_t refused;

static bool is_allowed(size_t size)
{
	if (size <= largest)
		return true;
	refused = size;
	return false;
}

static void *limited_malloc(size_t size)
{
	return is_allowed(size) ? hugepages_malloc(size) : NULL;
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

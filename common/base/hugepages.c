/* hugepages.c - see hugepages.h. */
#include "hugepages.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE   ((size_t)2 << 20)
#define WORTH_WHILE (2 * HUGE_PAGE)

/*
 * Advises the complete huge pages within the block. A system without huge pages ignores the advice.
 */
static void advise(uintptr_t address, size_t size)
{
	uintptr_t begin = (address + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	uintptr_t end = (address + size) / HUGE_PAGE * HUGE_PAGE;

	madvise((void *)begin, end - begin, MADV_HUGEPAGE);
}

void *hugepages_malloc(size_t size)
{
	void *memory = malloc(size);

	if (memory != NULL && size >= WORTH_WHILE)
		advise((uintptr_t)memory, size);
	return memory;
}

/* populated.c - see populated.h. */
#include "populated.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define WORTH_WHILE ((size_t)4 << 20)

/* All pages that belong to the block alone. Without the call (before Linux 5.14) each has its fault. */
static void populate(uintptr_t address, size_t size)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t begin = (address + page - 1) / page * page;
	uintptr_t end = (address + size) / page * page;

	madvise((void *)begin, end - begin, MADV_POPULATE_WRITE);
}

void *populated_malloc(size_t size)
{
	void *memory = malloc(size);

	if (memory != NULL && size >= WORTH_WHILE)
		populate((uintptr_t)memory, size);
	return memory;
}

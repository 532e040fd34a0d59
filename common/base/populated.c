/* populated.c - see populated.h. */
#include "populated.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define WORTH_WHILE ((size_t)4 << 20)
#define PART        ((size_t)1 << 20)

/*
 * Allocates the pages that lie completely within the block. While a call runs, other threads cannot
 * map memory, so each call populates only a part. Where the call does not exist (before Linux
 * 5.14), the first write to each page allocates it.
 */
static void populate(uintptr_t address, size_t size)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t begin = (address + page - 1) / page * page;
	uintptr_t end = (address + size) / page * page;

	for (size_t part; begin < end; begin += part) {
		part = end - begin < PART ? end - begin : PART;
		if (madvise((void *)begin, part, MADV_POPULATE_WRITE) != 0)
			return;
	}
}

void *populated_malloc(size_t size)
{
	void *memory = malloc(size);

	if (memory != NULL && size >= WORTH_WHILE)
		populate((uintptr_t)memory, size);
	return memory;
}

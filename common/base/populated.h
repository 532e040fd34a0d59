/*
 * populated.h - memory for pixels. A system call allocates its pages, a MiB at a time, instead of
 * one page fault per page, which halves the time of the first write. It uses no huge pages: on some
 * virtual machines these are slow when used again after an idle period (docs/memory.md). Free the
 * memory with free(). Any thread.
 */
#ifndef VITRINE_BASE_POPULATED_H
#define VITRINE_BASE_POPULATED_H

#include <stddef.h>

/*
 * malloc(); blocks of several MiB get their pages at once. For memory that will be written whole.
 */
void *populated_malloc(size_t size);

/*
 * Makes SDL allocate in this way, including its textures. A large block is returned to the system
 * when it is freed, regardless of earlier frees. Call once in main, before SDL allocates anything.
 */
void populated_install(void);

#endif

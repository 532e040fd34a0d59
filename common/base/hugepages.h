/*
 * hugepages.h - memory for pixels, in pages of 2 MiB where the system has them: to make 24 megapixels
 * exist then takes 26 ms instead of 72. What is allocated here is freed by free(). Any thread.
 */
#ifndef VITRINE_BASE_HUGEPAGES_H
#define VITRINE_BASE_HUGEPAGES_H

#include <stddef.h>

/* malloc(); blocks of several huge pages are advised to use them. */
void *hugepages_malloc(size_t size);

/*
 * Makes SDL allocate this way, its textures too; and large blocks go back to the system when they are
 * freed, whatever was freed before. Once in main, before SDL allocates anything.
 */
void hugepages_install(void);

#endif

/* frame_size.h - the sizes of frames that are measured. Called by bench.c and bench/race. */
#ifndef VITRINE_TOOLS_FRAME_SIZE_H
#define VITRINE_TOOLS_FRAME_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The number of sizes measured by default. "24MP" is known, too, but is slow and gives the same
 * result as "4K".
 */
enum { FRAME_SIZES_USUAL = 3 };
extern const char *const frame_sizes_usual[FRAME_SIZES_USUAL];

/* Parses a name such as "1080p", or "640x480". False: it is neither. */
bool frame_size_read(const char *text, uint32_t *width, uint32_t *height);

#endif

/* frame_size.h - the sizes of frames that are measured. Called by bench.c and bench/race. */
#ifndef VITRINE_TOOLS_FRAME_SIZE_H
#define VITRINE_TOOLS_FRAME_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/* Measured unless others are chosen. 24MP is known, too; it is slow, and its result is that of 4K. */
enum { FRAME_SIZES_USUAL = 3 };
extern const char *const frame_sizes_usual[FRAME_SIZES_USUAL];

/* Reads "1080p" and the like, or "640x480". False: it is neither. */
bool frame_size_read(const char *text, uint32_t *width, uint32_t *height);

#endif

/*
 * expand.h - converts rows of the formats that no renderer takes (R8, RG24, BG24, NV12, YU12) to
 * XR24, as vitrine_load() does. Pure.
 */
#ifndef VITRINE_IMAGE_EXPAND_H
#define VITRINE_IMAGE_EXPAND_H

#include "pixels.h"

#include <stdbool.h>
#include <stdint.h>

bool expand_needed(uint32_t format);

/* True if a frame of this height uses the matrix of BT.709; otherwise it uses that of BT.601. */
bool expand_has_bt709(uint32_t height);

/* Writes `width` x `height` pixels from x, y on to `out`, rows without gaps. */
void expand_rows(const struct pixels *pixels, uint32_t x, uint32_t y, uint32_t width,
	uint32_t height, uint32_t *out);

#endif

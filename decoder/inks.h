/*
 * inks.h - pixels of four inks, as a JPEG decoder leaves them, become colours. Pure.
 */
#ifndef VITRINE_UI_INKS_H
#define VITRINE_UI_INKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes C M Y K become words 0xffRRGGBB, in place. Inverted: as Adobe writes them. */
void inks_to_colours(uint32_t *pixels, size_t count, bool is_inverted);

#endif

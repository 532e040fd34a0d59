/*
 * screen_parts.h - how large the screen is, asked of SDL. SDL is loaded for that one question, and only
 * then: the other commands do without.
 */
#ifndef VITRINE_TOOLS_SCREEN_PARTS_H
#define VITRINE_TOOLS_SCREEN_PARTS_H

#include <stdint.h>

/* In screen coordinates, as --geometry counts them. */
struct screen_area {
	int32_t x;
	int32_t y;
	int32_t width;
	int32_t height;
};

/* The part of the first screen that panels leave free; 1280 x 720 if nobody can say. */
struct screen_area screen_usable(void);

/*
 * The inside of window `number` of `count`, side by side, from the fourth on in two rows, so that the
 * frames fit `area` too.
 */
struct screen_area screen_part(const struct screen_area *area, unsigned number, unsigned count);

#endif

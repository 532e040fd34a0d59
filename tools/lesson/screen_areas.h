/*
 * screen_areas.h - the areas of the screen in which the windows of a lesson open. SDL tells the
 * size of the screen; it is loaded only when this is called, because the other commands do not need
 * it.
 */
#ifndef VITRINE_TOOLS_SCREEN_AREAS_H
#define VITRINE_TOOLS_SCREEN_AREAS_H

#include <stdint.h>

/* In screen coordinates, as for --geometry. */
struct screen_area {
	int32_t x;
	int32_t y;
	int32_t width;
	int32_t height;
};

/* The part of the first screen that is not covered by panels; 1280 x 720 if unknown. */
struct screen_area screen_usable(void);

/*
 * The inside of window `number` of `count`: side by side, four or more in two rows, so that their
 * frames fit `area` too.
 */
struct screen_area screen_part(const struct screen_area *area, unsigned number, unsigned count);

#endif

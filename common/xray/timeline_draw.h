/* timeline_draw.h - draws the chart of timeline.h. Called on the thread that draws. */
#ifndef VITRINE_XRAY_TIMELINE_DRAW_H
#define VITRINE_XRAY_TIMELINE_DRAW_H

#include "draw.h"
#include "timeline.h"

/* Its preferred height in pixels of the output; the more lanes there are, the lower each is. */
int timeline_height(const struct timeline *timeline, const struct draw *draw);
void timeline_draw(const struct timeline *timeline, struct draw *draw, SDL_Rect area, int64_t now);

#endif

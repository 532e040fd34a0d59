/*
 * probe.h - the pixel under the mouse: where it is, and its value. Follows the mouse, owns nothing.
 * Called on the thread that draws.
 */
#ifndef VITRINE_UI_PROBE_H
#define VITRINE_UI_PROBE_H

#include "pixels.h"
#include "view.h"

#include <SDL_events.h>
#include <stdbool.h>

#define PROBE_TEXT_MAX 96

/* All zeros: off, and the mouse is not over the picture. */
struct probe {
	bool is_on;   /* the program shows the text and a grid */
	bool is_over; /* the mouse is over a pixel … */
	uint32_t column, row;
	int x, y; /* … or was last at these window coordinates */
	bool is_inside;
};

/*
 * Follows the mouse; the program must still handle the event. True: another pixel is under the
 * mouse. NULL: the picture has moved or changed under the mouse.
 */
bool probe_event(struct probe *probe, const struct view *view, const SDL_Event *event);

/*
 * "x 12 y 34 #ff8040 255 128 64"; with alpha there are four numbers, and for video the name of its
 * format follows the converted colour. `pixels`: the picture in the view, not turned; NULL:
 * unknown, so the text has no value. Returns `text`.
 */
char *probe_text(char text[PROBE_TEXT_MAX], const struct probe *probe, const struct view *view,
	const struct pixels *pixels);

/*
 * For full screen, which has no status bar: draws the text over the lower right corner of the
 * picture.
 */
void probe_draw(struct draw *draw, SDL_Rect area, const char *text);

#endif

/* panes.h - divides a window into its parts. Pure arithmetic, in pixels of the output. */
#ifndef VITRINE_UI_PANES_H
#define VITRINE_UI_PANES_H

#include <SDL_rect.h>
#include <stdbool.h>

enum panes_parts {
	PANES_TRAY = 1, /* the producer's row of thumbnails */
	PANES_PANEL =
		2,     /* the side panel; omitted if it would be narrower than half of its width */
	PANES_BAR = 4, /* the status bar, which full screen omits */
};

struct panes {
	SDL_Rect picture; /* always there */
	SDL_Rect tray;    /* panes that are omitted are empty (w == 0) */
	SDL_Rect panel;
	SDL_Rect bar;
};

/*
 * Divides `width` x `height` pixels; `scale`: output pixels per logical pixel; `parts`: enum
 * panes_parts.
 */
struct panes panes_make(int width, int height, float scale, unsigned parts);

/* The area of a fitted picture in its pane, with the same margin in every window. */
SDL_Rect panes_fitted(SDL_Rect pane, float scale);

/* `rect`, reduced by `by` on every side. */
SDL_Rect panes_inset(SDL_Rect rect, int by);
bool panes_inside(SDL_Rect rect, int x, int y);

#endif

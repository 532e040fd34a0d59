/*
 * layout.h - who gets which part of a window. Pure arithmetic, in pixels of the output.
 */
#ifndef VITRINE_UI_LAYOUT_H
#define VITRINE_UI_LAYOUT_H

#include <SDL_rect.h>
#include <stdbool.h>

enum layout_parts {
	LAYOUT_TRAY = 1,  /* the producer's row of thumbnails */
	LAYOUT_PANEL = 2, /* the side panel; left out where the picture would get less than it */
	LAYOUT_BAR = 4,   /* the status bar: left out in full screen */
};

struct layout {
	SDL_Rect picture; /* always there */
	SDL_Rect tray;    /* those left out are empty (w == 0) */
	SDL_Rect panel;
	SDL_Rect bar;
};

/* Divides `width` x `height` pixels; `scale`: pixels a logical pixel; `parts`: enum layout_parts. */
struct layout layout_make(int width, int height, float scale, unsigned parts);

/* `rect` made smaller by `by` on every side. */
SDL_Rect layout_inset(SDL_Rect rect, int by);
bool layout_inside(SDL_Rect rect, int x, int y);

#endif

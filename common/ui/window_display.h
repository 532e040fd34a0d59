/*
 * window_display.h - what window.c has to find out about the machine: which renderer is quick here,
 * how large the desktop wants its text, where a window fits, and why there is no display. Only
 * window.c and its tests include this.
 */
#ifndef VITRINE_UI_WINDOW_DISPLAY_H
#define VITRINE_UI_WINDOW_DISPLAY_H

#include <SDL_render.h>
#include <SDL_video.h>
#include <stdbool.h>
#include <stddef.h>

#include "window.h"

void window_display_hints(const char *name); /* before SDL starts */
/* Before the window is created: on an X11 screen of 8 or 30 bits SDL is told a visual it can draw in. */
void window_display_visual(void);
SDL_Renderer *window_display_renderer(SDL_Window *window);

/*
 * Window coordinates a logical pixel: $VITRINE_SCALE, else what the X11 desktop's dpi says, else 1.
 * (Where the desktop scales by itself, as on Wayland, the output is larger than the window.)
 */
double window_display_scale(SDL_Window *window);

/*
 * Where a window goes that the user did not place: in its part of the screen's usable area, the two
 * halves next to each other, no larger than `wanted`, and not below `smallest` while the screen has
 * room. x, y are those of its frame. All in window coordinates.
 */
void window_display_place(SDL_Window *window, enum window_half half, SDL_Point wanted,
	double points, SDL_Point smallest, SDL_Rect *place);

/*
 * Fits a place that was kept into the usable part of the screen that it is on, after that screen or the
 * desktop's panels have changed. Window number `before` (from 0) of a program goes beside the `others`
 * that are open if there is room for it, as a smaller one if need be; else it is moved by so many title
 * bars, so that all can be seen. The first does not move, unless it would lie exactly on another one.
 */
void window_display_fit(SDL_Window *window, double points, unsigned before, SDL_Point smallest,
	const SDL_Rect *others, size_t count, SDL_Rect *place);

/*
 * The parts of window_display_fit(), which need no screen: `usable` is its usable part, `title` and
 * `edge` are those of the frame. The second returns false if there is no room beside the others.
 */
SDL_Rect window_display_fitted(SDL_Rect place, SDL_Rect usable, int title, int edge,
	unsigned before);
bool window_display_beside(SDL_Rect *place, SDL_Rect usable, SDL_Point smallest,
	const SDL_Rect *others, size_t count, int title, int edge);

/* True if a position that SDL is asked for is the frame's; else the inside's, as what it tells. */
bool window_display_asks_for_frame(void);

/*
 * True if SDL's video part, which did start, shows anything: without a display it quietly takes a
 * driver that draws into memory. Asked for by $SDL_VIDEODRIVER, as tests do, that is as it should be.
 */
bool window_display_is_there(void);

/* Writes why no window or no renderer could be made, by SDL_GetError(), and the remedy. */
void window_display_refused(char *message, size_t size);

/* Writes why there is no display, and the remedy. */
void window_display_message(char *message, size_t size);

#endif

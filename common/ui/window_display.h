/*
 * window_display.h - finds out for window.c which renderer is fast on this machine, which scale the
 * desktop uses, where a window fits, and why there is no display. Only window.c and its tests
 * include this.
 */
#ifndef VITRINE_UI_WINDOW_DISPLAY_H
#define VITRINE_UI_WINDOW_DISPLAY_H

#include <SDL_render.h>
#include <SDL_video.h>
#include <stdbool.h>
#include <stddef.h>

#include "window.h"

void window_display_hints(const char *name); /* call before SDL starts */
/*
 * Call before the window is created: on an X11 screen of 8 or 30 bits, tells SDL a visual in which
 * it can draw.
 */
void window_display_visual(void);
SDL_Renderer *window_display_renderer(SDL_Window *window);

/*
 * Window coordinates per logical pixel: $VITRINE_SCALE, or else from the dpi of the X11 desktop, or
 * else 1. (If the desktop scales by itself, as on Wayland, the output has more pixels than the
 * window has coordinates.)
 */
double window_display_scale(SDL_Window *window);

/*
 * Chooses the place of a window that the user did not place: in its part of the screen's usable
 * area, with the two halves next to each other, no larger than `wanted`, and no smaller than
 * `smallest` unless the screen is too small. x, y are those of its frame. All in window
 * coordinates.
 */
void window_display_place(SDL_Window *window, enum window_half half, SDL_Point wanted,
	double points, SDL_Point smallest, SDL_Rect *place);

/*
 * Fits a kept place into the usable part of its screen, which or whose panels may have changed.
 * Window number `before` (from 0) of a program is placed next to the `others` that are open if
 * there is room, if necessary smaller; otherwise it is moved by one title bar per window, so that
 * all title bars are visible. The first window does not move, unless it would exactly cover another
 * one.
 */
void window_display_fit(SDL_Window *window, double points, unsigned before, SDL_Point smallest,
	const SDL_Rect *others, size_t count, SDL_Rect *place);

/*
 * The parts of window_display_fit() that need no screen: `usable` is the usable part of it, `title`
 * and `edge` are the sizes of the frame. The second returns false if there is no room next to the
 * others.
 */
SDL_Rect window_display_fitted(SDL_Rect place, SDL_Rect usable, int title, int edge,
	unsigned before);
bool window_display_beside(SDL_Rect *place, SDL_Rect usable, SDL_Point smallest,
	const SDL_Rect *others, size_t count, int title, int edge);

/*
 * True if SDL2 is sdl2-compat: SDL 3 with the interface of SDL 2. It takes a requested position as
 * that of the client area, which it also reports; SDL 2 takes it as that of the frame.
 */
bool window_display_is_sdl3(void);

/*
 * True if the started video subsystem shows anything: without a display, SDL silently uses a driver
 * that draws into memory. If $SDL_VIDEODRIVER requests such a driver, as in tests, that counts as a
 * display.
 */
bool window_display_is_there(void);

/* Writes why no window or no renderer could be created, from SDL_GetError(), and the remedy. */
void window_display_refused(char *message, size_t size);

/* Writes why there is no display, and the remedy. */
void window_display_message(char *message, size_t size);

#endif

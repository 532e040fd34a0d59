/*
 * window_drag.h - what SDL 2 does not report of dragging and dropping: whether another program
 * drags something over the window, and links in a drop. On X11, SDL reports the drop itself, and
 * omits each URI that it does not take for a file on this machine; these are added as one
 * DROP_PART (drop.h), one URI per line, before SDL_DROPCOMPLETE. On Wayland, whole drops are
 * reported in place of those of SDL 2 (window_drag_wayland.h). Only window.c and
 * window_drag_wayland.c include this.
 */
#ifndef VITRINE_UI_WINDOW_DRAG_H
#define VITRINE_UI_WINDOW_DRAG_H

#include <SDL_events.h>
#include <SDL_video.h>
#include <stdbool.h>

/* All zeros: nothing is dragged over the window, and the display is unknown. */
struct window_drag {
	bool hovers;
	unsigned long enter, leave, drop; /* atoms of the X server; 0: not X11 */
};

/* Starts to follow drags. Call once, with the window open; a program has one window. */
void window_drag_start(struct window_drag *drag, SDL_Window *window);
/*
 * Whether SDL reports drops. If not, programs that drag something over the window are told so,
 * where the desktop has a way.
 */
void window_drag_let_sdl_report(bool reports);
/* Call before the window is destroyed. */
void window_drag_stop(void);

/* Handles any event of the window. True: a drag has entered or left the window. */
bool window_drag_follow(struct window_drag *drag, const SDL_Event *event);

#endif

/*
 * window_drag.h - what SDL 2 does not tell of XDND, read on X11: whether another program drags something
 * over the window, and links in a drop. SDL tells of a drop only when it happens, and leaves out each
 * URI that it takes for no file of this machine: these come as one SDL_DROPTEXT, one URI per line,
 * before SDL_DROPCOMPLETE. Elsewhere nothing hovers. Only window.c includes this.
 */
#ifndef VITRINE_UI_WINDOW_DRAG_H
#define VITRINE_UI_WINDOW_DRAG_H

#include <SDL_events.h>
#include <SDL_video.h>
#include <stdbool.h>

/* All zeros: nothing hovers, and nothing is known of the display. */
struct window_drag {
	bool hovers;
	unsigned long enter, leave, drop; /* atoms of the X server; 0: it is not X11 */
};

/* Has SDL pass on the messages of XDND. Call once, with the window open; a program has one window. */
void window_drag_start(struct window_drag *drag, SDL_Window *window);

/* Any event of the window. True: something came over the window or left it. */
bool window_drag_follow(struct window_drag *drag, const SDL_Event *event);

#endif

/*
 * window_drag_wayland.h - drops on a Wayland desktop. SDL gives up a drop if the other program
 * takes more than 14 ms to write it (PIPE_MS_TIMEOUT in SDL's Wayland driver), reports nothing
 * then, and never reports what is dragged over the window. This takes part in the protocol beside
 * SDL 2.26, by a wl_data_device of its own: the text of a drop arrives as one drop_text_event()
 * (drop.h), however long it takes. While something is dragged over the window, SDL's own events of
 * drops are off. With newer ones this cannot work: SDL refuses the drag while they are off, and if
 * they are on it ends the transfer for the whole program when it gives up. Only window_drag.c
 * includes this. Call all functions on the thread that draws.
 */
#ifndef VITRINE_UI_WINDOW_DRAG_WAYLAND_H
#define VITRINE_UI_WINDOW_DRAG_WAYLAND_H

#include <stdbool.h>

struct wl_display;

/* SDL_PumpEvents() calls what follows; this does not sleep. A program has one window. */
void window_drag_wayland_start(struct wl_display *display);
/* Call before SDL closes the display. Does nothing if it was not started. */
void window_drag_wayland_stop(void);
/* True while something that can be dropped here is dragged over the window. */
bool window_drag_wayland_hovers(void);

#endif

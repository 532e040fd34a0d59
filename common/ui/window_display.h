/*
 * window_display.h - what window.c has to find out about the machine: which renderer is quick here,
 * how large the desktop wants its text, and why there is no display. Nobody else includes this.
 */
#ifndef VITRINE_UI_WINDOW_DISPLAY_H
#define VITRINE_UI_WINDOW_DISPLAY_H

#include <SDL_render.h>
#include <SDL_video.h>
#include <stdbool.h>
#include <stddef.h>

void window_display_hints(const char *name); /* before SDL starts */
SDL_Renderer *window_display_renderer(SDL_Window *window);

/*
 * Window coordinates a logical pixel: $VITRINE_SCALE, else what the X11 desktop's dpi says, else 1.
 * (Where the desktop scales by itself, as on Wayland, the output is larger than the window.)
 */
double window_display_scale(SDL_Window *window);

/*
 * Whether SDL's video part, which did start, shows anything: without a display it quietly takes a
 * driver that draws into memory. Asked for by $SDL_VIDEODRIVER, as tests do, that is as it should be.
 */
bool window_display_is_there(void);

/* Writes why there is no display, and the remedy. */
void window_display_message(char *message, size_t size);

#endif

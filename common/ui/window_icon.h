/*
 * window_icon.h - the icon that X11 desktops show for a window in their lists:
 * packaging/vitrine.svg, which is compiled into the program. (Wayland desktops find it by the
 * program's .desktop file.)
 */
#ifndef VITRINE_UI_WINDOW_ICON_H
#define VITRINE_UI_WINDOW_ICON_H

#include <SDL_video.h>

/* Reports no error: a window works without an icon. */
void window_icon_set(SDL_Window *window);

#endif

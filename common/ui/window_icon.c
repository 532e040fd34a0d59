/* window_icon.c - see window_icon.h. The build writes the bytes of the SVG file into icon_svg.h. */
#include "window_icon.h"

#include <SDL_image.h>

#include "icon_svg.h"

enum { SIDE = 128 };

void window_icon_set(SDL_Window *window)
{
	SDL_RWops *file = SDL_RWFromConstMem(icon_svg, sizeof(icon_svg));
	SDL_Surface *icon = file != NULL ? IMG_LoadSizedSVG_RW(file, SIDE, SIDE) : NULL;

	if (icon != NULL)
		SDL_SetWindowIcon(window, icon);
	SDL_FreeSurface(icon);
	if (file != NULL)
		SDL_RWclose(file);
}

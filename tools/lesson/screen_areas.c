/* screen_areas.c - see screen_areas.h. */
#include "screen_areas.h"

#include <SDL.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#define SDL_LIBRARY "libSDL2-2.0.so.0"

enum {
	GAP = 8,
	TITLE = 36, /* the frame that a desktop may add to a window */
	WIDEST = 1180,
	LEAST = 240,
};

/* The functions of SDL that are called, with the types of its header. */
struct sdl {
	SDL_bool (*SetHint)(const char *name, const char *value);
	int (*InitSubSystem)(Uint32 flags);
	int (*GetDisplayUsableBounds)(int display, SDL_Rect *bounds);
	void (*QuitSubSystem)(Uint32 flags);
};

static bool load(void *library, const char *name, void *function)
{
	void *address = dlsym(library, name);

	memcpy(function, &address, sizeof(address));
	return address != NULL;
}

static bool load_all(void *library, struct sdl *sdl)
{
	return load(library, "SDL_SetHint", &sdl->SetHint) &&
	       load(library, "SDL_InitSubSystem", &sdl->InitSubSystem) &&
	       load(library, "SDL_GetDisplayUsableBounds", &sdl->GetDisplayUsableBounds) &&
	       load(library, "SDL_QuitSubSystem", &sdl->QuitSubSystem);
}

struct screen_area screen_usable(void)
{
	struct screen_area area = {.width = 1280, .height = 720};
	void *library = dlopen(SDL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	struct sdl sdl;
	SDL_Rect usable;

	if (library == NULL)
		return area;
	if (load_all(library, &sdl)) {
		sdl.SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
		if (sdl.InitSubSystem(SDL_INIT_VIDEO) == 0) {
			if (sdl.GetDisplayUsableBounds(0, &usable) == 0)
				area = (struct screen_area){usable.x, usable.y, usable.w, usable.h};
			sdl.QuitSubSystem(SDL_INIT_VIDEO);
		}
	}
	return area; /* leave it loaded: some libraries it uses cannot be unloaded */
}

static int32_t at_least(int32_t number, int32_t least)
{
	return number < least ? least : number;
}

struct screen_area screen_part(const struct screen_area *area, unsigned number, unsigned count)
{
	int32_t rows = count > 3 ? 2 : 1;
	int32_t columns = ((int32_t)count + rows - 1) / rows;
	int32_t column = (int32_t)number % columns, row = (int32_t)number / columns;
	int32_t width = area->width / columns, height = area->height / rows;
	struct screen_area part = {
		.x = area->x + column * width + GAP,
		.y = area->y + row * height + TITLE,
		.width = at_least(width - 2 * GAP, LEAST),
		.height = at_least(height - 2 * TITLE, LEAST),
	};

	/* On a wide screen the windows are side by side in the middle. */
	if (part.width > WIDEST) {
		part.x = area->x + (area->width - columns * (WIDEST + 2 * GAP)) / 2 +
			 column * (WIDEST + 2 * GAP) + GAP;
		part.width = WIDEST;
	}
	return part;
}

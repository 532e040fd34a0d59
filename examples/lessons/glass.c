/* glass.c - see glass.h. A process has one window. */
#include "glass.h"

#include <SDL.h>
#include <stdlib.h>

struct glass {
	SDL_Window *window;
	SDL_Renderer *renderer;
	SDL_Texture *texture; /* made for the first picture */
};

/* The half of the screen's usable part, less the frame of the window. */
static SDL_Rect half(enum glass_side side)
{
	enum { GAP = 8, TITLE = 40 };
	SDL_Rect area = {0, 0, 1280, 720};
	int width, height;

	SDL_GetDisplayUsableBounds(0, &area);
	width = SDL_min(area.w / 2 - 2 * GAP, 960);
	height = SDL_min(area.h - TITLE - GAP, width * 3 / 4);
	return (SDL_Rect){
		.x = area.x + area.w / 2 + (side == GLASS_LEFT ? -width - GAP : GAP),
		.y = area.y + TITLE + (area.h - TITLE - height) / 2,
		.w = width,
		.h = height,
	};
}

struct glass *glass_open(const char *title, enum glass_side side)
{
	struct glass *glass;
	SDL_Rect place;

	SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1"); /* Ctrl+C is the lesson's own business */
	SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
	if ((getenv("DISPLAY") == NULL && getenv("WAYLAND_DISPLAY") == NULL) ||
		SDL_Init(SDL_INIT_VIDEO) != 0)
		return NULL;
	glass = calloc(1, sizeof(*glass));
	if (glass == NULL)
		return NULL;
	place = half(side);
	glass->window =
		SDL_CreateWindow(title, place.x, place.y, place.w, place.h, SDL_WINDOW_RESIZABLE);
	if (glass->window != NULL)
		glass->renderer = SDL_CreateRenderer(glass->window, -1, SDL_RENDERER_SOFTWARE);
	if (glass->renderer != NULL)
		return glass;
	glass_close(glass);
	return NULL;
}

static bool is_closed(void)
{
	SDL_Event event;

	while (SDL_PollEvent(&event) != 0)
		if (event.type == SDL_QUIT ||
			(event.type == SDL_KEYDOWN && event.key.keysym.sym == SDLK_q))
			return true;
	return false;
}

bool glass_show(struct glass *glass, const uint32_t *pixels, int width, int height)
{
	if (glass == NULL)
		return true;
	if (glass->texture == NULL)
		glass->texture = SDL_CreateTexture(glass->renderer, SDL_PIXELFORMAT_RGB888,
			SDL_TEXTUREACCESS_STREAMING, width, height);
	SDL_UpdateTexture(glass->texture, NULL, pixels, width * (int)sizeof(*pixels));
	SDL_RenderCopy(glass->renderer, glass->texture, NULL, NULL);
	SDL_RenderPresent(glass->renderer);
	return !is_closed();
}

void glass_close(struct glass *glass)
{
	if (glass == NULL)
		return;
	if (glass->renderer != NULL)
		SDL_DestroyRenderer(glass->renderer); /* the texture goes with it */
	SDL_DestroyWindow(glass->window);
	SDL_Quit();
	free(glass);
}

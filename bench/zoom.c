/*
 * zoom.c - measures what a frame costs while a large picture is zoomed, with SDL's software
 * renderer, as on a machine without a graphics card. It needs no display: the window is in memory.
 *
 *	bench-zoom WIDTH HEIGHT MEGAPIXELS...     the window's size; the pictures'
 *
 * Draws each picture at all zooms from fitted to 3200 % and back, about a point near the middle.
 * Prints one line per picture: MEGAPIXELS, the median and the longest frame in ms, and the zoom of
 * the longest in per cent.
 */
#include <SDL.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "view.h"
#include "vitrine.h"

enum { FRAMES_MAX = 200, ROUNDS = 3 };

struct frame {
	double ms, zoom;
};

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_time(const void *a, const void *b)
{
	double difference = ((const struct frame *)a)->ms - ((const struct frame *)b)->ms;

	return (difference > 0) - (difference < 0);
}

static void give_up(const char *what)
{
	fprintf(stderr, "bench-zoom: %s: %s\n", what, SDL_GetError());
	exit(1);
}

/* A picture with the proportions of a photograph, 4:3. */
static struct pixels make_picture(double megapixels)
{
	uint32_t width = (uint32_t)sqrt(megapixels * 1e6 * 4 / 3);
	uint32_t height = width * 3 / 4;
	uint32_t *data = malloc((size_t)width * height * 4);

	if (data == NULL)
		give_up("no memory");
	for (size_t i = 0; i < (size_t)width * height; i++)
		data[i] = 0xff000000 | (uint32_t)(i * 2654435761u >> 8);
	return (struct pixels){(const uint8_t *)data, width, height, width * 4, VITRINE_XR24};
}

static struct frame draw_frame(struct view *view, SDL_Renderer *renderer)
{
	double start = now_ms();

	SDL_RenderClear(renderer);
	view_draw(view);
	SDL_RenderFlush(renderer);
	return (struct frame){now_ms() - start, view_get_zoom(view)};
}

/* Draws the frames of zooming in and out again. Returns their number. */
static size_t zoom(struct view *view, SDL_Renderer *renderer, SDL_Point about, struct frame *frames)
{
	SDL_Event wheel;
	size_t count = 0;
	float turn = 1;

	SDL_zero(wheel);
	wheel.type = SDL_MOUSEWHEEL;
	wheel.wheel.mouseX = about.x;
	wheel.wheel.mouseY = about.y;
	while (count < FRAMES_MAX && (turn > 0 || !view_is_fitted(view))) {
		wheel.wheel.preciseY = turn;
		view_event(view, &wheel);
		frames[count++] = draw_frame(view, renderer);
		if (view_get_zoom(view) >= 32)
			turn = -1;
	}
	return count;
}

static void measure(struct view *view, SDL_Renderer *renderer, SDL_Rect area, double megapixels)
{
	struct pixels pixels = make_picture(megapixels);
	struct frame best[FRAMES_MAX], frames[FRAMES_MAX];
	size_t count = 0;

	if (view_begin(view, &pixels) == 0)
		give_up(view_error(view));
	while (view_upload(view, UINT64_C(1000000000)) == VIEW_MORE ||
		view_refine(view, &pixels, UINT64_C(1000000000))) {
	}
	/*
	 * For each frame, keeps the best of several rounds, because slower ones measure other
	 * programs.
	 */
	for (int round = 0; round < ROUNDS; round++) {
		view_set_mode(view, VIEW_FIT);
		count = zoom(view, renderer, (SDL_Point){area.w / 3, area.h / 3}, frames);
		for (size_t i = 0; i < count; i++)
			if (round == 0 || frames[i].ms < best[i].ms)
				best[i] = frames[i];
	}
	qsort(best, count, sizeof(*best), by_time);
	printf("%g %.2f %.2f %.4g\n", megapixels, best[count / 2].ms, best[count - 1].ms,
		100 * best[count - 1].zoom);
	free((void *)(uintptr_t)pixels.data);
}

int main(int argc, char **argv)
{
	SDL_Rect area = {0, 0, argc > 3 ? atoi(argv[1]) : 0, argc > 3 ? atoi(argv[2]) : 0};
	SDL_Surface *surface;
	SDL_Renderer *renderer;
	struct draw *draw;
	struct view *view;

	if (area.w <= 0 || area.h <= 0) {
		fprintf(stderr, "usage: bench-zoom WIDTH HEIGHT MEGAPIXELS...\n");
		return 2;
	}
	surface = SDL_CreateRGBSurfaceWithFormat(0, area.w, area.h, 32, SDL_PIXELFORMAT_XRGB8888);
	renderer = surface != NULL ? SDL_CreateSoftwareRenderer(surface) : NULL;
	draw = renderer != NULL ? draw_create(renderer, 1) : NULL;
	view = draw != NULL ? view_create(draw) : NULL;
	if (view == NULL)
		give_up("cannot draw");
	view_place(view, area);
	for (int i = 3; i < argc; i++)
		measure(view, renderer, area, atof(argv[i]));
	view_destroy(view);
	draw_destroy(draw);
	SDL_DestroyRenderer(renderer);
	SDL_FreeSurface(surface);
	return 0;
}

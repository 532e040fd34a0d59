/*
 * images.c - makes the benchmark's pictures: JPEG files with the detail and noise of photographs,
 * and a plain patch in the middle, whose colour alternates from picture to picture. script/bench
 * runs it.
 *
 *	bench-images FOLDER WIDTH HEIGHT COUNT NAME     writes FOLDER/NAME-0.jpg …
 */
#include <SDL.h>
#include <SDL_image.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define QUALITY 90

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

/* Even numbers are red in the middle, odd ones blue. */
static uint32_t patch_colour(int number)
{
	return number % 2 == 0 ? 0xc03020 : 0x2030c0;
}

static bool is_patch(int x, int y, const SDL_Surface *surface)
{
	return abs(x - surface->w / 2) < surface->w / 10 &&
	       abs(y - surface->h / 2) < surface->h / 10;
}

/* Smooth hills with edges and grain, as a photograph has. */
static void paint(SDL_Surface *surface, int number)
{
	uint32_t state = (uint32_t)number * 7919u + 1;
	float *wave = malloc((size_t)surface->w * sizeof(*wave));

	if (wave == NULL)
		exit(1);
	for (int x = 0; x < surface->w; x++)
		wave[x] =
			60 * sinf((float)x * 0.004f + (float)number) + 25 * sinf((float)x * 0.11f);
	for (int y = 0; y < surface->h; y++) {
		uint32_t *row = (uint32_t *)((uint8_t *)surface->pixels + y * surface->pitch);
		float down = 50 * sinf((float)y * 0.006f) + 15 * sinf((float)y * 0.07f);
		for (int x = 0; x < surface->w; x++) {
			int light = 128 + (int)(wave[x] * 0.6f + down * 0.6f) +
				    (int)(next_random(&state) % 31);
			uint32_t level = (uint32_t)SDL_clamp(light, 0, 255);
			row[x] = is_patch(x, y, surface)
					 ? patch_colour(number)
					 : level << 16 | (level / 2 + 60) << 8 | (255 - level);
		}
	}
	free(wave);
}

int main(int argc, char **argv)
{
	SDL_Surface *surface;
	char path[4096];

	if (argc != 6) {
		fprintf(stderr, "usage: bench-images FOLDER WIDTH HEIGHT COUNT NAME\n");
		return 2;
	}
	surface = SDL_CreateRGBSurfaceWithFormat(0, atoi(argv[2]), atoi(argv[3]), 32,
		SDL_PIXELFORMAT_RGB888);
	for (int i = 0; surface != NULL && i < atoi(argv[4]); i++) {
		paint(surface, i);
		snprintf(path, sizeof(path), "%s/%s-%d.jpg", argv[1], argv[5], i);
		if (IMG_SaveJPG(surface, path, QUALITY) != 0) {
			fprintf(stderr, "bench-images: %s: %s\n", path, IMG_GetError());
			return 1;
		}
	}
	if (surface == NULL)
		fprintf(stderr, "bench-images: %s\n", SDL_GetError());
	SDL_FreeSurface(surface);
	return surface == NULL;
}

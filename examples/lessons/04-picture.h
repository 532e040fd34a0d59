/*
 * 04-picture.h - the pictures of lesson 4: a disc on a ground, each number in other colours, so that
 * rows of two pictures in one stand out.
 */
#ifndef LESSON_PICTURE_H
#define LESSON_PICTURE_H

#include <stdint.h>

enum { WIDTH = 480, HEIGHT = 360, BANDS = 12, BAND = HEIGHT / BANDS };

static const uint32_t grounds[] = {0xe6dcc3, 0x28577f, 0xd1495b, 0x3d7a5c, 0xedae49, 0x5b4b8a};
enum { COLOURS = sizeof(grounds) / sizeof(grounds[0]) };

/* Paints rows `top` to `top` + BAND of picture `number`. */
static inline void paint_band(uint32_t *pixels, int top, int number)
{
	uint32_t ground = grounds[number % COLOURS], disc = grounds[(number + 3) % COLOURS];

	for (int y = top; y < top + BAND; y++)
		for (int x = 0; x < WIDTH; x++) {
			int dx = x - WIDTH / 2, dy = y - HEIGHT / 2;
			int radius = HEIGHT / 3;

			pixels[y * WIDTH + x] = dx * dx + dy * dy < radius * radius ? disc : ground;
		}
}

/* The first row that is of another picture than the row above it; HEIGHT: the picture is whole. */
static inline int first_torn_row(const uint32_t *pixels)
{
	int y = 1;

	while (y < HEIGHT && pixels[y * WIDTH] == pixels[0])
		y++;
	return y;
}

#endif

/*
 * animate.c - a render loop: publishes live frames, of which a window shows the newest.
 *
 *	cc -o animate animate.c $(pkg-config --cflags --libs vitrine)
 *	vitrine-consumer & ./animate
 *
 * Two things differ from publish.c. The media type marks the pixels as a frame of a video: a window
 * then keeps none of them in its history and draws them with little work. If no slot is free, the
 * oldest waiting frame is dropped, so that a live picture does not fall behind.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <vitrine.h>

enum { WIDTH = 640, HEIGHT = 400, FRAMES = 300, FPS = 60, BAR = 40 };

/* A bar that moves across a dark ground. */
static void paint(uint8_t *pixels, uint32_t pitch, uint32_t number)
{
	const uint32_t left = number * 4 % WIDTH;

	for (uint32_t y = 0; y < HEIGHT; y++) {
		memset(pixels + y * pitch, 40, WIDTH * 4);
		for (uint32_t x = left; x < left + BAR; x++)
			memset(pixels + y * pitch + x % WIDTH * 4, 200, 4);
	}
}

static int publish_frame(struct vitrine_channel *channel, uint32_t number)
{
	struct vitrine_claim claim;
	struct vitrine_image image;
	int rc = vitrine_pixels(&image, "animation", WIDTH, HEIGHT, VITRINE_XR24);

	strcpy(image.media_type, VITRINE_MEDIA_TYPE_FRAME);
	if (rc == VITRINE_OK)
		rc = vitrine_claim(channel, image.size, VITRINE_DROP_OLDEST, VITRINE_FOREVER,
			&claim);
	if (rc != VITRINE_OK)
		return rc;
	paint(claim.data, image.pitch, number);
	return vitrine_publish(channel, &claim, &image, VITRINE_FOREVER);
}

int main(int argc, char **argv)
{
	const struct vitrine_options options = {.role = VITRINE_PRODUCER};
	const struct timespec pause = {.tv_nsec = 1000000000 / FPS};
	const uint32_t frames = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : FRAMES;
	struct vitrine_channel *channel;
	int rc = vitrine_open(&channel, &options);

	for (uint32_t number = 0; rc == VITRINE_OK && number < frames; number++) {
		rc = publish_frame(channel, number);
		nanosleep(&pause, NULL);
	}
	if (rc != VITRINE_OK)
		fprintf(stderr, "animate: %s\n", vitrine_message(channel));
	vitrine_close(channel);
	return rc == VITRINE_OK ? 0 : 1;
}

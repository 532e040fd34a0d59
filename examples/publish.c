/*
 * publish.c - the smallest producer: paints a picture directly into shared memory and publishes it.
 *
 *	cc -o publish publish.c $(pkg-config --cflags --libs vitrine)
 *	./publish && vitrine-consumer
 */
#include <stdint.h>
#include <stdio.h>

#include <vitrine.h>

enum { WIDTH = 640, HEIGHT = 400 };

/* A sky that grows lighter towards the horizon; each pixel is B G R and one byte that is not used. */
static void paint(uint8_t *pixels, uint32_t pitch)
{
	for (uint32_t y = 0; y < HEIGHT; y++)
		for (uint32_t x = 0; x < WIDTH; x++) {
			uint8_t *pixel = pixels + y * pitch + x * 4;

			pixel[0] = (uint8_t)(160 - y / 8);
			pixel[1] = (uint8_t)(40 + y / 3);
			pixel[2] = (uint8_t)(30 + y / 2);
			pixel[3] = 0xff;
		}
}

int main(void)
{
	const struct vitrine_options options = {.role = VITRINE_PRODUCER};
	struct vitrine_channel *channel;
	struct vitrine_claim claim;
	struct vitrine_image image;
	int rc = vitrine_open(&channel, &options);

	if (rc == VITRINE_OK)
		rc = vitrine_pixels(&image, "evening", WIDTH, HEIGHT, VITRINE_XR24);
	if (rc == VITRINE_OK)
		rc = vitrine_claim(channel, image.size, VITRINE_WAIT, VITRINE_FOREVER, &claim);
	if (rc == VITRINE_OK) {
		paint(claim.data, image.pitch);
		rc = vitrine_publish(channel, &claim, &image, VITRINE_FOREVER);
	}
	if (rc == VITRINE_OK)
		printf("image %llu lies in slot %u\n", (unsigned long long)image.sequence,
			image.slot);
	else
		fprintf(stderr, "publish: %s\n", vitrine_message(channel));
	vitrine_close(channel); /* the picture stays, and waits for a consumer */
	return rc == VITRINE_OK ? 0 : 1;
}

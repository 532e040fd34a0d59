/*
 * show_latest.c - the smallest mirror: draws the newest image with letters, and takes nothing.
 *
 *	cc -o show_latest show_latest.c $(pkg-config --cflags --libs vitrine)
 *	vitrine-producer photo.jpg & ./show_latest
 */
#include <stdint.h>
#include <stdio.h>

#include <vitrine.h>

enum { COLUMNS = 72, ROWS = 24 };

/* Reads the pixels in place. A producer may overwrite them in the meantime: see main(). */
static void sketch(const struct vitrine_image *image, char text[ROWS][COLUMNS + 1])
{
	static const char inks[] = " .:-=+*#%@";
	bool is_plane = image->format == VITRINE_R8 || image->format == VITRINE_NV12 ||
			image->format == VITRINE_YU12;
	uint32_t bytes = is_plane ? 1 : 4; /* of which the second is green */

	for (uint32_t row = 0; row < ROWS; row++) {
		for (uint32_t column = 0; column < COLUMNS; column++) {
			uint64_t y = (uint64_t)row * image->height / ROWS;
			uint64_t x = (uint64_t)column * image->width / COLUMNS;
			const uint8_t *pixel =
				(const uint8_t *)image->data + y * image->pitch + x * bytes;

			text[row][column] =
				inks[pixel[is_plane ? 0 : 1] * (sizeof(inks) - 2) / 255];
		}
		text[row][COLUMNS] = '\0';
	}
}

int main(void)
{
	const struct vitrine_options options = {.role = VITRINE_MIRROR};
	struct vitrine_channel *channel;
	struct vitrine_image image;
	char text[ROWS][COLUMNS + 1];
	int rc = vitrine_open(&channel, &options);

	if (rc == VITRINE_OK)
		rc = vitrine_wait_newer(channel, 0, VITRINE_FOREVER);
	do { /* discard an image that changed while it was read */
		if (rc == VITRINE_OK)
			rc = vitrine_latest(channel, &image);
		if (rc == VITRINE_OK && image.kind == VITRINE_PIXELS)
			sketch(&image, text);
	} while (rc == VITRINE_OK && !vitrine_unchanged(channel, &image));
	if (rc == VITRINE_OK && image.kind == VITRINE_PIXELS)
		for (uint32_t row = 0; row < ROWS; row++)
			puts(text[row]);
	if (rc == VITRINE_OK)
		printf("%llu: %s\n", (unsigned long long)image.sequence, image.name);
	else
		fprintf(stderr, "show_latest: %s\n", vitrine_message(channel));
	vitrine_close(channel);
	return rc == VITRINE_OK ? 0 : 1;
}

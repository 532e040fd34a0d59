/*
 * pixels.c - decodes image files as the windows do, one after the other, for tests that compare the
 * pixels:
 *
 *	vitrine-pixels DECODER FILE...
 *
 * For each file it writes a line "WIDTH HEIGHT NOTE" and the pixels: R, G, B, A. Of a file that
 * cannot be decoded the line is "0 0 REASON".
 */
#include <stdio.h>
#include <stdlib.h>

#include "decode.h"
#include "text.h"
#include "vitrine.h"

#define LIMIT (UINT64_C(256) << 20)

static void write_pixels(const struct pixels *pixels)
{
	const bool has_alpha = pixels->format == VITRINE_AR24;

	for (uint32_t y = 0; y < pixels->height; y++) {
		const uint8_t *at = pixels->data + (size_t)y * pixels->pitch;

		for (uint32_t x = 0; x < pixels->width; x++, at += 4) {
			const uint8_t pixel[] = {at[2], at[1], at[0], has_alpha ? at[3] : 255};

			fwrite(pixel, sizeof(pixel), 1, stdout);
		}
	}
}

int main(int argc, char **argv)
{
	const struct decoder_options options = {
		.program = argc > 1 ? argv[1] : NULL, .memory = LIMIT};
	struct decoder *decoder = decoder_create(&options);

	for (int i = 2; i < argc; i++) {
		const struct decode_wish wish = {0};
		char reason[TEXT_REASON_MAX] = "";
		struct picture *picture = decode_file(decoder, argv[i], LIMIT, &wish, reason);

		if (picture == NULL) {
			printf("0 0 %s\n", reason);
			continue;
		}
		printf("%u %u %s\n", picture->pixels.width, picture->pixels.height, picture->note);
		write_pixels(&picture->pixels);
		picture_unref(picture);
	}
	decoder_destroy(decoder);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* xray_thumbnail.c - see xray_thumbnail.h. */
#include "xray_thumbnail.h"

#include <stdlib.h>
#include <string.h>

#include "expand.h"
#include "thumbnail.h"

enum { SAMPLES = 4 }; /* per side, for each pixel of the thumbnail */

static bool has_four_bytes(uint32_t format)
{
	return format == VITRINE_XR24 || format == VITRINE_AR24 || format == VITRINE_XB24 ||
	       format == VITRINE_AB24;
}

/*
 * One pixel of the image as AR24. A producer in this process may be writing there; the result is
 * then discarded, so ThreadSanitizer must not report it.
 */
__attribute__((no_sanitize_thread)) static uint32_t pick(const struct pixels *pixels, uint32_t x,
	uint32_t y)
{
	uint32_t pixel;

	if (expand_needed(pixels->format)) {
		expand_rows(pixels, x, y, 1, 1, &pixel);
		return pixel;
	}
	memcpy(&pixel, pixels->data + (size_t)y * pixels->pitch + (size_t)x * 4, 4);
	if (pixels->format == VITRINE_XB24 || pixels->format == VITRINE_AB24)
		pixel = (pixel & 0xff00ff00u) | (pixel & 0xff) << 16 | (pixel >> 16 & 0xff);
	if (pixels->format == VITRINE_XR24 || pixels->format == VITRINE_XB24)
		pixel |= 0xff000000u;
	return pixel;
}

/* The middle of the i-th of `count` equal parts of `length`. */
static uint32_t middle_of(uint32_t i, uint32_t count, uint32_t length)
{
	return (uint32_t)((uint64_t)(2 * i + 1) * length / (2 * (uint64_t)count));
}

/* Reads pixels at equal distances into a picture that is small enough to be averaged quickly. */
static uint32_t *pick_all(const struct pixels *pixels, uint32_t width, uint32_t height)
{
	uint32_t *picked = malloc((size_t)width * height * 4);

	for (uint32_t y = 0; picked != NULL && y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			picked[(size_t)y * width + x] =
				pick(pixels, middle_of(x, width, pixels->width),
					middle_of(y, height, pixels->height));
	return picked;
}

bool xray_thumbnail_make(struct xray_thumbnail *thumbnail, const struct vitrine_image *image,
	uint32_t box_width, uint32_t box_height)
{
	const struct pixels pixels = {
		image->data, image->width, image->height, image->pitch, image->format};
	struct pixels picked = {.format = VITRINE_AR24};
	uint32_t *picks;

	if (image->kind != VITRINE_PIXELS ||
		!(has_four_bytes(image->format) || expand_needed(image->format)))
		return false;
	thumbnail_fit(image->width, image->height, box_width, box_height, &thumbnail->width,
		&thumbnail->height);
	thumbnail->has_alpha = image->format == VITRINE_AR24 || image->format == VITRINE_AB24;
	picked.width = thumbnail->width * SAMPLES < image->width ? thumbnail->width * SAMPLES
								 : image->width;
	picked.height = thumbnail->height * SAMPLES < image->height ? thumbnail->height * SAMPLES
								    : image->height;
	picked.pitch = picked.width * 4;
	picks = pick_all(&pixels, picked.width, picked.height);
	thumbnail->pixels = malloc((size_t)thumbnail->width * thumbnail->height * 4);
	picked.data = (const uint8_t *)picks;
	if (picks == NULL || thumbnail->pixels == NULL ||
		!thumbnail_scale(&picked, thumbnail->width, thumbnail->height,
			(uint8_t *)thumbnail->pixels)) {
		free(thumbnail->pixels);
		thumbnail->pixels = NULL;
	}
	free(picks);
	return thumbnail->pixels != NULL;
}

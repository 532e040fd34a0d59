/* sample.c - see sample.h. */
#include "sample.h"

#include <stdlib.h>
#include <string.h>

#include "mean.h"
#include "vitrine.h"

static bool has_32_bits(uint32_t format)
{
	return format == VITRINE_XR24 || format == VITRINE_XB24 || format == VITRINE_AR24 ||
	       format == VITRINE_AB24;
}

/* The first of the two middle positions in part `number` of `parts` equal parts of `size`. */
static size_t middle(uint32_t number, uint32_t parts, uint32_t size)
{
	return (size_t)((2 * (uint64_t)number + 1) * size / (2 * (uint64_t)parts)) - 1;
}

bool sample_pixels(const struct pixels *from, uint32_t width, uint32_t height, struct pixels *to)
{
	const bool has_alpha = from->format == VITRINE_AR24 || from->format == VITRINE_AB24;
	uint32_t *out = malloc((size_t)width * height * 4);

	if (out == NULL || !has_32_bits(from->format)) {
		free(out);
		return false;
	}
	*to = (struct pixels){(const uint8_t *)out, width, height, width * 4, from->format};
	for (uint32_t y = 0; y < height; y++) {
		const uint8_t *upper = from->data + middle(y, height, from->height) * from->pitch;

		for (uint32_t x = 0; x < width; x++) {
			const uint8_t *at = upper + middle(x, width, from->width) * 4;
			uint32_t p[4];

			memcpy(p, at, 8); /* rows may be unaligned */
			memcpy(p + 2, at + from->pitch, 8);
			*out++ = mean_of_four(p, has_alpha);
		}
	}
	return true;
}

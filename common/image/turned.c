/* turned.c - see turned.h. */
#include "turned.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "expand.h"
#include "orientation.h"
#include "vitrine.h"

int turned_by(int orientation, enum turn turn)
{
	static const int after[][9] = {
		[TURN_RIGHT] = {0, 6, 7, 8, 5, 2, 3, 4, 1},
		[TURN_LEFT] = {0, 8, 5, 6, 7, 4, 1, 2, 3},
		[TURN_MIRROR] = {0, 2, 1, 4, 3, 6, 5, 8, 7},
		[TURN_FLIP] = {0, 4, 3, 2, 1, 8, 7, 6, 5},
	};

	return after[turn][orientation];
}

uint32_t turned_width(const struct pixels *pixels, int orientation)
{
	return orientation_swaps(orientation) ? pixels->height : pixels->width;
}

uint32_t turned_height(const struct pixels *pixels, int orientation)
{
	return orientation_swaps(orientation) ? pixels->width : pixels->height;
}

/* True if columns, or rows, of the image are read from the last to the first. */
static bool reverses_columns(int orientation)
{
	return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
}

static bool reverses_rows(int orientation)
{
	return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
}

/* A rectangle of the image as it is. */
struct source {
	uint32_t x, y, width, height;
};

static struct source source_of(const struct pixels *pixels, int orientation, struct source turned)
{
	struct source source = turned;

	if (orientation_swaps(orientation))
		source = (struct source){turned.y, turned.x, turned.height, turned.width};
	if (reverses_columns(orientation))
		source.x = pixels->width - source.x - source.width;
	if (reverses_rows(orientation))
		source.y = pixels->height - source.y - source.height;
	return source;
}

void turned_rows(const struct pixels *pixels, int orientation, uint32_t x, uint32_t y,
	uint32_t width, uint32_t height, uint32_t *out, uint32_t *scratch)
{
	struct source source = source_of(pixels, orientation, (struct source){x, y, width, height});
	const uint8_t *from =
		pixels->data + (size_t)pixels->pitch * source.y + (size_t)4 * source.x;
	ptrdiff_t row = (ptrdiff_t)pixels->pitch, column = 4;

	if (expand_needed(pixels->format)) {
		expand_rows(pixels, source.x, source.y, source.width, source.height, scratch);
		from = (const uint8_t *)scratch;
		row = 4 * (ptrdiff_t)source.width;
	}
	if (reverses_rows(orientation)) {
		from += row * ((ptrdiff_t)source.height - 1);
		row = -row;
	}
	if (reverses_columns(orientation)) {
		from += column * ((ptrdiff_t)source.width - 1);
		column = -column;
	}
	if (orientation_swaps(orientation)) {
		ptrdiff_t swapped = row;
		row = column;
		column = swapped;
	}
	for (uint32_t j = 0; j < height; j++)
		for (uint32_t i = 0; i < width; i++)
			memcpy(out++, from + row * (ptrdiff_t)j + column * (ptrdiff_t)i, 4);
}

struct turned_pixel turned_pixel(const struct pixels *pixels, int orientation, uint32_t x,
	uint32_t y)
{
	bool has_alpha = pixels->format == VITRINE_AR24 || pixels->format == VITRINE_AB24;
	bool is_red_low = pixels->format == VITRINE_XB24 || pixels->format == VITRINE_AB24;
	uint32_t value, scratch;

	turned_rows(pixels, orientation, x, y, 1, 1, &value, &scratch);
	uint8_t low = (uint8_t)value, high = (uint8_t)(value >> 16);
	return (struct turned_pixel){
		.red = is_red_low ? low : high,
		.green = (uint8_t)(value >> 8),
		.blue = is_red_low ? high : low,
		.alpha = has_alpha ? (uint8_t)(value >> 24) : 255,
	};
}

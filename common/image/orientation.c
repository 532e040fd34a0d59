/* orientation.c - see orientation.h. */
#include "orientation.h"

#include <string.h>

bool orientation_swaps(int orientation)
{
	return orientation >= 5;
}

/* Rows stay rows: 2 is mirrored, 3 upside down, 4 mirrored upside down. */
static void place_row(int orientation, uint32_t *to, const uint32_t *row, uint32_t width)
{
	if (orientation == 1 || orientation == 4) {
		memcpy(to, row, (size_t)width * sizeof(*row));
		return;
	}
	for (uint32_t x = 0; x < width; x++)
		to[width - 1 - x] = row[x];
}

/*
 * Rows become columns: 5 is transposed, 6 turned right, 7 transposed across the other diagonal, 8
 * turned left. Each step of x writes `count` neighbours, a line of the cache.
 */
static void place_columns(int orientation, uint32_t *to, const uint32_t *rows, uint32_t width,
	uint32_t height, uint32_t first, uint32_t count)
{
	bool reversed = orientation == 6 || orientation == 7;
	bool from_bottom = orientation == 7 || orientation == 8;
	uint32_t column = reversed ? height - first - count : first;

	for (uint32_t x = 0; x < width; x++) {
		uint32_t *line = to + (size_t)(from_bottom ? width - 1 - x : x) * height + column;

		for (uint32_t i = 0; i < count; i++) {
			uint32_t y = reversed ? count - 1 - i : i;

			line[i] = rows[(size_t)y * width + x];
		}
	}
}

void orientation_place(int orientation, uint32_t *to, const uint32_t *rows, uint32_t width,
	uint32_t height, uint32_t first, uint32_t count)
{
	if (orientation_swaps(orientation)) {
		place_columns(orientation, to, rows, width, height, first, count);
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		uint32_t y = first + i;
		uint32_t line = orientation >= 3 ? height - 1 - y : y;

		place_row(orientation, to + (size_t)line * width, rows + (size_t)i * width, width);
	}
}

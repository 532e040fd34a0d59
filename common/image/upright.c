/* upright.c - see upright.h. */
#include "upright.h"

#include <stdlib.h>

#include "orientation.h"

static uint64_t all_of(const struct upright *upright)
{
	return (uint64_t)upright->width * upright->height;
}

static uint64_t strip_size(const struct upright *upright)
{
	return (uint64_t)upright->width * ORIENTATION_ROWS;
}

bool upright_begin(struct upright *upright, uint32_t *to, uint32_t width, uint32_t height,
	int orientation)
{
	*upright = (struct upright){
		.to = to, .width = width, .height = height, .orientation = orientation};
	if (orientation == 1)
		return true;
	upright->strip = malloc((size_t)strip_size(upright) * sizeof(*upright->strip));
	return upright->strip != NULL;
}

uint32_t *upright_room(const struct upright *upright, uint64_t *pixels)
{
	uint64_t left = all_of(upright) - upright->done;

	*pixels = left;
	if (upright->strip == NULL)
		return upright->to + upright->done;
	uint64_t within = upright->done % strip_size(upright);
	if (left > strip_size(upright) - within)
		*pixels = strip_size(upright) - within;
	return upright->strip + within;
}

void upright_put(struct upright *upright, uint64_t pixels)
{
	upright->done += pixels;
	if (upright->strip == NULL ||
		(upright->done % strip_size(upright) != 0 && !upright_is_whole(upright)))
		return;
	uint32_t end = (uint32_t)(upright->done / upright->width);
	uint32_t first = (end - 1) / ORIENTATION_ROWS * ORIENTATION_ROWS;
	orientation_place(upright->orientation, upright->to, upright->strip, upright->width,
		upright->height, first, end - first);
}

bool upright_is_whole(const struct upright *upright)
{
	return upright->done == all_of(upright);
}

void upright_end(struct upright *upright)
{
	free(upright->strip);
	upright->strip = NULL;
}

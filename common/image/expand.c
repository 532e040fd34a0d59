/* expand.c - see expand.h. */
#include "expand.h"

#include "pixel_rows.h"
#include "vitrine.h"

bool expand_needed(uint32_t format)
{
	return format == VITRINE_R8 || format == VITRINE_RG24 || format == VITRINE_BG24 ||
	       format == VITRINE_NV12 || format == VITRINE_YU12;
}

bool expand_has_bt709(uint32_t height)
{
	return rows_have_bt709(height);
}

void expand_rows(const struct pixels *pixels, uint32_t x, uint32_t y, uint32_t width,
	uint32_t height, uint32_t *out)
{
	const struct vitrine_image image = {
		.kind = VITRINE_PIXELS,
		.format = pixels->format,
		.width = pixels->width,
		.height = pixels->height,
		.pitch = pixels->pitch,
		.size = UINT64_MAX, /* the size was checked by the code that provided the pixels */
		.data = pixels->data,
	};
	const struct vitrine_array array = {
		.data = out,
		.stride = (int64_t)width * 4,
		.width = width,
		.height = height,
		.format = VITRINE_XR24,
	};

	vitrine_load(&image, x, y, &array);
}

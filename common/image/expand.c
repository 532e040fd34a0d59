/* expand.c - see expand.h. */
#include "expand.h"

#include "vitrine.h"

#include <stddef.h>

/* 16.16 fixed point: what U and V add to a colour. */
struct matrix {
	int32_t red_v, green_u, green_v, blue_u;
};

static const struct matrix bt601 = {104597, -25675, -53279, 132201};
static const struct matrix bt709 = {117489, -13975, -34925, 138438};

bool expand_needed(uint32_t format)
{
	return format == VITRINE_R8 || format == VITRINE_NV12 || format == VITRINE_YU12;
}

bool expand_has_bt709(uint32_t height)
{
	return height >= 720;
}

static uint32_t component(int32_t value)
{
	value = (value + 0x8000) / 0x10000;
	return value < 0 ? 0 : value > 255 ? 255 : (uint32_t)value;
}

static uint32_t colour(const struct matrix *matrix, uint8_t luma, uint8_t u, uint8_t v)
{
	int32_t light = (luma - 16) * 76309; /* 255 / 219 */
	int32_t du = u - 128;
	int32_t dv = v - 128;
	uint32_t red = component(light + matrix->red_v * dv);
	uint32_t green = component(light + matrix->green_u * du + matrix->green_v * dv);
	uint32_t blue = component(light + matrix->blue_u * du);
	return 0xff000000u | red << 16 | green << 8 | blue;
}

/* Where a row's first U and V lie, and how far it is to the next ones. */
struct chroma {
	const uint8_t *u, *v;
	size_t step;
};

static struct chroma chroma_of_row(const struct pixels *pixels, uint32_t row)
{
	const uint8_t *planes = pixels->data + (size_t)pixels->pitch * pixels->height;
	size_t pairs = (pixels->pitch + 1) / 2;

	if (pixels->format == VITRINE_NV12) {
		const uint8_t *start = planes + row / 2 * (2 * pairs);
		return (struct chroma){start, start + 1, 2};
	}
	size_t plane = pairs * ((pixels->height + 1) / 2);
	const uint8_t *start = planes + row / 2 * pairs;
	return (struct chroma){start, start + plane, 1};
}

void expand_rows(const struct pixels *pixels, uint32_t x, uint32_t y, uint32_t width,
	uint32_t height, uint32_t *out)
{
	const struct matrix *matrix = expand_has_bt709(pixels->height) ? &bt709 : &bt601;

	for (uint32_t row = y; row < y + height; row++) {
		const uint8_t *luma = pixels->data + (size_t)pixels->pitch * row;
		if (pixels->format == VITRINE_R8) {
			for (uint32_t i = x; i < x + width; i++)
				*out++ = 0xff000000u | luma[i] * 0x010101u;
			continue;
		}
		struct chroma chroma = chroma_of_row(pixels, row);
		for (uint32_t i = x; i < x + width; i++) {
			size_t at = i / 2 * chroma.step;
			*out++ = colour(matrix, luma[i], chroma.u[at], chroma.v[at]);
		}
	}
}

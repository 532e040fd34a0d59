/*
 * test_planes.c - bands of video frames as XRGB: SDL's result equals that of expand.h except for
 * rounding, for both matrices, for odd sizes, and for any start of a band.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "expand.h"
#include "planes.h"
#include "vitrine.h"

enum { ROUNDING = 4 };

/*
 * Paints a frame of colours that a camera can produce (for others, SDL's result is undefined); the
 * caller frees it.
 */
static struct pixels paint(uint32_t width, uint32_t height, uint32_t format)
{
	struct vitrine_image image;
	uint8_t *data;

	assert_int_equal(vitrine_pixels(&image, "x", width, height, format), VITRINE_OK);
	data = malloc(image.size); /* exactly: a byte beyond is found by the sanitizer */
	assert_non_null(data);
	for (uint64_t i = 0; i < image.size; i++)
		data[i] = (uint8_t)(i < (uint64_t)width * height ? 80 + i * 7 % 80
								 : 104 + i * 5 % 48);
	return (struct pixels){data, width, height, image.pitch, format};
}

static void compare(uint32_t one, uint32_t other)
{
	for (int shift = 0; shift < 24; shift += 8) {
		int a = (int)(one >> shift & 0xff);
		int b = (int)(other >> shift & 0xff);

		if (a - b > ROUNDING || b - a > ROUNDING)
			fail_msg("%06x is not %06x", one & 0xffffff, other & 0xffffff);
	}
}

static void check_part(const struct pixels *pixels, uint32_t x, uint32_t y)
{
	uint32_t width = pixels->width - x;
	uint32_t height = pixels->height - y;
	uint32_t *got = malloc((size_t)width * height * 4);
	uint32_t *expected = malloc((size_t)width * height * 4);
	uint8_t *room = malloc(PLANES_ROOM((size_t)width * height));

	assert_true(planes_convert(pixels, x, y, width, height, got, room));
	expand_rows(pixels, x, y, width, height, expected);
	for (size_t i = 0; i < (size_t)width * height; i++)
		compare(got[i], expected[i]);
	free(got);
	free(expected);
	free(room);
}

static void test_parts(void **state)
{
	static const uint32_t formats[] = {VITRINE_NV12, VITRINE_YU12};
	static const uint32_t sizes[][2] = {{1, 1}, {2, 2}, {3, 3}, {64, 48}, {65, 47}, {33, 721}};

	(void)state;
	for (int i = 0; i < 2; i++)
		for (size_t j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
			struct pixels pixels = paint(sizes[j][0], sizes[j][1], formats[i]);

			check_part(&pixels, 0, 0);
			if (pixels.width > 32)
				check_part(&pixels, 32, 0);
			if (pixels.height > 46)
				check_part(&pixels, 2, 46);
			free((void *)(uintptr_t)pixels.data);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_parts)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

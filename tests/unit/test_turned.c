/* test_turned.c - images read turned and mirrored, compared with what the decoder makes of EXIF. */
#include "turned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "orientation.h"
#include "vitrine.h"

enum { WIDTH = 5, HEIGHT = 3, PITCH = 23 }; /* rows begin at odd places */

static uint8_t data[PITCH * HEIGHT];

static struct pixels numbered(void)
{
	for (uint32_t i = 0; i < WIDTH * HEIGHT; i++) {
		uint32_t value = 0xff000000 + i;
		memcpy(data + i / WIDTH * PITCH + (size_t)i % WIDTH * 4, &value, 4);
	}
	return (struct pixels){data, WIDTH, HEIGHT, PITCH, VITRINE_XR24};
}

static void test_as_the_decoder_turns(void **state)
{
	const struct pixels pixels = numbered();
	uint32_t rows[WIDTH * HEIGHT], expected[WIDTH * HEIGHT], got[WIDTH * HEIGHT], part[2],
		scratch;

	(void)state;
	for (uint32_t y = 0; y < HEIGHT; y++)
		memcpy(rows + (size_t)y * WIDTH, data + (size_t)y * PITCH, sizeof(*rows) * WIDTH);
	for (int orientation = 1; orientation <= 8; orientation++) {
		uint32_t width = turned_width(&pixels, orientation);
		uint32_t height = turned_height(&pixels, orientation);

		orientation_place(orientation, expected, rows, WIDTH, HEIGHT, 0, HEIGHT);
		turned_rows(&pixels, orientation, 0, 0, width, height, got, &scratch);
		assert_memory_equal(got, expected, sizeof(expected));
		turned_rows(&pixels, orientation, 1, 2, 2, 1, part, &scratch);
		assert_memory_equal(part, expected + (size_t)2 * width + 1, sizeof(part));
	}
}

/* Two turns combined must have the same effect as one after the other. */
static void test_turns_add_up(void **state)
{
	static const int alone[] = {
		[TURN_RIGHT] = 6, [TURN_LEFT] = 8, [TURN_MIRROR] = 2, [TURN_FLIP] = 4};
	const struct pixels pixels = numbered();
	uint32_t first[WIDTH * HEIGHT], second[WIDTH * HEIGHT], at_once[WIDTH * HEIGHT], scratch;

	(void)state;
	for (int orientation = 1; orientation <= 8; orientation++)
		for (int turn = TURN_RIGHT; turn <= TURN_FLIP; turn++) {
			uint32_t width = turned_width(&pixels, orientation);
			uint32_t height = turned_height(&pixels, orientation);
			struct pixels between = {
				(const uint8_t *)first, width, height, width * 4, VITRINE_XR24};
			int both = turned_by(orientation, (enum turn)turn);

			turned_rows(&pixels, orientation, 0, 0, width, height, first, &scratch);
			turned_rows(&between, alone[turn], 0, 0,
				turned_width(&between, alone[turn]),
				turned_height(&between, alone[turn]), second, &scratch);
			turned_rows(&pixels, both, 0, 0, turned_width(&pixels, both),
				turned_height(&pixels, both), at_once, &scratch);
			assert_memory_equal(at_once, second, sizeof(second));
		}
}

static void test_pixels_of_every_format(void **state)
{
	static const uint8_t bytes[] = {10, 20, 30, 40, 50, 60, 70, 80};
	static const struct {
		uint32_t format;
		uint8_t red, green, blue, alpha;
	} cases[] = {{VITRINE_XR24, 70, 60, 50, 255}, {VITRINE_AR24, 70, 60, 50, 80},
		{VITRINE_XB24, 50, 60, 70, 255}, {VITRINE_AB24, 50, 60, 70, 80},
		{VITRINE_R8, 20, 20, 20, 255}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct pixels pixels = {bytes, 2, 1, 8, cases[i].format};
		struct turned_pixel pixel =
			turned_pixel(&pixels, 6, 0, 1); /* turned to the right */

		assert_int_equal(pixel.red, cases[i].red);
		assert_int_equal(pixel.green, cases[i].green);
		assert_int_equal(pixel.blue, cases[i].blue);
		assert_int_equal(pixel.alpha, cases[i].alpha);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_the_decoder_turns),
		cmocka_unit_test(test_turns_add_up),
		cmocka_unit_test(test_pixels_of_every_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_thumbnail.c - averages that can be computed by hand, and sizes that must fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "thumbnail.h"
#include "vitrine.h"

static void assert_fits(uint32_t w, uint32_t h, uint32_t expected_w, uint32_t expected_h)
{
	uint32_t width, height;

	thumbnail_fit(w, h, 100, 50, &width, &height);
	assert_int_equal(width, expected_w);
	assert_int_equal(height, expected_h);
}

static void test_sizes_fit_the_box(void **state)
{
	(void)state;
	assert_fits(200, 100, 100, 50);
	assert_fits(400, 100, 100, 25);
	assert_fits(100, 400, 13, 50);
	assert_fits(10, 20, 10, 20); /* never larger */
	assert_fits(1000000, 1, 100, 1);
	assert_fits(1, 1000000, 1, 50);
	assert_fits(UINT32_MAX, UINT32_MAX, 50, 50);
}

static struct pixels pixels_of(const uint32_t *words, uint32_t width, uint32_t height,
	uint32_t format)
{
	return (struct pixels){(const uint8_t *)words, width, height, width * 4, format};
}

static void test_whole_pixels_are_averaged(void **state)
{
	const uint32_t words[] = {0x00102030, 0x00304050, 0x00506070, 0x00708090, 0x00102030,
		0x00304050, 0x00000000, 0x00000000};
	struct pixels from = pixels_of(words, 4, 2, VITRINE_XR24);
	uint32_t to[2];

	(void)state;
	assert_true(thumbnail_scale(&from, 2, 1, (uint8_t *)to));
	assert_int_equal(to[0], 0xff203040); /* the byte that means nothing becomes 255 */
	assert_int_equal(to[1], 0xff303840);
}

static void test_parts_of_pixels_weigh_their_part(void **state)
{
	const uint32_t words[] = {0xff000000, 0xff00005a, 0xff0000b4}; /* 0, 90, 180 */
	struct pixels from = pixels_of(words, 3, 1, VITRINE_XR24);
	uint32_t to[2];

	(void)state;
	assert_true(thumbnail_scale(&from, 2, 1, (uint8_t *)to));
	assert_int_equal(to[0], 0xff00001e); /* (0 * 2 + 90) / 3 */
	assert_int_equal(to[1], 0xff000096); /* (90 + 180 * 2) / 3 */
}

static void test_what_is_transparent_has_no_colour(void **state)
{
	const uint32_t words[] = {0xffff0000, 0x0000ff00, 0x800000ff, 0x800000ff};
	struct pixels from = pixels_of(words, 2, 2, VITRINE_AR24);
	uint32_t to[2];

	(void)state;
	assert_true(thumbnail_scale(&from, 1, 2, (uint8_t *)to));
	assert_int_equal(to[0], 0x80ff0000); /* red, half as much of it: not brown */
	assert_int_equal(to[1], 0x800000ff);
	memset(&to, 1, sizeof(to));
	from.data = (const uint8_t *)(const uint32_t[]){0x00ffffff, 0x00ffffff};
	from.height = 1;
	assert_true(thumbnail_scale(&from, 1, 1, (uint8_t *)to));
	assert_int_equal(to[0], 0);
}

static void test_one_colour_stays_itself(void **state)
{
	static const uint32_t sizes[][4] = {{97, 61, 13, 7}, {1000, 3, 999, 2}, {64, 64, 64, 64},
		{70000, 1, 1, 1}, {7, 1001, 1, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t count = (size_t)sizes[i][0] * sizes[i][1];
		uint32_t *words = malloc(count * 4);
		uint32_t *to = malloc((size_t)sizes[i][2] * sizes[i][3] * 4);

		for (size_t k = 0; k < count; k++)
			words[k] = 0xffc8ff01;
		for (int alpha = 0; alpha < 2; alpha++) {
			struct pixels from = pixels_of(words, sizes[i][0], sizes[i][1],
				alpha ? VITRINE_AR24 : VITRINE_XR24);

			assert_true(thumbnail_scale(&from, sizes[i][2], sizes[i][3],
				(uint8_t *)to));
			for (size_t k = 0; k < (size_t)sizes[i][2] * sizes[i][3]; k++)
				assert_int_equal(to[k], 0xffc8ff01);
		}
		free(words);
		free(to);
	}
}

/* Formats that do not have four bytes per pixel become XR24. */
static void test_other_formats_are_expanded(void **state)
{
	static const uint8_t grey[] = {10, 20, 99, 30, 40, 99};
	static const uint8_t red_green_blue[] = {10, 20, 30, 20, 40, 70};
	static const uint8_t video[] = {126, 126, 126, 126, 128, 128};
	uint32_t to;

	(void)state;
	assert_true(thumbnail_scale(&(struct pixels){grey, 2, 2, 3, VITRINE_R8}, 1, 1,
		(uint8_t *)&to));
	assert_int_equal(to, 0xff191919);
	assert_true(thumbnail_scale(&(struct pixels){red_green_blue, 2, 1, 6, VITRINE_BG24}, 1, 1,
		(uint8_t *)&to));
	assert_int_equal(to, 0xff0f1e32);
	assert_true(thumbnail_scale(&(struct pixels){video, 2, 2, 2, VITRINE_YU12}, 1, 1,
		(uint8_t *)&to));
	assert_int_equal(to, 0xff808080);
}

static void test_rows_may_have_gaps(void **state)
{
	const uint32_t words[] = {
		0xff000010, 0xff000020, 0xdeadbeef, 0xff000030, 0xff000040, 0xdeadbeef};
	struct pixels from = {(const uint8_t *)words, 2, 2, 12, VITRINE_XR24};
	uint32_t to;

	(void)state;
	assert_true(thumbnail_scale(&from, 1, 1, (uint8_t *)&to));
	assert_int_equal(to, 0xff000028);
}

static void test_what_it_does_not_do(void **state)
{
	uint32_t word = 0;
	struct pixels from = pixels_of(&word, 1, 1, VITRINE_XR24);

	(void)state;
	assert_false(thumbnail_scale(&from, 2, 1, (uint8_t *)&word)); /* larger */
	assert_false(thumbnail_scale(&from, 0, 1, (uint8_t *)&word));
	from.format = VITRINE_YUYV; /* no format of an image */
	assert_false(thumbnail_scale(&from, 1, 1, (uint8_t *)&word));
}

static void test_a_thumbnail_remembers_its_file(void **state)
{
	uint32_t *words = calloc(40 * 20, 4);
	struct pixels pixels = pixels_of(words, 40, 20, VITRINE_XR24);
	struct picture *picture = picture_new(&pixels, "/a/b.png", words, free);
	struct picture *thumbnail = thumbnail_of(picture, 10, 10);
	struct picture *same = thumbnail_of(picture, 40, 20);

	(void)state;
	assert_int_equal(thumbnail->pixels.width, 10);
	assert_int_equal(thumbnail->pixels.height, 5);
	assert_int_equal(thumbnail->width, 40);
	assert_string_equal(thumbnail->name, "b.png");
	assert_ptr_equal(same, picture);
	picture_unref(same);
	picture_unref(thumbnail);
	picture_unref(picture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes_fit_the_box),
		cmocka_unit_test(test_whole_pixels_are_averaged),
		cmocka_unit_test(test_parts_of_pixels_weigh_their_part),
		cmocka_unit_test(test_what_is_transparent_has_no_colour),
		cmocka_unit_test(test_one_colour_stays_itself),
		cmocka_unit_test(test_other_formats_are_expanded),
		cmocka_unit_test(test_rows_may_have_gaps),
		cmocka_unit_test(test_what_it_does_not_do),
		cmocka_unit_test(test_a_thumbnail_remembers_its_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

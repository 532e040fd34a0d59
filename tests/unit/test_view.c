/* test_view.c - what the view shows of one picture, checked pixel by pixel. */
#include "theme.h"
#include "views.h"

#include <math.h>

/* A smooth ramp: a seam would show as a step. */
static uint32_t ramp(uint32_t x, uint32_t y)
{
	(void)y;
	return 0xff000000 | (x * 200 / 20000) * 0x010101;
}

static void large_pictures_are_fitted(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(1200, 600, VITRINE_XR24, red);

	show(f, &pixels);
	look(f);
	SDL_Rect rect = view_picture_rect(f->view);
	assert_true(SDL_RectEquals(&rect, &(SDL_Rect){0, 50, 400, 200}));
	assert_int_equal(glass_count_other(&f->glass, rect, 0xff0000), 0);
	assert_int_equal(glass_count_other(&f->glass, (SDL_Rect){0, 0, 400, 50}, GROUND), 0);
	assert_int_equal(glass_count_other(&f->glass, (SDL_Rect){0, 250, 400, 50}, GROUND), 0);
	assert_true(view_is_fitted(f->view));
	SDL_Rect fitted = view_fit_rect((SDL_Rect){0, 0, WIDTH, HEIGHT}, 1200, 600);
	assert_true(SDL_RectEquals(&rect, &fitted));
	unpaint(&pixels);
}

static void small_pictures_keep_hard_edges(void **state)
{
	struct fixture *f = *state;
	struct pixels icon = paint(8, 8, VITRINE_XR24, place);
	struct pixels larger = paint(250, 200, VITRINE_XR24, place);

	show(f, &icon);
	look(f);
	SDL_Rect rect = view_picture_rect(f->view);
	assert_true(SDL_RectEquals(&rect, &(SDL_Rect){52, 2, 8 * 37, 8 * 37}));
	for (int y = 0; y < 8 * 37; y++)
		for (int x = 0; x < 8 * 37; x++)
			assert_int_equal(glass_pixel(&f->glass, 52 + x, 2 + y),
				x / 37 << 12 | y / 37);
	show(f, &larger); /* fills the area, filtered */
	look(f);
	assert_true(fabs(view_get_zoom(f->view) - 1.5) < 1e-9);
	rect = view_picture_rect(f->view);
	assert_true(SDL_RectEquals(&rect, &(SDL_Rect){13, 0, 375, 300}));
	unpaint(&larger);
	unpaint(&icon);
}

static void tiles_have_no_seams(void **state)
{
	struct fixture *f = *state;
	struct pixels wide = paint(20000, 300, VITRINE_XR24, place);

	show(f, &wide);
	assert_int_equal(view_stats(f->view).tiles, 20); /* of 1024 pixels */
	view_zoom(f->view, 1, 0, 150);
	for (int at = 0; at + WIDTH <= 20000; at += 379) { /* every column comes by */
		SDL_Rect rect = view_picture_rect(f->view);
		view_pan(f->view, -at - rect.x, 0);
		look(f);
		assert_in_range(view_stats(f->view).tiles_drawn, 1, 2);
		for (int x = 0; x < WIDTH; x++) {
			assert_int_equal(glass_pixel(&f->glass, x, 0), ((at + x) & 0xfff) << 12);
			assert_int_equal(glass_pixel(&f->glass, x, 299),
				((at + x) & 0xfff) << 12 | 299);
		}
	}
	unpaint(&wide);
}

/* At any zoom, brightness along a ramp rises as the zoom demands, also across tiles. */
static void no_seam_at_any_zoom(void **state)
{
	struct fixture *f = *state;
	struct pixels wide = paint(20000, 40, VITRINE_XR24, ramp);
	const double zooms[] = {0.05, 0.31, 0.77, 1.3, 1.9, 2, 3.7, 9, 20};

	show(f, &wide);
	for (size_t i = 0; i < SDL_arraysize(zooms); i++) {
		view_zoom(f->view, zooms[i], 0, 150);
		SDL_Rect rect = view_picture_rect(f->view);
		view_pan(f->view, (int)(-6144 * view_get_zoom(f->view)) + WIDTH / 2 - rect.x, 0);
		rect = view_picture_rect(f->view);
		look(f);
		for (int x = 0; x < WIDTH; x++) {
			double source = (x + 0.5 - rect.x) / view_get_zoom(f->view);
			int expected = (int)(source * 200 / 20000);
			int found = (int)(glass_pixel(&f->glass, x, 150) & 0xff);
			assert_in_range(found, SDL_max(expected - 1, 0), expected + 1);
		}
		view_set_mode(f->view, VIEW_FIT);
	}
	unpaint(&wide);
}

/* In an enlarged picture, a source pixel is a square, and stays one while the picture moves. */
static void enlarged_pixels_stay_square(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(300, 300, VITRINE_XR24, place);

	show(f, &pixels);
	view_zoom(f->view, 16, 200, 150);
	for (int step = 0; step < 40; step++) {
		view_pan(f->view, -1, -1);
		look(f);
		SDL_Rect rect = view_picture_rect(f->view);
		for (int x = 0; x < WIDTH; x++) {
			uint32_t column = (uint32_t)((x - rect.x) / 16);
			uint32_t row = (uint32_t)((7 - rect.y) / 16);
			assert_int_equal(glass_pixel(&f->glass, x, 7), column << 12 | row);
		}
	}
	unpaint(&pixels);
}

static void every_format_has_its_colours(void **state)
{
	struct fixture *f = *state;
	const uint32_t one_pixel[] = {0xff8040c0};
	const uint8_t grey[] = {0, 60, 128, 255};
	const struct {
		uint32_t format, expected;
	} cases[] = {{VITRINE_XR24, 0x8040c0}, {VITRINE_AR24, 0x8040c0}, {VITRINE_XB24, 0xc04080},
		{VITRINE_AB24, 0xc04080}, {VITRINE_RG24, 0x8040c0}, {VITRINE_BG24, 0xc04080}};

	for (size_t i = 0; i < SDL_arraysize(cases); i++) {
		show(f, &(struct pixels){(const uint8_t *)one_pixel, 1, 1, 4, cases[i].format});
		look(f);
		assert_int_equal(glass_pixel(&f->glass, 200, 150), cases[i].expected);
	}
	show(f, &(struct pixels){grey, 2, 2, 2, VITRINE_R8});
	look(f);
	assert_int_equal(glass_pixel(&f->glass, 199, 149), 0x000000);
	assert_int_equal(glass_pixel(&f->glass, 200, 149), 0x3c3c3c);
	assert_int_equal(glass_pixel(&f->glass, 199, 150), 0x808080);
	assert_int_equal(glass_pixel(&f->glass, 200, 150), 0xffffff);
}

/* 3 x 3 pixels: sides that are not even have half a chroma sample more. Red, then white below. */
static void video_has_its_colours(void **state)
{
	struct fixture *f = *state;
	const uint8_t nv12[] = {81, 81, 81, 81, 81, 81, 235, 235, 235, /* Y */
		90, 240, 90, 240, 128, 128, 128, 128};
	const uint8_t yu12[] = {81, 81, 81, 81, 81, 81, 235, 235, 235, /* Y */
		90, 90, 128, 128, 240, 240, 128, 128};
	const struct pixels images[] = {
		{nv12, 3, 3, 3, VITRINE_NV12}, {yu12, 3, 3, 3, VITRINE_YU12}};

	for (size_t i = 0; i < SDL_arraysize(images); i++) {
		show(f, &images[i]);
		look(f);
		SDL_Rect rect = view_picture_rect(f->view);
		uint32_t upper = glass_pixel(&f->glass, rect.x + rect.w - 1, rect.y);
		uint32_t lower = glass_pixel(&f->glass, rect.x + rect.w - 1, rect.y + rect.h - 1);
		assert_in_range(upper >> 16, 0xfc, 0xff);
		assert_in_range(upper & 0xff, 0, 2);
		assert_int_equal(lower, 0xffffff);
	}
}

static uint32_t half_transparent(uint32_t x, uint32_t y)
{
	(void)y;
	return x < 20 ? 0x00ffffff : x < 40 ? 0x80ffffff : 0xffffffff;
}

static void transparent_pictures_lie_on_a_checkerboard(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(60, 60, VITRINE_AR24, half_transparent);

	show(f, &pixels);
	view_zoom(f->view, 1, 200, 150);
	look(f);
	SDL_Rect rect = view_picture_rect(f->view);
	assert_int_equal(glass_pixel(&f->glass, rect.x + 1, rect.y + 1), rgb(THEME_CHECK_1));
	assert_int_equal(glass_pixel(&f->glass, rect.x + 9, rect.y + 1), rgb(THEME_CHECK_2));
	uint32_t mixed = glass_pixel(&f->glass, rect.x + 25, rect.y + 1) & 0xff;
	assert_in_range(mixed, 0x90, 0xb0);
	assert_int_equal(glass_pixel(&f->glass, rect.x + 45, rect.y + 1), 0xffffff);
	assert_int_equal(glass_pixel(&f->glass, rect.x - 1, rect.y), GROUND);
	unpaint(&pixels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(large_pictures_are_fitted),
		TEST(small_pictures_keep_hard_edges),
		TEST(tiles_have_no_seams),
		TEST(no_seam_at_any_zoom),
		TEST(enlarged_pixels_stay_square),
		TEST(every_format_has_its_colours),
		TEST(video_has_its_colours),
		TEST(transparent_pictures_lie_on_a_checkerboard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

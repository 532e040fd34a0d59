/* test_view.c - what the view shows, looked at pixel by pixel. */
#include "view.h"

#include "glass.h"
#include "theme.h"
#include "vitrine.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>

enum { WIDTH = 400, HEIGHT = 300, GROUND = 0x102030 };

struct fixture {
	struct glass glass;
	struct view *view;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	glass_open(&f->glass, WIDTH, HEIGHT, 1);
	f->view = view_create(f->glass.draw);
	assert_non_null(f->view);
	view_place(f->view, (SDL_Rect){0, 0, WIDTH, HEIGHT});
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	view_destroy(f->view);
	glass_close(&f->glass);
	free(f);
	return 0;
}

typedef uint32_t painter(uint32_t x, uint32_t y);

static struct pixels paint(uint32_t width, uint32_t height, uint32_t format, painter *colour)
{
	uint32_t *data = malloc((size_t)width * height * 4);
	assert_non_null(data);
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			data[(size_t)y * width + x] = colour(x, y);
	return (struct pixels){(const uint8_t *)data, width, height, width * 4, format};
}

static void unpaint(const struct pixels *pixels)
{
	free((void *)(uintptr_t)pixels->data);
}

static uint32_t red(uint32_t x, uint32_t y)
{
	(void)x, (void)y;
	return 0xffff0000;
}

static uint32_t green(uint32_t x, uint32_t y)
{
	(void)x, (void)y;
	return 0xff00ff00;
}

/* Every pixel of up to 4096 x 4096 has a colour of its own. */
static uint32_t place(uint32_t x, uint32_t y)
{
	return 0xff000000 | (x & 0xfff) << 12 | (y & 0xfff);
}

/* A smooth ramp: a seam would show as a step. */
static uint32_t ramp(uint32_t x, uint32_t y)
{
	(void)y;
	return 0xff000000 | (x * 200 / 20000) * 0x010101;
}

static uint64_t show(struct fixture *f, const struct pixels *pixels)
{
	uint64_t id = view_begin(f->view, pixels);
	enum view_progress progress;
	assert_int_not_equal(id, 0);
	while ((progress = view_upload(f->view, 1000000)) == VIEW_MORE)
		;
	assert_int_equal(progress, VIEW_DONE);
	return id;
}

/* Draws, as a window does, after it has asked whether there is something new to draw. */
static void look(struct fixture *f)
{
	view_changed(f->view);
	glass_clear(&f->glass, GROUND);
	view_draw(f->view);
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
	assert_true(SDL_RectEquals(&rect, &(SDL_Rect){184, 134, 32, 32}));
	for (int y = 0; y < 32; y++)
		for (int x = 0; x < 32; x++)
			assert_int_equal(glass_pixel(&f->glass, 184 + x, 134 + y),
				x / 4 << 12 | y / 4);
	show(f, &larger);
	look(f);
	assert_true(fabs(view_get_zoom(f->view) - 1) < 1e-9);
	assert_int_equal(glass_pixel(&f->glass, 75 + 249, 50 + 199), 249 << 12 | 199);
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

/* Whatever the zoom, brightness along a ramp rises by what the zoom says, also across tiles. */
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
		view_fit(f->view);
	}
	unpaint(&wide);
}

/* Enlarged, a source pixel is a square that stays whole while the picture is moved by one. */
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

static void textures_are_used_again(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(2500, 1200, VITRINE_XR24, red);
	struct pixels nearly = paint(2490, 1190, VITRINE_XR24, red);

	show(f, &pixels);
	show(f, &pixels); /* the old one stays until the new one is whole: two sets */
	uint64_t made = view_stats(f->view).textures_made;
	for (int i = 0; i < 5; i++) {
		show(f, &pixels);
		show(f, &nearly);
	}
	assert_int_equal(view_stats(f->view).textures_made, made);
	unpaint(&nearly);
	unpaint(&pixels);
}

static void the_old_picture_stays_until_the_new_one_is_whole(void **state)
{
	struct fixture *f = *state;
	struct pixels old = paint(800, 600, VITRINE_XR24, red);
	struct pixels new = paint(3000, 2250, VITRINE_XR24, green);
	int steps = 1;

	uint64_t first = show(f, &old);
	uint64_t second = view_begin(f->view, &new);
	look(f);
	while (view_upload(f->view, 0) == VIEW_MORE) {
		steps++;
		assert_int_equal(view_shown(f->view), first);
		assert_false(view_changed(f->view));
	}
	assert_true(steps > 50);
	assert_true(view_changed(f->view));
	assert_int_equal(view_shown(f->view), second);
	look(f);
	assert_int_equal(glass_count_other(&f->glass, (SDL_Rect){0, 0, WIDTH, HEIGHT}, 0x00ff00),
		0);

	view_begin(f->view, &old);
	view_upload(f->view, 0);
	view_cancel(f->view);
	assert_int_equal(view_upload(f->view, 0), VIEW_IDLE);
	look(f);
	assert_int_equal(glass_pixel(&f->glass, 200, 150), 0x00ff00);
	unpaint(&new);
	unpaint(&old);
}

static void every_format_has_its_colours(void **state)
{
	struct fixture *f = *state;
	const uint32_t one_pixel[] = {0xff8040c0};
	const uint8_t grey[] = {0, 60, 128, 255};
	const struct {
		uint32_t format, expected;
	} cases[] = {{VITRINE_XR24, 0x8040c0}, {VITRINE_AR24, 0x8040c0}, {VITRINE_XB24, 0xc04080},
		{VITRINE_AB24, 0xc04080}};

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

static uint32_t rgb(SDL_Color colour)
{
	return (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
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

static void zoom_keeps_the_point_under_the_pointer(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(2000, 1500, VITRINE_XR24, place);
	const int x = 130;
	const int y = 220;

	show(f, &pixels);
	view_zoom(f->view, 3, x, y);
	SDL_Rect before = view_picture_rect(f->view);
	double source_x = (x - before.x) / view_get_zoom(f->view);
	double source_y = (y - before.y) / view_get_zoom(f->view);
	for (int i = 0; i < 12; i++) {
		SDL_Event wheel = {.type = SDL_MOUSEWHEEL};
		wheel.wheel.preciseY = i < 6 ? 1.0f : -1.0f;
		wheel.wheel.mouseX = x;
		wheel.wheel.mouseY = y;
		assert_true(view_event(f->view, &wheel));
		SDL_Rect rect = view_picture_rect(f->view);
		assert_true(fabs(rect.x + source_x * view_get_zoom(f->view) - x) <= 1);
		assert_true(fabs(rect.y + source_y * view_get_zoom(f->view) - y) <= 1);
	}
	assert_false(view_is_fitted(f->view));
	unpaint(&pixels);
}

static void zoom_stops_at_100_percent_and_at_fit(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(500, 300, VITRINE_XR24, red);

	show(f, &pixels);
	assert_true(fabs(view_get_zoom(f->view) - 0.8) < 1e-9);
	view_zoom_in(f->view);
	view_zoom_in(f->view);
	view_zoom_in(f->view);
	view_zoom(f->view, 0.9, 10, 10);
	assert_true(fabs(view_get_zoom(f->view) - 1) < 1e-9);
	view_zoom_out(f->view);
	view_zoom_out(f->view);
	assert_true(view_is_fitted(f->view));
	for (int i = 0; i < 100; i++)
		view_zoom_in(f->view);
	assert_true(fabs(view_get_zoom(f->view) - 32) < 1e-9);
	unpaint(&pixels);
}

static void panning_leaves_no_gap(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(1000, 200, VITRINE_XR24, red);

	show(f, &pixels);
	view_zoom(f->view, 1, 0, 0);
	view_pan(f->view, 100000, 100000);
	SDL_Rect rect = view_picture_rect(f->view);
	assert_true(SDL_RectEquals(&rect, &(SDL_Rect){0, 50, 1000, 200}));
	view_pan(f->view, -100000, -100000);
	rect = view_picture_rect(f->view);
	assert_true(SDL_RectEquals(&rect, &(SDL_Rect){-600, 50, 1000, 200}));

	SDL_Event event = {.button = {.type = SDL_MOUSEBUTTONDOWN, .button = 1, .x = 9, .y = 9}};
	assert_true(view_event(f->view, &event));
	event = (SDL_Event){.motion = {.type = SDL_MOUSEMOTION, .xrel = 7, .yrel = 0}};
	assert_true(view_event(f->view, &event));
	event = (SDL_Event){.button = {.type = SDL_MOUSEBUTTONUP, .button = 1}};
	assert_true(view_event(f->view, &event));
	rect = view_picture_rect(f->view);
	assert_int_equal(rect.x, -593);
	unpaint(&pixels);
}

static void frames_of_one_size_keep_the_zoom(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(1000, 800, VITRINE_XR24, red);
	struct pixels other = paint(1000, 801, VITRINE_XR24, red);

	show(f, &pixels);
	view_zoom(f->view, 2, 100, 100);
	SDL_Rect before = view_picture_rect(f->view);
	show(f, &pixels);
	SDL_Rect after = view_picture_rect(f->view);
	assert_true(SDL_RectEquals(&before, &after));
	show(f, &other);
	assert_true(view_is_fitted(f->view));
	unpaint(&other);
	unpaint(&pixels);
}

static void the_reduced_version_is_drawn_when_small(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(4000, 3000, VITRINE_XR24, red);
	struct pixels small = paint(400, 300, VITRINE_XR24, green);
	uint32_t width = 0;
	uint32_t height = 0;

	uint64_t old = show(f, &pixels);
	uint64_t id = show(f, &pixels);
	assert_true(view_wants_reduced(f->view, &width, &height));
	assert_int_equal(width, 400);
	assert_int_equal(height, 300);
	assert_false(view_set_reduced(f->view, old, &small)); /* came too late */
	look(f);
	assert_true(view_set_reduced(f->view, id, &small));
	assert_true(view_changed(f->view));
	assert_false(view_wants_reduced(f->view, &width, &height));
	look(f);
	assert_int_equal(glass_pixel(&f->glass, 200, 150), 0x00ff00);
	view_zoom_in(f->view);
	look(f);
	assert_int_equal(glass_pixel(&f->glass, 200, 150), 0xff0000);
	assert_true(view_wants_reduced(f->view, &width, &height));
	view_zoom(f->view, 0.6, 0, 0);
	assert_false(view_wants_reduced(f->view, &width, &height));
	unpaint(&small);
	unpaint(&pixels);
}

static void what_cannot_be_shown_is_refused(void **state)
{
	struct fixture *f = *state;
	const uint32_t data[4] = {0};

	assert_int_equal(view_begin(f->view, &(struct pixels){(const uint8_t *)data, 2, 2, 8, 1}),
		0);
	assert_non_null(strstr(view_error(f->view), "format"));
	assert_int_equal(view_begin(f->view,
				 &(struct pixels){(const uint8_t *)data, 0, 2, 8, VITRINE_XR24}),
		0);
	assert_false(view_uploading(f->view));
	view_draw(f->view);
	view_zoom_in(f->view);
	view_pan(f->view, 1, 1);
	assert_int_equal(view_shown(f->view), 0);
}

static void an_area_without_pixels_is_no_trouble(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(300, 200, VITRINE_XR24, red);

	view_place(f->view, (SDL_Rect){0});
	show(f, &pixels);
	look(f);
	view_place(f->view, (SDL_Rect){50, 50, 100, 100});
	look(f);
	assert_int_equal(glass_pixel(&f->glass, 100, 100), 0xff0000);
	assert_int_equal(glass_pixel(&f->glass, 49, 100), GROUND);
	unpaint(&pixels);
}

static void nothing_to_show_changes_once(void **state)
{
	struct fixture *f = *state;

	view_place(f->view, (SDL_Rect){0, 0, WIDTH - 1, HEIGHT});
	assert_true(view_changed(f->view));
	assert_false(view_changed(f->view)); /* else an empty window would never rest */
}

static void drawing_twice_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(300, 200, VITRINE_XR24, red);

	show(f, &pixels);
	assert_true(view_changed(f->view));
	look(f);
	assert_false(view_changed(f->view));
	view_place(f->view, (SDL_Rect){0, 0, WIDTH, HEIGHT});
	view_fit(f->view);
	view_pan(f->view, 5, 5); /* it fits: nowhere to go */
	assert_false(view_changed(f->view));
	unpaint(&pixels);
}

static void a_thousand_images_take_no_more_memory_than_ten(void **state)
{
	struct fixture *f = *state;
	struct pixels images[3] = {paint(700, 500, VITRINE_XR24, red),
		paint(300, 900, VITRINE_AR24, green), paint(640, 480, VITRINE_XB24, red)};
	struct pixels small = paint(90, 70, VITRINE_XR24, red);
	size_t held = 0;
	uint64_t made = 0;

	for (int i = 0; i < 1000; i++) {
		uint64_t id = show(f, &images[i % 3]);
		view_set_reduced(f->view, id, &small);
		look(f);
		SDL_RenderFlush(f->glass.renderer);
		if (i == 30) {
			held = mallinfo2().uordblks + mallinfo2().hblkhd;
			made = view_stats(f->view).textures_made;
		}
	}
	assert_int_equal(view_stats(f->view).textures_made, made);
	assert_true(mallinfo2().uordblks + mallinfo2().hblkhd <= held + 65536);
	for (int i = 0; i < 3; i++)
		unpaint(&images[i]);
	unpaint(&small);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(large_pictures_are_fitted),
		TEST(small_pictures_keep_hard_edges),
		TEST(tiles_have_no_seams),
		TEST(no_seam_at_any_zoom),
		TEST(enlarged_pixels_stay_square),
		TEST(textures_are_used_again),
		TEST(the_old_picture_stays_until_the_new_one_is_whole),
		TEST(every_format_has_its_colours),
		TEST(video_has_its_colours),
		TEST(transparent_pictures_lie_on_a_checkerboard),
		TEST(zoom_keeps_the_point_under_the_pointer),
		TEST(zoom_stops_at_100_percent_and_at_fit),
		TEST(panning_leaves_no_gap),
		TEST(frames_of_one_size_keep_the_zoom),
		TEST(the_reduced_version_is_drawn_when_small),
		TEST(what_cannot_be_shown_is_refused),
		TEST(an_area_without_pixels_is_no_trouble),
		TEST(nothing_to_show_changes_once),
		TEST(drawing_twice_changes_nothing),
		TEST(a_thousand_images_take_no_more_memory_than_ten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_view_zoom.c - zooming and moving the view: where the picture is then, and which level is
 * drawn.
 */
#include "event.h"
#include "probe.h"
#include "turned.h"
#include "views.h"

#include <math.h>

static uint32_t stripe(uint32_t x, uint32_t y)
{
	(void)x;
	return y % 2 == 0 ? 0xff000000 : 0xffffffff;
}

/* Every other column is transparent; its colour, green, must not be seen. */
static uint32_t hole(uint32_t x, uint32_t y)
{
	(void)y;
	return x % 2 == 0 ? 0x0000ff00 : 0xff000000;
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
		SDL_Event wheel = event_of(SDL_MOUSEWHEEL);

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

static void turn_wheel(struct fixture *f, float by)
{
	SDL_Event wheel = event_of(SDL_MOUSEWHEEL);

	wheel.wheel.preciseY = by;
	wheel.wheel.mouseX = WIDTH / 2;
	wheel.wheel.mouseY = HEIGHT / 2;
	assert_true(view_event(f->view, &wheel));
}

static void assert_zoom(struct fixture *f, double zoom)
{
	assert_float_equal(view_get_zoom(f->view), zoom, 1e-9);
}

static void zoom_stops_at_round_numbers_and_at_fit(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(500, 300, VITRINE_XR24, red);
	static const double ups[] = {
		1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 64};
	struct pixels large = paint(1100, 200, VITRINE_XR24, red);
	struct pixels icon = paint(3, 3, VITRINE_XR24, red);

	show(f, &pixels);
	assert_zoom(f, 0.8);
	for (size_t i = 0; i < SDL_arraysize(ups); i++) {
		view_zoom_in(f->view);
		assert_zoom(f, ups[i]);
	}
	turn_wheel(f, -15);
	assert_zoom(f, 1.25);
	for (int i = 0; i < 4; i++) /* as a touchpad does */
		turn_wheel(f, -0.25f);
	assert_zoom(f, 1);
	turn_wheel(f, -0.75f);
	turn_wheel(f, 0.5f); /* the other way: begins anew */
	assert_zoom(f, 1);
	view_zoom_out(f->view);
	assert_true(view_is_fitted(f->view));
	view_zoom_out(f->view);
	assert_zoom(f, 0.8);

	show(f, &large); /* fitted at 36.36 %, between two numbers */
	view_zoom_in(f->view);
	assert_zoom(f, 0.4);
	view_zoom_in(f->view);
	view_zoom_out(f->view);
	view_zoom_out(f->view);
	assert_zoom(f, 400 / 1100.0);
	assert_true(view_is_fitted(f->view));

	show(f, &icon); /* smaller than its fitted size down to 100 % */
	assert_zoom(f, 100);
	view_zoom_out(f->view);
	assert_zoom(f, 64);
	turn_wheel(f, -30);
	assert_zoom(f, 1);
	turn_wheel(f, 30);
	assert_zoom(f, 100);
	unpaint(&icon);
	unpaint(&large);
	unpaint(&pixels);
}

static void one_key_goes_through_fit_fill_and_100_percent(void **state)
{
	struct fixture *f = *state;
	struct pixels wide = paint(1000, 300, VITRINE_XR24, red);
	struct pixels small = paint(100, 50, VITRINE_XR24, red);

	show(f, &wide);
	assert_zoom(f, 0.4);
	view_next_mode(f->view);
	assert_zoom(f, 1); /* it fills the height, and is cut off left and right */
	SDL_Rect rect = view_picture_rect(f->view);
	assert_true(SDL_RectEquals(&rect, &(SDL_Rect){-300, 0, 1000, 300}));
	show(f, &small); /* the mode holds for the next picture */
	assert_zoom(f, 6);
	view_place(f->view, (SDL_Rect){0, 0, WIDTH, 420});
	assert_zoom(f, 9);
	view_place(f->view, (SDL_Rect){0, 0, WIDTH, HEIGHT});
	view_next_mode(f->view);
	assert_zoom(f, 1);
	show(f, &wide);
	assert_zoom(f, 1);
	rect = view_picture_rect(f->view);
	assert_int_equal(rect.x, -300);
	view_next_mode(f->view);
	assert_true(view_is_fitted(f->view));
	view_next_mode(f->view);
	view_zoom_in(f->view);
	view_next_mode(f->view); /* after zooming by hand: back to fit */
	assert_true(view_is_fitted(f->view));
	unpaint(&small);
	unpaint(&wide);
}

static void the_pixel_under_the_mouse(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(8, 6, VITRINE_XR24, place);
	struct probe probe = {.is_on = true};
	SDL_Event event = event_of(SDL_MOUSEMOTION);
	char text[PROBE_TEXT_MAX];

	show(f, &pixels); /* at 5000 % */
	assert_false(probe_event(&probe, f->view, NULL));
	assert_string_equal(probe_text(text, &probe, f->view, &pixels), "point at a pixel");
	event.motion.x = 7 * 50 + 49;
	event.motion.y = 5 * 50;
	assert_true(probe_event(&probe, f->view, &event));
	assert_string_equal(probe_text(text, &probe, f->view, &pixels),
		"x 7  y 5   #007005   0 112 5");
	event.motion.x--;
	assert_false(probe_event(&probe, f->view, &event));
	assert_string_equal(probe_text(text, &probe, f->view, NULL), "x 7  y 5");
	event = event_of(SDL_WINDOWEVENT);
	event.window.event = SDL_WINDOWEVENT_LEAVE;
	assert_true(probe_event(&probe, f->view, &event));
	unpaint(&pixels);
}

static void video_and_alpha_have_their_values(void **state)
{
	struct fixture *f = *state;
	const uint8_t nv12[] = {81, 81, 81, 81, 90, 240};
	const uint32_t half = 0x80ff8040;
	const struct pixels video = {nv12, 2, 2, 2, VITRINE_NV12};
	const struct pixels alpha = {(const uint8_t *)&half, 1, 1, 4, VITRINE_AR24};
	struct probe probe = {.is_inside = true, .x = WIDTH / 2, .y = HEIGHT / 2};
	char text[PROBE_TEXT_MAX];

	show(f, &video);
	probe_event(&probe, f->view, NULL);
	assert_string_equal(probe_text(text, &probe, f->view, &video),
		"x 1  y 1   #fe0000   254 0 0   from NV12");
	show(f, &alpha);
	probe_event(&probe, f->view, NULL);
	assert_string_equal(probe_text(text, &probe, f->view, &alpha),
		"x 0  y 0   #ff804080   255 128 64 128");
}

static void a_grid_divides_pixels_from_1600_percent(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(60, 60, VITRINE_XR24, red);

	view_set_grid(f->view, true);
	show(f, &pixels);
	view_zoom(f->view, 12, 0, 0);
	look(f);
	assert_int_equal(glass_count_other(&f->glass, (SDL_Rect){0, 0, WIDTH, HEIGHT}, 0xff0000),
		0);
	view_zoom(f->view, 16, 0, 0);
	look(f);
	SDL_Rect rect = view_picture_rect(f->view);
	for (int x = 0; x < WIDTH; x++) {
		int at = (x - rect.x) % 16;
		bool is_line = at == 15 || (at == 0 && x > rect.x);
		assert_int_equal(glass_pixel(&f->glass, x, 5 * 16 + 8 + rect.y % 16) != 0xff0000,
			is_line);
	}
	view_set_grid(f->view, false);
	assert_true(view_changed(f->view));
	look(f);
	assert_int_equal(glass_count_other(&f->glass, (SDL_Rect){0, 0, WIDTH, HEIGHT}, 0xff0000),
		0);
	unpaint(&pixels);
}

/* Each level has as many pixels as are drawn, and at most four times as many. */
static void a_large_picture_is_drawn_from_a_reduced_level(void **state)
{
	struct fixture *f = *state;
	struct pixels stripes = paint(4001, 3003, VITRINE_XR24, stripe);
	struct pixels holes = paint(4096, 2400, VITRINE_AR24, hole);

	show(f, &stripes);
	uint64_t whole = 4001 * UINT64_C(3003) * 4;
	assert_in_range(view_stats(f->view).texture_bytes, whole, whole + whole / 20);
	look(f);
	assert_false(view_refine(f->view, &holes, 0)); /* another picture's */
	while (view_refine(f->view, &stripes, 0))
		assert_false(view_changed(f->view));
	assert_true(view_changed(f->view));
	assert_in_range(view_stats(f->view).texture_bytes, whole * 4 / 3, whole + whole * 2 / 5);
	assert_false(view_refine(f->view, &stripes, 0));
	assert_false(view_changed(f->view));
	for (double zoom = 0.099; zoom < 0.5; zoom *= 1.3) {
		view_zoom(f->view, zoom, WIDTH / 2, HEIGHT / 2);
		look(f);
		/* Black and white rows: skipping rows would show one of them. */
		for (int y = 2; y < HEIGHT - 2; y++)
			assert_in_range(glass_pixel(&f->glass, WIDTH / 2, y) & 0xff, 0x7e, 0x81);
	}
	show(f, &holes); /* what is transparent has no colour that could shine through */
	while (view_refine(f->view, &holes, 1000000))
		;
	view_zoom(f->view, 0.4, WIDTH / 2, HEIGHT / 2);
	look(f);
	for (int x = 0; x < WIDTH; x++)
		assert_in_range(glass_pixel(&f->glass, x, HEIGHT / 2) & 0xff00, 0, 0x4800);
	unpaint(&holes);
	unpaint(&stripes);
}

static uint32_t halves(uint32_t x, uint32_t y)
{
	(void)y;
	return x < 2500 ? 0xffff0000 : 0xff00ff00;
}

static void assert_halves(struct fixture *f)
{
	look(f);
	assert_int_equal(glass_pixel(&f->glass, WIDTH / 2 - 3, HEIGHT / 2), 0xff0000);
	assert_int_equal(glass_pixel(&f->glass, WIDTH / 2 + 3, HEIGHT / 2), 0x00ff00);
}

static void a_large_picture_is_there_before_it_is_whole(void **state)
{
	struct fixture *f = *state;
	struct pixels small = paint(500, 300, VITRINE_XR24, red);
	struct pixels large = paint(5000, 3000, VITRINE_XR24, halves);

	show(f, &small);
	assert_int_not_equal(view_begin(f->view, &small), 0);
	assert_false(view_show_first(f->view)); /* it is uploaded as quickly */
	uint64_t bands = view_stats(f->view).bands;
	uint64_t id = view_begin(f->view, &large);
	assert_true(view_show_first(f->view));
	assert_false(view_show_first(f->view));
	assert_int_equal(view_shown(f->view), id);
	assert_true(view_changed(f->view));
	assert_true(view_uploading(f->view));
	assert_in_range(view_stats(f->view).bands, bands + 1, bands + 2); /* of 400 x 240 pixels */
	assert_halves(f);
	view_zoom_in(f->view); /* larger than it has pixels for: it is drawn all the same */
	assert_halves(f);
	while (view_upload(f->view, 0) == VIEW_MORE)
		assert_false(view_changed(f->view));
	assert_true(view_changed(f->view));
	assert_false(view_uploading(f->view));
	assert_int_equal(view_shown(f->view), id);
	assert_halves(f);
	view_begin(f->view,
		&large); /* the zoom was chosen by hand: it stays, and wants all pixels */
	assert_false(view_show_first(f->view));
	view_set_mode(f->view, VIEW_FIT);
	view_begin(f->view, &large);
	assert_true(view_show_first(f->view));
	view_cancel(f->view); /* the first version stays */
	assert_int_equal(view_upload(f->view, 0), VIEW_IDLE);
	assert_halves(f);
	unpaint(&large);
	unpaint(&small);
}

/* Making textures takes longer than filling them. */
static void the_next_large_picture_has_textures_ready(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(5000, 4000, VITRINE_XR24, red);
	uint64_t made = 0;

	for (int i = 0; i < 6; i++) {
		if (i == 2) /* one is on the screen while the next one is uploaded */
			made = view_stats(f->view).textures_made;
		show(f, &pixels);
		while (view_refine(f->view, &pixels, 1000000))
			;
	}
	assert_int_equal(view_stats(f->view).textures_made, made);
	unpaint(&pixels);
}

static void a_picture_is_shown_turned(void **state)
{
	struct fixture *f = *state;
	struct pixels pixels = paint(70, 40, VITRINE_XR24, place);
	struct pixels small = paint(7, 4, VITRINE_XR24, green);
	uint32_t width, height;

	view_set_mode(f->view, VIEW_ACTUAL);
	for (int orientation = 1; orientation <= 8; orientation++) {
		bool swaps = orientation >= 5;
		view_set_orientation(f->view, orientation);
		uint64_t id = show(f, &pixels);
		look(f);
		SDL_Rect rect = view_picture_rect(f->view);
		assert_int_equal(rect.w, swaps ? 40 : 70);
		assert_int_equal(rect.h, swaps ? 70 : 40);
		for (int y = 0; y < rect.h; y++)
			for (int x = 0; x < rect.w; x++) {
				struct turned_pixel pixel = turned_pixel(&pixels, orientation,
					(uint32_t)x, (uint32_t)y);
				assert_int_equal(glass_pixel(&f->glass, rect.x + x, rect.y + y),
					pixel.red << 16 | pixel.green << 8 | pixel.blue);
			}
		view_place(f->view, (SDL_Rect){0, 0, swaps ? 4 : 7, swaps ? 7 : 4});
		view_set_mode(f->view, VIEW_FIT);
		assert_true(view_wants_reduced(f->view, &width, &height));
		assert_int_equal(width, 7); /* of the picture as it is */
		assert_int_equal(height, 4);
		assert_true(view_set_reduced(f->view, id, &small));
		assert_false(view_wants_reduced(f->view, &width, &height));
		view_place(f->view, (SDL_Rect){0, 0, WIDTH, HEIGHT});
		view_set_mode(f->view, VIEW_ACTUAL);
	}
	unpaint(&small);
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
	view_look_aside(f->view, -1, 1); /* a key: to the left, and down, where there is no more */
	rect = view_picture_rect(f->view);
	assert_true(SDL_RectEquals(&rect, &(SDL_Rect){-550, 50, 1000, 200}));
	view_look_aside(f->view, 1, 0);

	SDL_Event event = event_of(SDL_MOUSEBUTTONDOWN);
	event.button.button = 1;
	event.button.x = event.button.y = 9;
	assert_true(view_event(f->view, &event));
	event = event_of(SDL_MOUSEMOTION);
	event.motion.xrel = 7;
	assert_true(view_event(f->view, &event));
	event = event_of(SDL_MOUSEBUTTONUP);
	event.button.button = 1;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(zoom_keeps_the_point_under_the_pointer),
		TEST(zoom_stops_at_round_numbers_and_at_fit),
		TEST(one_key_goes_through_fit_fill_and_100_percent),
		TEST(the_pixel_under_the_mouse),
		TEST(video_and_alpha_have_their_values),
		TEST(a_grid_divides_pixels_from_1600_percent),
		TEST(a_large_picture_is_drawn_from_a_reduced_level),
		TEST(a_large_picture_is_there_before_it_is_whole),
		TEST(the_next_large_picture_has_textures_ready),
		TEST(a_picture_is_shown_turned),
		TEST(panning_leaves_no_gap),
		TEST(frames_of_one_size_keep_the_zoom),
		TEST(the_reduced_version_is_drawn_when_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_view_zoom.c - the view zoomed and moved: where the picture lies then, and which one is drawn. */
#include "event.h"
#include "views.h"

#include <math.h>

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
		TEST(zoom_stops_at_100_percent_and_at_fit),
		TEST(panning_leaves_no_gap),
		TEST(frames_of_one_size_keep_the_zoom),
		TEST(the_reduced_version_is_drawn_when_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

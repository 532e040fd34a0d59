/*
 * test_view_pictures.c - one picture after another: what stays and what is redrawn when the view
 * gets pictures that it can show, pictures that it cannot show, and none.
 */
#include "views.h"

#include <malloc.h>

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
	assert_false(view_changed(f->view)); /* otherwise an empty window would be drawn for ever */
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
	view_set_mode(f->view, VIEW_FIT);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(textures_are_used_again),
		TEST(the_old_picture_stays_until_the_new_one_is_whole),
		TEST(what_cannot_be_shown_is_refused),
		TEST(an_area_without_pixels_is_no_trouble),
		TEST(nothing_to_show_changes_once),
		TEST(drawing_twice_changes_nothing),
		TEST(a_thousand_images_take_no_more_memory_than_ten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_curves.c - the curves of `empty` and `full`: the values of a timeline, what is not known,
 * and the pixels of lecture mode.
 */
#include "curves.h"
#include "glass.h"
#include "lecture.h"
#include "snapshots.h"
#include "theme.h"

#define STEP INT64_C(50000000)

/* Four slots: `full` goes up to 4 and down again, 20 samples each; `empty` is the rest. */
static int64_t add_samples(struct timeline *timeline, int64_t now)
{
	static const int32_t values[] = {0, 1, 2, 3, 4, 3, 2, 1, 0};
	struct vitrine_snapshot *snapshot = make_snapshot(4);

	for (size_t i = 0; i < SDL_arraysize(values); i++)
		for (int n = 0; n < 20; n++, now += STEP) {
			snapshot->full.value = values[i];
			snapshot->empty.value = 4 - values[i];
			timeline_add(timeline, now, snapshot, NULL, 0);
		}
	free(snapshot);
	return now;
}

static void only_changes_are_points(void **state)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct curves *curves = calloc(1, sizeof(*curves));
	int64_t now = add_samples(timeline, STEP);

	(void)state;
	curves_of_timeline(curves, timeline, now);
	assert_int_equal(curves->most, 4);
	assert_int_equal(curves->to - curves->from, TIMELINE_NS);
	assert_int_equal(curves->count, 9);
	for (size_t i = 0; i < curves->count; i++) {
		const struct curves_point *point = &curves->points[i];

		assert_true(point->is_known);
		assert_int_equal(point->time, STEP + (int64_t)i * 20 * STEP);
		assert_int_equal(point->empty + point->full, 4);
		assert_int_equal(point->full, i < 5 ? i : 8 - i);
	}
	free(curves);
	free(timeline);
}

/* A gap between samples has no value: neither the one before it nor the one after it. */
static void what_nobody_saw_is_not_drawn(void **state)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct curves *curves = calloc(1, sizeof(*curves));
	struct vitrine_snapshot *snapshot = make_snapshot(4);

	(void)state;
	timeline_add(timeline, STEP, snapshot, NULL, 0);
	timeline_add(timeline, 2 * STEP, snapshot, NULL, 0);
	timeline_add(timeline, 100 * STEP, snapshot, NULL, 0);
	curves_of_timeline(curves, timeline, 200 * STEP);
	assert_int_equal(curves->count, 4);
	assert_true(curves->points[0].is_known);
	assert_false(curves->points[1].is_known);
	assert_int_equal(curves->points[1].time, 2 * STEP);
	assert_true(curves->points[2].is_known);
	assert_int_equal(curves->points[2].time, 100 * STEP);
	assert_false(curves->points[3].is_known);
	free(snapshot);
	free(curves);
	free(timeline);
}

/* A full timeline in which every sample differs from the one before still has room. */
static void there_is_room_for_any_timeline(void **state)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct curves *curves = calloc(1, sizeof(*curves));
	struct vitrine_snapshot *snapshot = make_snapshot(4);

	(void)state;
	for (int i = 0; i < 2 * TIMELINE_SAMPLES; i++) {
		snapshot->full.value = i % 2;
		timeline_add(timeline, (i + 1) * 2 * TIMELINE_BLIND_NS, snapshot, NULL, 0);
	}
	curves_of_timeline(curves, timeline, 4 * TIMELINE_SAMPLES * TIMELINE_BLIND_NS + 1);
	assert_int_equal(curves->count, CURVES_MOST - 1);
	free(snapshot);
	free(curves);
	free(timeline);
}

/* ---- lecture mode -------------------------------------------------------------------------- */

/* How many pixels of `area` have this colour. */
static int count_of(struct glass *glass, SDL_Rect area, SDL_Color colour)
{
	return area.w * area.h - glass_count_other(glass, area, rgb(colour));
}

static void numbers_and_curves_are_to_be_seen(void **state)
{
	static const SDL_Rect areas[] = {
		{614, 0, 410, 687}, {0, 250, 512, 370}, {384, 0, 256, 426}, {1152, 0, 768, 972}};
	static const float scales[] = {1.5f, 1.5f, 1, 2};
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct curves *curves = calloc(1, sizeof(*curves));
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	int64_t now = add_samples(timeline, STEP);

	(void)state;
	snapshot->empty.value = 0;
	snapshot->empty.ncnt = 1;
	curves_of_timeline(curves, timeline, now);
	for (size_t i = 0; i < SDL_arraysize(areas); i++) {
		struct xray_model *model = model_of(snapshot);
		SDL_Rect area = areas[i], outside = {0, 0, area.x, area.h};
		struct glass glass;

		glass_open(&glass, area.x + area.w, area.y + area.h, scales[i]);
		glass_clear(&glass, 0x123456);
		lecture_draw(glass.draw, area, model, curves, NULL);
		/* A red 0 under `empty`, which a process waits for; both curves. */
		assert_true(count_of(&glass, area, THEME_RED) > area.h / 2);
		assert_true(count_of(&glass, area, THEME_AMBER) > 2 * area.w);
		assert_true(count_of(&glass, area, THEME_BLUE) > 2 * area.w);
		assert_int_equal(glass_count_other(&glass, outside, 0x123456), 0);
		glass_close(&glass);
		free(model);
	}
	free(snapshot);
	free(curves);
	free(timeline);
}

/* True if the first `height` rows of `glass` have the pixels of `rect` of `other` somewhere. */
static bool contains(struct glass *glass, int height, struct glass *other, SDL_Rect rect)
{
	int across = glass->surface->w - rect.w + 1;

	for (int at = 0; at < across * (height - rect.h); at++) {
		int i = 0;

		while (i < rect.w * rect.h &&
			glass_pixel(other, rect.x + i % rect.w, rect.y + i / rect.w) ==
				glass_pixel(glass, at % across + i % rect.w,
					at / across + i / rect.w))
			i++;
		if (i == rect.w * rect.h)
			return true;
	}
	return false;
}

/* As long as the one of a single process in some languages. */
static void a_long_number_of_waiters_is_not_cut(void **state)
{
	static const char text[] = "1234 wait";
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct curves *curves = calloc(1, sizeof(*curves));
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct glass glass, label;
	SDL_Rect rect = {0, 3, 0, 9}; /* between the lines above and below */

	(void)state;
	snapshot->empty.ncnt = 1234;
	struct xray_model *model = model_of(snapshot);
	curves_of_timeline(curves, timeline, add_samples(timeline, STEP));
	glass_open(&glass, 236, 374, 1);
	lecture_draw(glass.draw, (SDL_Rect){0, 0, 236, 374}, model, curves, NULL);
	glass_open(&label, 100, 30, 1);
	glass_clear(&label, rgb(THEME_BACKGROUND));
	draw_text(label.draw, THEME_LABEL, THEME_AMBER, 0, 0, text);
	rect.w = font_width(draw_fonts(label.draw), THEME_LABEL, text);
	assert_true(contains(&glass, 150, &label, rect));
	glass_close(&label);
	glass_close(&glass);
	free(model);
	free(snapshot);
	free(curves);
	free(timeline);
}

/* Numbers for all slots, whatever their state, if the longest word has no room. */
static void slots_have_words_or_numbers(void **state)
{
	static const int widths[] = {276, 400};
	const struct font_style style = {FONT_BOLD, 14};
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct curves *curves = calloc(1, sizeof(*curves));
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model = model_of(snapshot);
	SDL_Rect rect = {0, 3, 0, 9};
	struct glass label;

	(void)state;
	curves_of_timeline(curves, timeline, add_samples(timeline, STEP));
	glass_open(&label, 100, 30, 1);
	glass_clear(&label, rgb(THEME_PANEL));
	draw_text(label.draw, style, THEME_TEXT, 0, 0, "empty");
	rect.w = font_width(draw_fonts(label.draw), style, "empty");
	for (size_t i = 0; i < SDL_arraysize(widths); i++) {
		struct glass glass;

		glass_open(&glass, widths[i], 374, 1);
		lecture_draw(glass.draw, (SDL_Rect){0, 0, widths[i], 374}, model, curves, NULL);
		assert_int_equal(contains(&glass, 250, &label, rect), i > 0);
		glass_close(&glass);
	}
	glass_close(&label);
	free(model);
	free(snapshot);
	free(curves);
	free(timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_changes_are_points),
		cmocka_unit_test(what_nobody_saw_is_not_drawn),
		cmocka_unit_test(there_is_room_for_any_timeline),
		cmocka_unit_test(numbers_and_curves_are_to_be_seen),
		cmocka_unit_test(a_long_number_of_waiters_is_not_cut),
		cmocka_unit_test(slots_have_words_or_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

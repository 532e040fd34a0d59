/* test_timeline.c - the timeline: what it draws of the last seconds, and how many processes it follows. */
#include "glass.h"
#include "snapshots.h"
#include "theme.h"
#include "timeline_draw.h"

static void the_timeline_shows_what_was(void **state)
{
	const int64_t step = 50000000;
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct attached_program program = {4199, "producer", -1, true, false};
	struct glass glass;
	int64_t now = 0;

	(void)state;
	glass_open(&glass, 800, 240, 1);
	for (int i = 0; i < 400; i++, now += step) {
		bool is_reading = i >= 200;

		snapshot->slots[0].state = is_reading ? VITRINE_SLOT_READING : VITRINE_SLOT_READY;
		program.sleeps_on = is_reading ? SEMAPHORES_EMPTY : -1;
		timeline_add(timeline, now, snapshot, &program, 1);
	}
	timeline_draw(timeline, glass.draw, (SDL_Rect){0, 0, 800, 240}, now);
	/* From right to left: ten seconds of reading, ten seconds of ready, and before that nothing. */
	int y = 14 + 22 + 8;
	assert_int_equal(glass_pixel(&glass, 700, y), rgb(THEME_TEAL));
	assert_int_equal(glass_pixel(&glass, 450, y), rgb(THEME_BLUE));
	assert_int_equal(glass_pixel(&glass, 200, y), rgb(THEME_TRAY));
	/* Asleep is hatched, so that it differs from reading without the colour. */
	for (int x = 680; x < 720; x++)
		assert_int_equal(glass_pixel(&glass, x, y + 4 * 17),
			x % 4 < 2 ? rgb(THEME_TEXT_DIM) : rgb(THEME_TRAY));
	glass_close(&glass);
	free(snapshot);
	free(timeline);
}

/* The words of some languages do not fit in half a small screen: the first colours stay. */
static void the_legend_loses_its_end(void **state)
{
	const int widths[] = {300, 400, 800};
	struct timeline *timeline = calloc(1, sizeof(*timeline));

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		bool has_writing = false, has_ready = false;
		struct glass glass;

		glass_open(&glass, widths[i], 240, 1);
		timeline_draw(timeline, glass.draw, (SDL_Rect){0, 0, widths[i], 240}, 0);
		for (int x = 0; x < widths[i]; x++) {
			has_writing |= glass_pixel(&glass, x, 14 + 8) == rgb(THEME_AMBER);
			has_ready |= glass_pixel(&glass, x, 14 + 8) == rgb(THEME_BLUE);
		}
		assert_true(has_writing && has_ready);
		glass_close(&glass);
	}
	free(timeline);
}

static void lanes_outlive_their_processes(void **state)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct vitrine_snapshot *snapshot = make_snapshot(64);

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct attached_program programs[3] = {{1000 + i, "one", -1, false, false},
			{2000, "stays", -1, false, false}, {3000 + i, "other", 1, false, false}};

		timeline_add(timeline, i, snapshot, programs, 3);
	}
	assert_int_equal(timeline->process_count, TIMELINE_PROCESSES);
	free(snapshot);
	free(timeline);
}

/* Between fork() and exec() a child has its parent's segments attached; it gets no lane for that. */
static void a_child_that_passes_by_has_no_lane(void **state)
{
	const struct attached_program looks[][3] = {
		{{.pid = 100, .name = "producer", .is_mirror = true}},
		{{.pid = 90, .name = "producer"}, {.pid = 100}, {.pid = 110, .name = "send"}},
		{{.pid = 100}, {.pid = 110, .name = "send"}},
	};
	const size_t counts[] = {1, 3, 2}, known[] = {0, 1, 2};
	struct attached_program before[3], now[3];
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct vitrine_snapshot *snapshot = make_snapshot(4);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		memcpy(now, looks[i], sizeof(now));
		assert_int_equal(attached_again(now, counts[i], before, i > 0 ? counts[i - 1] : 0),
			known[i]);
		timeline_add(timeline, (int64_t)i, snapshot, now, known[i]);
		memcpy(before, now, sizeof(before));
	}
	assert_int_equal(timeline->process_count, 2);
	assert_int_equal(timeline->processes[0].pid, 100);
	assert_int_equal(timeline->processes[1].pid, 110);
	assert_true(now[0].is_mirror);
	free(snapshot);
	free(timeline);
}

static int grid_lines(struct glass *glass, int y)
{
	int count = 0;

	for (int x = 0; x < 800; x++)
		count += glass_pixel(glass, x, y) == rgb(THEME_EDGE);
	return count;
}

/* The words "not observed" interrupt the line in the middle, which would go through them. */
static void no_line_goes_through_words(void **state)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct glass glass;

	(void)state;
	glass_open(&glass, 800, 240, 1);
	timeline_add(timeline, TIMELINE_NS, snapshot, NULL, 0);
	timeline_draw(timeline, glass.draw, (SDL_Rect){0, 0, 800, 240}, TIMELINE_NS);
	assert_int_equal(grid_lines(&glass, 14 + 22 + 3 * 17 + 2), 7);
	assert_int_equal(grid_lines(&glass, 14 + 22), 6);
	glass_close(&glass);
	free(snapshot);
	free(timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_timeline_shows_what_was),
		cmocka_unit_test(the_legend_loses_its_end),
		cmocka_unit_test(lanes_outlive_their_processes),
		cmocka_unit_test(a_child_that_passes_by_has_no_lane),
		cmocka_unit_test(no_line_goes_through_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

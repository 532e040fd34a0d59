/*
 * test_xray.c - the X-ray: what it says of sound and damaged snapshots, where things lie with 2 to
 * 64 slots, and what stands in the pixels.
 */
#include "glass.h"
#include "lab_options.h"
#include "semaphores.h"
#include "theme.h"
#include "timeline.h"
#include "xray.h"
#include "xray_thumbnail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct vitrine_info info = {
	.key = 0x77010001, .semid = 7, .shmid = 32, .slots = 4, .slot_size = 1 << 20};

/* A channel at rest with an image in slot 0, which is the newest; all others are free. */
static struct vitrine_snapshot *make_snapshot(uint32_t slots)
{
	struct vitrine_snapshot *snapshot = calloc(1, sizeof(*snapshot));

	snapshot->slot_count = slots;
	snapshot->mutex.value = 1;
	snapshot->alive.value = 1;
	snapshot->empty.value = (int32_t)slots - 1;
	snapshot->full.value = 1;
	snapshot->producers.value = 1;
	snapshot->consumers.value = 1;
	snapshot->mode = 0600;
	snapshot->attached = 2;
	snapshot->slots[0].state = VITRINE_SLOT_READY;
	snapshot->slots[0].ready.value = 1;
	snapshot->slots[0].latest_semaphore.value = 1;
	snapshot->slots[0].latest = true;
	snapshot->slots[0].has_image = true;
	snapshot->slots[0].image.sequence = 41;
	strcpy(snapshot->slots[0].image.name, "lighthouse.jpg");
	return snapshot;
}

static struct xray_model *model_of(const struct vitrine_snapshot *snapshot)
{
	struct xray_model *model = malloc(sizeof(*model));
	const struct attached_program programs[] = {
		{4199, "producer", -1, true}, {4242, "consumer", SEMAPHORES_FULL, false}};

	memset(model, 0xa5, sizeof(*model));
	xray_model_make(model, &(struct xray_facts){
				       .info = &info,
				       .snapshot = snapshot,
				       .owner = "teacher",
				       .programs = programs,
				       .program_count = 2,
			       });
	return model;
}

/* ---- what it says -------------------------------------------------------------------------- */

static void a_sound_channel_is_described(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model, *again;

	(void)state;
	snapshot->full.ncnt = 1;
	model = model_of(snapshot);
	again = model_of(snapshot);
	assert_memory_equal(model, again, sizeof(*model));
	assert_true(model->is_open);
	assert_string_equal(model->ids, "key 0x77010001   shm 32   sem 7");
	assert_string_equal(model->here, "1 producer  1 consumer  0 mirrors");
	assert_string_equal(model->asleep, "asleep: consumer 4242 on full");
	assert_string_equal(model->segment, "owner teacher   mode 0600   nattch 2");
	assert_string_equal(model->programs, "producer 4199, consumer 4242");
	assert_string_equal(model->damage, "");
	assert_int_equal(model->figures[0].value, 1);
	assert_int_equal(model->figures[1].value, 3);
	assert_int_equal(model->figures[2].value, 1);
	assert_int_equal(model->figures[2].asleep, 1);
	assert_int_equal(model->slots[0].sequence, 41);
	assert_true(model->slots[0].is_latest);
	assert_string_equal(model->slots[0].text, "waiting for a consumer");
	assert_string_equal(model->slots[3].text, "free for a producer");
	free(model);
	free(again);
	free(snapshot);
}

/* A class with several consumers: what they are is said once for all of them. */
static void programs_of_one_name_stand_together(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model = malloc(sizeof(*model));
	const struct attached_program programs[] = {
		{.pid = 4199, .name = "consumer", .sleeps_on = SEMAPHORES_FULL},
		{.pid = 4242, .name = "consumer", .sleeps_on = SEMAPHORES_FULL},
		{.pid = 4243, .name = "producer", .sleeps_on = -1},
	};

	(void)state;
	assert_non_null(model);
	snapshot->full.ncnt = 2;
	xray_model_make(model, &(struct xray_facts){
				       .info = &info,
				       .snapshot = snapshot,
				       .owner = "teacher",
				       .programs = programs,
				       .program_count = 3,
			       });
	assert_string_equal(model->asleep, "asleep: consumer 4199, 4242 on full");
	assert_string_equal(model->programs, "consumer 4199, 4242, producer 4243");
	free(model);
	free(snapshot);
}

/* A sleeper whose process cannot be looked into is counted, and nobody is accused. */
static void unknown_sleepers_have_no_name(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model;

	(void)state;
	snapshot->full.ncnt = 2;
	snapshot->slots[0].latest_semaphore.zcnt = 1;
	model = model_of(snapshot);
	assert_string_equal(model->asleep, "asleep: 2 on full, 1 on latest₀");
	free(model);
	free(snapshot);
}

static void expect_damage(void (*harm)(struct vitrine_snapshot *), const char *set,
	const char *slot)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model;

	harm(snapshot);
	model = model_of(snapshot);
	assert_string_equal(model->damage, set);
	if (slot != NULL) {
		assert_int_equal(model->slots[1].state, VITRINE_SLOT_DAMAGED);
		assert_string_equal(model->slots[1].text, slot);
	}
	free(model);
	free(snapshot);
}

static void raise_mutex(struct vitrine_snapshot *snapshot)
{
	snapshot->mutex.value = 2;
}

static void raise_empty(struct vitrine_snapshot *snapshot)
{
	snapshot->empty.value = 4;
}

static void raise_full(struct vitrine_snapshot *snapshot)
{
	snapshot->full.value = 3;
}

static void lower_full(struct vitrine_snapshot *snapshot)
{
	snapshot->full.value = 0; /* and nobody holds the mutex */
}

static void forget_latest(struct vitrine_snapshot *snapshot)
{
	snapshot->slots[0].latest = false;
	snapshot->slots[0].latest_semaphore.value = 0;
	snapshot->slots[0].has_image = true;
}

static void contradict(struct vitrine_snapshot *snapshot)
{
	snapshot->slots[1].state = VITRINE_SLOT_DAMAGED;
	snapshot->slots[1].writer.value = 1;
	snapshot->slots[1].reader.value = 1;
}

static void raise_ready(struct vitrine_snapshot *snapshot)
{
	snapshot->slots[1].state = VITRINE_SLOT_READY;
	snapshot->slots[1].ready.value = 32767;
}

static void damage_is_named(void **state)
{
	(void)state;
	expect_damage(raise_mutex, "mutex is 2: it can only be 0 or 1", NULL);
	expect_damage(raise_empty, "empty is 4, but 3 slots are free and 1 producers are here",
		NULL);
	expect_damage(raise_full, "full is 3, but 1 images wait", NULL);
	expect_damage(lower_full, "full is 0, but 1 images wait", NULL);
	expect_damage(forget_latest, "0 slots are the latest, and nothing is 0", NULL);
	expect_damage(contradict, "", "writer is 1, reader is 1: not at the same time");
	expect_damage(raise_ready, "", "ready is 32767: it can only be 0 or 1");
}

/* Between two arrays of one transition the counts are one apart, and that is no damage. */
static void transitions_on_their_way_are_sound(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model;

	(void)state;
	snapshot->empty.value = 2; /* reserved, not claimed yet */
	snapshot->full.value = 0;  /* waited for and locked, not taken yet */
	snapshot->mutex.value = 0;
	model = model_of(snapshot);
	assert_string_equal(model->damage, "");
	free(model);
	free(snapshot);
}

static void no_channel_is_empty(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model = malloc(sizeof(*model));

	(void)state;
	xray_model_make(model, &(struct xray_facts){.snapshot = snapshot});
	assert_false(model->is_open);
	snapshot->slot_count = 1000000;
	xray_model_make(model, &(struct xray_facts){.info = &info, .snapshot = snapshot});
	assert_false(model->is_open);
	free(model);
	free(snapshot);
}

/* What comes next: the array, what becomes of each value, and that it would sleep. */
static void a_step_is_foretold(void **state)
{
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct xray_model *model = malloc(sizeof(*model));
	struct step step = {.number = 1, .name = "reserve", .slot = -1, .count = 1};
	struct xray_facts facts = {.info = &info, .snapshot = snapshot, .owner = "", .step = &step};

	(void)state;
	step.operations[0] = (struct sembuf){SEMAPHORES_EMPTY, -1, SEM_UNDO};
	xray_model_make(model, &facts);
	assert_string_equal(model->step.array, "empty −1");
	assert_string_equal(model->step.values[0].label, "empty");
	assert_int_equal(model->step.values[0].before, 3);
	assert_int_equal(model->step.values[0].after, 2);
	snapshot->empty.value = 0;
	xray_model_make(model, &facts);
	assert_string_equal(model->step.verdict, "it would sleep on empty");
	assert_int_equal(model->step.values[0].after, 0);
	free(model);
	free(snapshot);
}

/* ---- where it lies ------------------------------------------------------------------------- */

static void every_slot_has_a_place(void **state)
{
	static const SDL_Rect areas[] = {
		{260, 0, 380, 426}, {800, 0, 380, 666}, {1540, 0, 380, 1026}, {0, 0, 380, 306}};

	(void)state;
	for (size_t a = 0; a < SDL_arraysize(areas); a++)
		for (uint32_t slots = VITRINE_SLOTS_MIN; slots <= VITRINE_SLOTS_MAX; slots++) {
			struct xray_layout layout = xray_layout_make(areas[a], 1, slots);
			int bottom = layout.body.y + layout.slots_height;

			assert_true(layout.body.h > 0);
			for (uint32_t i = 0; i < slots; i++) {
				SDL_Rect card = xray_layout_slot(&layout, i, 0);
				SDL_Rect next = xray_layout_slot(&layout, i + 1, 0);

				assert_true(card.x >= areas[a].x);
				assert_true(card.x + card.w <= areas[a].x + areas[a].w);
				assert_true(card.y >= layout.body.y && card.y + card.h <= bottom);
				assert_false(SDL_HasIntersection(&card, &next));
			}
		}
}

static void cards_shrink_before_they_scroll(void **state)
{
	const SDL_Rect small = {260, 0, 380, 426}, usual = {800, 0, 380, 666};

	(void)state;
	assert_int_equal(xray_layout_make(usual, 1, 4).size, XRAY_LARGE);
	assert_int_equal(xray_layout_make(usual, 1, 7).size, XRAY_LOW);
	assert_int_equal(xray_layout_make(usual, 1, 16).size, XRAY_SMALL);
	assert_int_equal(xray_layout_make(small, 1, 4).size, XRAY_SMALL);
	assert_true(xray_layout_make(usual, 1, 16).slots_height <=
		    xray_layout_make(usual, 1, 16).body.h);
}

/* ---- what is to be seen -------------------------------------------------------------------- */

static uint32_t rgb(SDL_Color colour)
{
	return (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b;
}

/* A pixel in the middle of the card's left border. */
static uint32_t border_of(struct glass *glass, struct xray *xray, uint32_t i)
{
	SDL_Rect card = xray_layout_slot(xray_get_layout(xray), i, 0);

	return glass_pixel(glass, card.x, card.y + card.h / 2);
}

static void put_states(struct vitrine_snapshot *snapshot)
{
	snapshot->slots[1].state = VITRINE_SLOT_WRITING;
	snapshot->slots[1].writer.value = 1;
	snapshot->slots[2].state = VITRINE_SLOT_READING;
	snapshot->slots[2].reader.value = 1;
	snapshot->slots[3].state = VITRINE_SLOT_DAMAGED;
	snapshot->slots[3].ready.value = 2;
}

static void draw_at(struct xray *xray, SDL_Rect area, const struct vitrine_snapshot *snapshot,
	int64_t now)
{
	struct xray_model *model = model_of(snapshot);

	xray_place(xray, area);
	xray_set_model(xray, model, now);
	xray_draw(xray, now);
	free(model);
}

static void states_have_their_colours(void **state)
{
	static const SDL_Rect areas[] = {{260, 0, 380, 426}, {260, 0, 380, 1000}};
	struct glass glass;

	(void)state;
	glass_open(&glass, 640, 1000, 1);
	for (size_t a = 0; a < SDL_arraysize(areas); a++) {
		struct xray *xray = xray_create(glass.draw, THEME_AMBER);
		struct vitrine_snapshot *snapshot = make_snapshot(4);

		put_states(snapshot);
		draw_at(xray, areas[a], snapshot, 1);
		assert_int_equal(border_of(&glass, xray, 0), rgb(THEME_BLUE));
		assert_int_equal(border_of(&glass, xray, 1), rgb(THEME_AMBER));
		assert_int_equal(border_of(&glass, xray, 2), rgb(THEME_TEAL));
		assert_int_equal(border_of(&glass, xray, 3), rgb(THEME_RED));
		free(snapshot);
		xray_destroy(xray);
	}
	glass_close(&glass);
}

/* From one colour to the next in 150 ms, and then nothing moves any more. */
static void colours_flow(void **state)
{
	const SDL_Rect area = {260, 0, 380, 666};
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct glass glass;
	struct xray *xray;
	uint32_t half;

	(void)state;
	glass_open(&glass, 640, 666, 1);
	xray = xray_create(glass.draw, THEME_AMBER);
	draw_at(xray, area, snapshot, 1000);
	assert_false(xray_is_flowing(xray, 1000));
	snapshot->slots[0].state = VITRINE_SLOT_READING;
	draw_at(xray, area, snapshot, 2000);
	assert_int_equal(border_of(&glass, xray, 0), rgb(THEME_BLUE));
	assert_true(xray_is_flowing(xray, 2000));
	xray_draw(xray, 2000 + XRAY_FLOW_NS / 2);
	half = border_of(&glass, xray, 0);
	assert_int_not_equal(half, rgb(THEME_BLUE));
	assert_int_not_equal(half, rgb(THEME_TEAL));
	xray_draw(xray, 2000 + XRAY_FLOW_NS);
	assert_int_equal(border_of(&glass, xray, 0), rgb(THEME_TEAL));
	assert_false(xray_is_flowing(xray, 2000 + XRAY_FLOW_NS));
	xray_destroy(xray);
	glass_close(&glass);
	free(snapshot);
}

/* Any number of slots, anywhere scrolled to, in a small window; also what no channel would hold. */
static void nothing_is_drawn_outside(void **state)
{
	const SDL_Rect area = {260, 0, 380, 426};
	struct glass glass;

	(void)state;
	glass_open(&glass, 640, 480, 1);
	for (uint32_t slots = VITRINE_SLOTS_MIN; slots <= VITRINE_SLOTS_MAX; slots += 6) {
		struct xray *xray = xray_create(glass.draw, THEME_TEAL);
		struct vitrine_snapshot *snapshot = make_snapshot(slots);

		memset(snapshot->slots[1].image.name, 0xff, 40);
		snapshot->slots[1].has_image = true;
		snapshot->slots[1].ready.value = -5;
		snapshot->slots[slots - 1].state = 77;
		snapshot->empty.value = INT32_MIN;
		glass_clear(&glass, 0x123456);
		draw_at(xray, area, snapshot, 1);
		xray_scroll(xray, 100000);
		xray_draw(xray, 1);
		assert_int_equal(glass_count_other(&glass, (SDL_Rect){0, 0, 260, 480}, 0x123456),
			0);
		assert_int_equal(glass_count_other(&glass, (SDL_Rect){0, 426, 640, 54}, 0x123456),
			0);
		free(snapshot);
		xray_destroy(xray);
	}
	glass_close(&glass);
}

static double milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Told, not judged: a timed test would depend on the machine. */
static void tell_the_cost(void **state)
{
	static const uint32_t counts[] = {4, 16, 64};
	const SDL_Rect area = {800, 0, 380, 666};

	(void)state;
	for (size_t c = 0; c < SDL_arraysize(counts); c++) {
		struct vitrine_snapshot *snapshot = make_snapshot(counts[c]);
		struct glass glass;
		struct xray *xray;
		double start;

		glass_open(&glass, 1180, 720, 1);
		xray = xray_create(glass.draw, THEME_TEAL);
		draw_at(xray, area, snapshot, 1);
		start = milliseconds();
		for (int i = 0; i < 100; i++) {
			xray_draw(xray, 1);
			SDL_RenderFlush(glass.renderer);
		}
		print_message("%u slots: %.2f ms a frame\n", counts[c],
			(milliseconds() - start) / 100);
		xray_destroy(xray);
		glass_close(&glass);
		free(snapshot);
	}
}

/* ---- thumbnails ---------------------------------------------------------------------------- */

static void thumbnails_show_the_image(void **state)
{
	static const uint32_t formats[] = {
		VITRINE_XR24, VITRINE_AR24, VITRINE_XB24, VITRINE_AB24, VITRINE_R8};
	uint8_t *data = malloc(600 * 400 * 4);

	(void)state;
	for (size_t f = 0; f < SDL_arraysize(formats); f++) {
		bool is_grey = formats[f] == VITRINE_R8;
		struct xray_thumbnail thumbnail = {0};
		struct vitrine_image image;

		vitrine_pixels(&image, "a", 600, 400, formats[f]);
		for (int i = 0; i < 600 * 400; i++) {
			static const uint8_t orange[] = {0x20, 0x80, 0xf0, 0xff};

			if (is_grey)
				data[i] = 0x42;
			else
				memcpy(data + 4 * i, orange, 4);
		}
		image.data = data;
		assert_true(xray_thumbnail_make(&thumbnail, &image, 70, 54));
		assert_int_equal(thumbnail.width, 70);
		assert_int_equal(thumbnail.height, 47);
		uint32_t wanted = is_grey ? 0x424242
				  : formats[f] == VITRINE_XB24 || formats[f] == VITRINE_AB24
					  ? 0x2080f0
					  : 0xf08020;
		for (uint32_t i = 0; i < 70 * 47; i++)
			assert_int_equal(thumbnail.pixels[i] & 0xffffff, wanted);
		free(thumbnail.pixels);
	}
	free(data);
}

static void files_have_none(void **state)
{
	struct vitrine_image image;
	struct xray_thumbnail thumbnail = {0};

	(void)state;
	vitrine_file(&image, "a.pdf", 5, "application/pdf");
	image.data = "%PDF";
	assert_false(xray_thumbnail_make(&thumbnail, &image, 70, 54));
	assert_null(thumbnail.pixels);
}

/* ---- the timeline -------------------------------------------------------------------------- */

static void the_timeline_shows_what_was(void **state)
{
	const int64_t step = 50000000;
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct attached_program program = {4199, "producer", -1, true};
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
	/* The right half of the last 20 seconds is reading, the left one ready; before that: nothing. */
	int y = 14 + 22 + 8;
	assert_int_equal(glass_pixel(&glass, 700, y), rgb(THEME_TEAL));
	assert_int_equal(glass_pixel(&glass, 450, y), rgb(THEME_BLUE));
	assert_int_equal(glass_pixel(&glass, 200, y), rgb(THEME_TRAY));
	assert_int_equal(glass_pixel(&glass, 700, y + 4 * 17), rgb(THEME_TEXT_DIM));
	glass_close(&glass);
	free(snapshot);
	free(timeline);
}

static void lanes_outlive_their_processes(void **state)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct vitrine_snapshot *snapshot = make_snapshot(64);

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct attached_program programs[3] = {{1000 + i, "one", -1, false},
			{2000, "stays", -1, false}, {3000 + i, "other", 1, false}};

		timeline_add(timeline, i, snapshot, programs, 3);
	}
	assert_int_equal(timeline->process_count, TIMELINE_PROCESSES);
	free(snapshot);
	free(timeline);
}

/* ---- options ------------------------------------------------------------------------------- */

static void durations_are_read(void **state)
{
	static const char *const wrong[] = {"", "x", "5m", "-1", "9s", "1e3", "nan", "0x10"};
	int64_t ns;

	(void)state;
	assert_true(lab_options_duration("500ms", &ns) && ns == 500000000);
	assert_true(lab_options_duration("0.25s", &ns) && ns == 250000000);
	assert_true(lab_options_duration("80", &ns) && ns == 80000000);
	assert_true(lab_options_duration("0", &ns) && ns == 0);
	for (size_t i = 0; i < SDL_arraysize(wrong); i++)
		assert_false(lab_options_duration(wrong[i], &ns));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_channel_is_described),
		cmocka_unit_test(programs_of_one_name_stand_together),
		cmocka_unit_test(unknown_sleepers_have_no_name),
		cmocka_unit_test(damage_is_named),
		cmocka_unit_test(transitions_on_their_way_are_sound),
		cmocka_unit_test(no_channel_is_empty),
		cmocka_unit_test(a_step_is_foretold),
		cmocka_unit_test(every_slot_has_a_place),
		cmocka_unit_test(cards_shrink_before_they_scroll),
		cmocka_unit_test(states_have_their_colours),
		cmocka_unit_test(colours_flow),
		cmocka_unit_test(nothing_is_drawn_outside),
		cmocka_unit_test(tell_the_cost),
		cmocka_unit_test(thumbnails_show_the_image),
		cmocka_unit_test(files_have_none),
		cmocka_unit_test(the_timeline_shows_what_was),
		cmocka_unit_test(lanes_outlive_their_processes),
		cmocka_unit_test(durations_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

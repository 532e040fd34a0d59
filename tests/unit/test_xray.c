/*
 * test_xray.c - the X-ray in its window: the layout with 2 to 64 slots, and the pixels.
 * test_xray_model.c tests its contents.
 */
#include "glass.h"
#include "snapshots.h"
#include "theme.h"
#include "xray.h"
#include "xray_thumbnail.h"

#include <time.h>

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

static void draw_at(struct xray *xray, SDL_Rect area, const struct vitrine_snapshot *snapshot)
{
	struct xray_model *model = model_of(snapshot);

	xray_place(xray, area);
	xray_set_model(xray, model);
	xray_draw(xray);
	free(model);
}

static void states_have_their_colours(void **state)
{
	static const SDL_Rect areas[] = {{260, 0, 380, 426}, {260, 0, 380, 1000}};
	struct glass glass;

	(void)state;
	glass_open(&glass, 640, 1000, 1);
	for (size_t a = 0; a < SDL_arraysize(areas); a++) {
		struct xray *xray = xray_create(glass.draw, COLOUR_AMBER);
		struct vitrine_snapshot *snapshot = make_snapshot(4);

		put_states(snapshot);
		draw_at(xray, areas[a], snapshot);
		assert_int_equal(border_of(&glass, xray, 0), rgb(THEME_BLUE));
		assert_int_equal(border_of(&glass, xray, 1), rgb(THEME_AMBER));
		assert_int_equal(border_of(&glass, xray, 2), rgb(THEME_TEAL));
		assert_int_equal(border_of(&glass, xray, 3), rgb(THEME_RED));
		free(snapshot);
		xray_destroy(xray);
	}
	glass_close(&glass);
}

/* The slot that is kept has a word and a colour of its own: it does not count as empty. */
static void a_kept_slot_looks_like_no_other(void **state)
{
	static const uint32_t others[] = {VITRINE_SLOT_EMPTY, VITRINE_SLOT_WRITING,
		VITRINE_SLOT_READY, VITRINE_SLOT_READING, VITRINE_SLOT_DAMAGED};

	(void)state;
	for (int kind = THEME_DARK; kind <= THEME_LIGHT; kind++) {
		theme_use((enum theme_kind)kind);
		for (size_t i = 0; i < SDL_arraysize(others); i++) {
			assert_string_not_equal(xray_state_word(XRAY_SLOT_KEPT),
				xray_state_word(others[i]));
			assert_int_not_equal(rgb(xray_state_colour(XRAY_SLOT_KEPT)),
				rgb(xray_state_colour(others[i])));
		}
	}
	theme_use(THEME_DARK);
}

/* The word and the colour of a state change in the same frame. */
static void colours_change_at_once(void **state)
{
	const SDL_Rect area = {260, 0, 380, 666};
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct glass glass;
	struct xray *xray;

	(void)state;
	glass_open(&glass, 640, 666, 1);
	xray = xray_create(glass.draw, COLOUR_AMBER);
	draw_at(xray, area, snapshot);
	assert_int_equal(border_of(&glass, xray, 0), rgb(THEME_BLUE));
	snapshot->slots[0].state = VITRINE_SLOT_READING;
	draw_at(xray, area, snapshot);
	assert_int_equal(border_of(&glass, xray, 0), rgb(THEME_TEAL));
	xray_destroy(xray);
	glass_close(&glass);
	free(snapshot);
}

/*
 * Any number of slots, at any scroll position, in a small window, and with states that no channel
 * can have.
 */
static void nothing_is_drawn_outside(void **state)
{
	const SDL_Rect area = {260, 0, 380, 426};
	struct glass glass;

	(void)state;
	glass_open(&glass, 640, 480, 1);
	for (uint32_t slots = VITRINE_SLOTS_MIN; slots <= VITRINE_SLOTS_MAX; slots += 6) {
		struct xray *xray = xray_create(glass.draw, COLOUR_TEAL);
		struct vitrine_snapshot *snapshot = make_snapshot(slots);

		memset(snapshot->slots[1].image.name, 0xff, 40);
		snapshot->slots[1].has_image = true;
		snapshot->slots[1].ready.value = -5;
		snapshot->slots[slots - 1].state = 77;
		snapshot->empty.value = INT32_MIN;
		glass_clear(&glass, 0x123456);
		draw_at(xray, area, snapshot);
		xray_scroll(xray, 100000);
		xray_draw(xray);
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

/* Only prints the cost: a limit would depend on the machine. */
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
		xray = xray_create(glass.draw, COLOUR_TEAL);
		draw_at(xray, area, snapshot);
		start = milliseconds();
		for (int i = 0; i < 100; i++) {
			xray_draw(xray);
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
		VITRINE_XR24, VITRINE_AR24, VITRINE_XB24, VITRINE_AB24, VITRINE_BG24, VITRINE_R8};
	uint8_t *data = malloc(600 * 400 * 4);

	(void)state;
	for (size_t f = 0; f < SDL_arraysize(formats); f++) {
		bool is_grey = formats[f] == VITRINE_R8;
		size_t pixel = formats[f] == VITRINE_BG24 ? 3 : 4;
		struct xray_thumbnail thumbnail = {0};
		struct vitrine_image image;

		vitrine_pixels(&image, "a", 600, 400, formats[f]);
		for (int i = 0; i < 600 * 400; i++) {
			static const uint8_t orange[] = {0x20, 0x80, 0xf0, 0xff};

			if (is_grey)
				data[i] = 0x42;
			else
				memcpy(data + pixel * (size_t)i, orange, pixel);
		}
		image.data = data;
		assert_true(xray_thumbnail_make(&thumbnail, &image, 70, 54));
		assert_int_equal(thumbnail.width, 70);
		assert_int_equal(thumbnail.height, 47);
		uint32_t wanted =
			is_grey ? 0x424242
			: formats[f] == VITRINE_XB24 || formats[f] == VITRINE_AB24 || pixel == 3
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_slot_has_a_place),
		cmocka_unit_test(cards_shrink_before_they_scroll),
		cmocka_unit_test(states_have_their_colours),
		cmocka_unit_test(a_kept_slot_looks_like_no_other),
		cmocka_unit_test(colours_change_at_once),
		cmocka_unit_test(nothing_is_drawn_outside),
		cmocka_unit_test(tell_the_cost),
		cmocka_unit_test(thumbnails_show_the_image),
		cmocka_unit_test(files_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

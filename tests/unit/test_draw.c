/* test_draw.c - shapes, panes, bar, notices, help and information, looked at pixel by pixel. */
#include "draw.h"

#include "event.h"
#include "glass.h"
#include "help.h"
#include "information.h"
#include "notices.h"
#include "panes.h"
#include "statusbar.h"
#include "theme.h"

#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 640, HEIGHT = 480, GROUND = 0x000000 };

static const int64_t second = 1000000000;
static const SDL_Rect all = {0, 0, WIDTH, HEIGHT};

static int set_up(void **state)
{
	struct glass *glass = calloc(1, sizeof(*glass));
	glass_open(glass, WIDTH, HEIGHT, 1);
	glass_clear(glass, GROUND);
	*state = glass;
	return 0;
}

static int tear_down(void **state)
{
	glass_close(*state);
	free(*state);
	return 0;
}

static void corners_are_smooth(void **state)
{
	struct glass *glass = *state;
	const SDL_Color white = {255, 255, 255, 255};
	const SDL_Rect rect = {10, 10, 60, 40};
	int partly = 0;

	draw_round(glass->draw, rect, 8, white);
	assert_int_equal(glass_pixel(glass, 10, 10), GROUND);
	assert_int_equal(glass_pixel(glass, 40, 10), 0xffffff);
	assert_int_equal(glass_pixel(glass, 10, 30), 0xffffff);
	for (int y = 0; y < 8; y++)
		for (int x = 0; x < 8; x++) {
			uint32_t pixel = glass_pixel(glass, 10 + x, 10 + y);
			partly += pixel != GROUND && pixel != 0xffffff;
			assert_int_equal(pixel, glass_pixel(glass, 69 - x, 49 - y));
			assert_int_equal(pixel, glass_pixel(glass, 69 - x, 10 + y));
		}
	assert_true(partly >= 6);
	assert_int_equal(glass_count_other(glass, (SDL_Rect){18, 18, 44, 24}, 0xffffff), 0);
	assert_int_equal(glass_count_other(glass, (SDL_Rect){0, 0, 10, 100}, GROUND), 0);
}

static void outlines_leave_the_inside(void **state)
{
	struct glass *glass = *state;
	const SDL_Color red = {255, 0, 0, 255};

	draw_outline(glass->draw, (SDL_Rect){10, 10, 60, 40}, 8, 2, red);
	assert_int_equal(glass_count_other(glass, (SDL_Rect){18, 18, 44, 24}, GROUND), 0);
	assert_int_equal(glass_pixel(glass, 40, 10), 0xff0000);
	assert_int_equal(glass_pixel(glass, 40, 11), 0xff0000);
	assert_int_equal(glass_pixel(glass, 40, 12), GROUND);
	assert_int_equal(glass_pixel(glass, 69, 30), 0xff0000);
}

/* If two parts of a translucent shape overlapped, it would be darker there. */
static void translucent_shapes_are_even(void **state)
{
	struct glass *glass = *state;
	draw_round(glass->draw, (SDL_Rect){10, 10, 60, 40}, 8, (SDL_Color){255, 255, 255, 128});
	uint32_t middle = glass_pixel(glass, 40, 30);
	for (int x = 19; x < 61; x++)
		assert_int_equal(glass_pixel(glass, x, 12), middle);
	for (int y = 19; y < 41; y++)
		assert_int_equal(glass_pixel(glass, 12, y), middle);
}

static void shapes_too_small_for_their_radius_are_drawn(void **state)
{
	struct glass *glass = *state;
	draw_round(glass->draw, (SDL_Rect){10, 10, 3, 3}, 20, THEME_RED);
	draw_round(glass->draw, (SDL_Rect){20, 10, 0, 0}, 20, THEME_RED);
	draw_outline(glass->draw, (SDL_Rect){30, 10, 1, 1}, 20, 4, THEME_RED);
	draw_dashes(glass->draw, (SDL_Rect){50, 10, 5, 5}, 8, 2, THEME_RED);
	draw_progress(glass->draw, (SDL_Rect){60, 10, 30, 4}, -1);
	draw_progress(glass->draw, (SDL_Rect){60, 20, 30, 4}, 7);
	draw_tick(glass->draw, 120, 20);
	draw_drop_place(glass->draw, (SDL_Rect){150, 10, 10, 10}, "drop images\nhere", true);
	assert_true(glass_count_other(glass, all, GROUND) > 0);
}

static void panes_fill_the_window(void **state)
{
	(void)state;
	struct panes panes = panes_make(1180, 720, 1, PANES_TRAY | PANES_PANEL | PANES_BAR);
	assert_true(SDL_RectEquals(&panes.picture, &(SDL_Rect){0, 0, 800, 530}));
	assert_true(SDL_RectEquals(&panes.tray, &(SDL_Rect){0, 530, 800, 136}));
	assert_true(SDL_RectEquals(&panes.panel, &(SDL_Rect){800, 0, 380, 666}));
	assert_true(SDL_RectEquals(&panes.bar, &(SDL_Rect){0, 666, 1180, 54}));
	assert_int_equal(panes_make(480, 360, 1, PANES_PANEL).panel.w, 0);
	assert_int_equal(panes_make(1180, 720, 1, 0).picture.h, 720);
	assert_int_equal(panes_make(100, 20, 2, PANES_TRAY | PANES_BAR).picture.h, 0);
}

enum command { SAVE, PAUSE, HELP };

static const struct key_binding bindings[] = {
	{.keys = {SDLK_s},
		.command = SAVE,
		.shown = "S",
		.label = "save",
		.help = "save",
		.group = "A"},
	{.keys = {SDLK_SPACE},
		.command = PAUSE,
		.shown = "Space",
		.label = "pause",
		.help = "pause",
		.group = "A"},
	{.keys = {SDLK_F1},
		.command = HELP,
		.shown = "?",
		.label = "help",
		.help = "help",
		.group = "B"},
};
static const struct key_table table = {bindings, SDL_arraysize(bindings)};

static void hints_can_be_clicked(void **state)
{
	struct glass *glass = *state;
	const char *const texts[] = {"lighthouse.jpg", "#41", NULL, "", "4000 × 3000"};
	struct statusbar bar = {0};
	const SDL_Rect area = {0, HEIGHT - 54, WIDTH, 54};

	statusbar_draw(&bar, glass->draw, area, texts, SDL_arraysize(texts), &table);
	assert_int_equal(bar.hint_count, 3);
	for (size_t i = 0; i < bar.hint_count; i++) {
		SDL_Rect rect = bar.hints[i].rect;
		assert_int_equal(statusbar_command(&bar, rect.x + rect.w / 2, HEIGHT - 20), (int)i);
	}
	assert_int_equal(statusbar_command(&bar, 30, HEIGHT - 20), KEYS_NONE);
	assert_int_equal(statusbar_command(&bar, 600, 20), KEYS_NONE);
}

/* Only a file's name may be shortened; other text is complete, and hints make room for it. */
static void a_text_that_is_no_name_is_not_cut(void **state)
{
	struct glass *glass = *state;
	const char *const texts[] = {NULL, "2 consumers share the images"};
	const SDL_Rect place = {24, 0, 200, 54};
	struct statusbar bar = {0};
	int wide, narrow;

	statusbar_draw(&bar, glass->draw, (SDL_Rect){0, 0, WIDTH, 54}, texts, 2, &table);
	wide = glass_count_other(glass, place, glass_pixel(glass, 1, 1));
	glass_clear(glass, GROUND);
	statusbar_draw(&bar, glass->draw, (SDL_Rect){0, 0, 340, 54}, texts, 2, &table);
	narrow = glass_count_other(glass, place, glass_pixel(glass, 1, 1));
	assert_int_equal(wide, narrow);
	assert_int_equal(bar.hints[bar.hint_count - 1].command, HELP);
}

static void a_narrow_bar_keeps_name_and_help(void **state)
{
	struct glass *glass = *state;
	const char *const texts[] = {"a photograph with a very long name indeed.jpg", "#41",
		"4000 × 3000", "1.3 ms after it was published"};
	struct statusbar bar = {0};

	statusbar_draw(&bar, glass->draw, (SDL_Rect){0, 0, 240, 54}, texts, 4, &table);
	assert_int_equal(bar.hint_count, 1);
	assert_int_equal(bar.hints[0].command, HELP);
	assert_int_equal(glass_count_other(glass, (SDL_Rect){240, 0, 400, HEIGHT}, GROUND), 0);
	for (int width = 0; width < 700; width += 7)
		statusbar_draw(&bar, glass->draw, (SDL_Rect){0, 0, width, 54}, texts, 4, &table);
}

/* Everything else makes room before a short name is cut. */
static void a_name_is_cut_last(void **state)
{
	struct glass *glass = *state;
	const char *const texts[] = {
		"IMG_20260101_123456.jpg", "2048 × 1365", "10.7 MiB", "12 of 12"};
	const SDL_Rect place = {24, 1, 200, 53};
	struct statusbar bar = {0};
	int alone;

	statusbar_draw(&bar, glass->draw, (SDL_Rect){0, 0, WIDTH, 54}, texts, 1, &table);
	alone = glass_count_other(glass, place, glass_pixel(glass, 1, 10));
	glass_clear(glass, GROUND);
	statusbar_draw(&bar, glass->draw, (SDL_Rect){0, 0, 400, 54}, texts, 4, &table);
	assert_int_equal(glass_count_other(glass, place, glass_pixel(glass, 1, 10)), alone);
}

/* After V, a narrow window shows the pixel's value whole; the name and the hints make room. */
static void a_favoured_text_is_not_left_out(void **state)
{
	struct glass *glass = *state;
	const char *const texts[] = {"a photograph with a very long name indeed.jpg",
		"x 1023  y 685   #e8997b   232 153 123", "1600 %"};
	const int name = 24 + 24 + 12; /* margin, the cut name, gap */
	struct statusbar bar = {.favours_texts = true};
	int whole, shown;

	statusbar_draw(&bar, glass->draw, (SDL_Rect){0, 0, WIDTH, 54}, &texts[1], 2, &table);
	assert_true(bar.hint_count > 0); /* where there is room */
	glass_clear(glass, GROUND);
	bar.hides_hints = true;
	statusbar_draw(&bar, glass->draw, (SDL_Rect){0, 0, WIDTH, 54},
		(const char *const[]){NULL, texts[1], texts[2]}, 3, &table);
	whole = glass_count_other(glass, (SDL_Rect){24, 1, WIDTH - 24, 53},
		glass_pixel(glass, 1, 10));
	glass_clear(glass, GROUND);
	bar.hides_hints = false;
	statusbar_draw(&bar, glass->draw, (SDL_Rect){0, 0, 440, 54}, texts, 3, &table);
	shown = glass_count_other(glass, (SDL_Rect){name, 1, 440 - name, 53},
		glass_pixel(glass, 1, 10));
	assert_int_equal(bar.hint_count, 0);
	assert_true(shown >= whole);
}

/* In a window of half a screen, the key that a newcomer needs must still be shown. */
static void half_a_screen_keeps_the_first_hint(void **state)
{
	struct glass *glass = *state;
	const char *const texts[] = {"a photograph with a very long name indeed.jpg", "2048 × 1365",
		"10.7 MiB", "12 of 12", "2 consumers share the images", "and nobody waits"};
	struct statusbar bar = {0};

	statusbar_draw(&bar, glass->draw, (SDL_Rect){0, 0, WIDTH, 54}, texts, 6, &table);
	assert_int_equal(bar.hint_count, 2);
	assert_int_equal(bar.hints[0].command, SAVE);
	assert_int_equal(bar.hints[1].command, HELP);
}

static void notices_go_by_themselves(void **state)
{
	struct notices *notices = notices_create();
	(void)state;

	assert_int_equal(notices_deadline(notices), NOTICES_NEVER);
	notices_add(notices, 0, NOTICE_ERROR, "a.txt", "is not an image");
	notices_add(notices, 0, NOTICE_NEWS, NULL, "saved");
	assert_int_equal(notices_deadline(notices), 4 * second);
	assert_false(notices_expire(notices, 4 * second - 1));
	assert_true(notices_expire(notices, 4 * second));
	assert_int_equal(notices_deadline(notices), 10 * second);
	notices_add(notices, 9 * second, NOTICE_ERROR, "a.txt",
		"is not an image"); /* again: once */
	assert_int_equal(notices_count(notices), 1);
	assert_int_equal(notices_deadline(notices), 19 * second);
	assert_true(notices_expire(notices, 19 * second));
	assert_int_equal(notices_count(notices), 0);
	notices_destroy(notices);
}

static void states_stay_until_withdrawn(void **state)
{
	struct notices *notices = notices_create();
	(void)state;

	notices_add(notices, 0, NOTICE_STATE, "waiting", "all slots are full");
	notices_add(notices, 0, NOTICE_ERROR, "a.txt", "is not an image");
	assert_true(notices_dismiss(notices));
	assert_false(notices_dismiss(notices));
	assert_int_equal(notices_count(notices), 1);
	assert_int_equal(notices_deadline(notices), NOTICES_NEVER);
	assert_false(notices_withdraw(notices, NOTICE_STATE, "another"));
	assert_false(notices_withdraw(notices, NOTICE_NEWS, "waiting"));
	assert_true(notices_withdraw(notices, NOTICE_STATE, "waiting"));
	assert_int_equal(notices_count(notices), 0);
	notices_destroy(notices);
}

/* Between a panel and a chart there is little room: notices are cut, and never drawn elsewhere. */
static void notices_stay_in_their_place(void **state)
{
	struct glass *glass = *state;
	struct notices *notices = notices_create();

	notices_add(notices, 0, NOTICE_NEWS, "lighthouse.jpg", "saved");
	notices_add(notices, 0, NOTICE_STATE, "The buffer is full",
		"all 4 slots are in use: 4 wait for consumer 6943, which is paused or slow. "
		"“lighthouse.jpg” waits, 7 more behind it; Esc gives it up");
	for (int height = 0; height < 300; height += 10) {
		const SDL_Rect area = {100, 100, 260, height};

		glass_clear(glass, GROUND);
		notices_draw(notices, glass->draw, area);
		assert_int_equal(glass_count_other(glass, (SDL_Rect){0, 0, WIDTH, 100}, GROUND), 0);
		assert_int_equal(glass_count_other(glass,
					 (SDL_Rect){0, 100 + height, WIDTH, HEIGHT - 100 - height},
					 GROUND),
			0);
		assert_true(height < 120 || notices_click(notices, 200, 100 + height - 40));
	}
	notices_destroy(notices);
}

static void notices_are_bounded_and_can_be_clicked(void **state)
{
	struct glass *glass = *state;
	struct notices *notices = notices_create();
	char name[40];

	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "file %d.txt", i);
		notices_add(notices, 0, NOTICE_ERROR, name, "is not an image");
	}
	assert_int_equal(notices_count(notices), 64);
	notices_draw(notices, glass->draw, all);
	assert_true(glass_count_other(glass, all, GROUND) > 1000);
	assert_true(notices_click(notices, 60, HEIGHT - 40));
	assert_int_equal(notices_count(notices), 63);
	assert_false(notices_click(notices, 600, 20));
	for (int height = 0; height < HEIGHT; height += 13)
		notices_draw(notices, glass->draw, (SDL_Rect){0, 0, height, height});
	notices_destroy(notices);
}

static SDL_Event key(SDL_Keycode code)
{
	SDL_Event event = event_of(SDL_KEYDOWN);

	event.key.keysym.sym = code;
	return event;
}

static void help_takes_the_keys_while_it_is_open(void **state)
{
	struct glass *glass = *state;
	struct help help = {0};
	SDL_Event escape = key(SDLK_ESCAPE);
	SDL_Event letter = key(SDLK_a);
	SDL_Event quit = event_of(SDL_QUIT);

	assert_false(help_event(&help, &escape));
	help_draw(&help, glass->draw, all, "Keys", &table);
	assert_int_equal(glass_count_other(glass, all, GROUND), 0);
	help.open = true;
	help_draw(&help, glass->draw, all, "Keys", &table);
	assert_true(glass_count_other(glass, all, GROUND) > 1000);
	assert_true(help_event(&help, &letter));
	assert_true(help.open);
	assert_false(help_event(&help, &quit));
	assert_true(help_event(&help, &escape));
	assert_false(help.open);
}

static void help_scrolls_where_it_does_not_fit(void **state)
{
	struct glass *glass = *state;
	struct help help = {.open = true};
	struct key_binding many[80];
	SDL_Event down = key(SDLK_PAGEDOWN);

	for (size_t i = 0; i < SDL_arraysize(many); i++)
		many[i] = (struct key_binding){.shown = "X",
			.help = "does something that takes many words to say",
			.group = "G"};
	const struct key_table long_table = {many, SDL_arraysize(many)};
	help_draw(&help, glass->draw, all, "Keys", &long_table);
	assert_int_equal(help.scroll, 0);
	for (int i = 0; i < 30; i++)
		help_event(&help, &down);
	help_draw(&help, glass->draw, all, "Keys", &long_table);
	assert_in_range(help.scroll, 300, 5000); /* it stops at the end */
	help_draw(&help, glass->draw, (SDL_Rect){0, 0, 10, 10}, "Keys", &long_table);
}

static void information_stays_in_its_area(void **state)
{
	struct glass *glass = *state;
	const struct information_row rows[] = {{"name", "lighthouse.jpg"}, {"digest", NULL},
		{"path",
			"/a/long/path/that has many parts/and/does/not/fit/into/the/card/at/all.jpg"}};

	struct information information = {0};

	information_draw(&information, glass->draw, (SDL_Rect){0, 0, 300, 200}, rows, 3);
	SDL_Rect card = information.card;
	assert_true(card.w > 100 && card.x + card.w <= 300 && card.h > 40 &&
		    card.y + card.h <= 200);
	assert_int_equal(glass_count_other(glass, (SDL_Rect){300, 0, 340, HEIGHT}, GROUND), 0);
	assert_int_equal(information.hidden, 0);
	information_draw(&information, glass->draw, (SDL_Rect){0, 0, 20, 20}, rows, 3);
}

static void information_that_is_too_long_scrolls(void **state)
{
	struct glass *glass = *state;
	const SDL_Rect area = {0, 0, 300, 120};
	struct information_row rows[20];
	struct information information = {0};
	const SDL_Event up = key(SDLK_UP), down = key(SDLK_DOWN);
	SDL_Event wheel = event_of(SDL_MOUSEWHEEL);

	for (size_t i = 0; i < SDL_arraysize(rows); i++)
		rows[i] = (struct information_row){"label", "value"};
	information_draw(&information, glass->draw, area, rows, 3);
	assert_false(information_event(&information, &down)); /* all of it is seen */
	information_draw(&information, glass->draw, area, rows, 20);
	assert_true(information.hidden > 100);
	for (int i = 0; i < 30; i++)
		assert_true(information_event(&information, &down));
	information_draw(&information, glass->draw, area, rows, 20);
	assert_int_equal(information.scroll, information.hidden);
	wheel.wheel.y = 1;
	wheel.wheel.mouseX = area.w + 1; /* beside it */
	assert_false(information_event(&information, &wheel));
	wheel.wheel.mouseX = wheel.wheel.mouseY = 30;
	assert_true(information_event(&information, &wheel));
	assert_in_range(information.scroll, 1, information.hidden - 1);
	for (int i = 0; i < 30; i++)
		information_event(&information, &up);
	information_draw(&information, glass->draw, area, rows, 20);
	assert_int_equal(information.scroll, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(corners_are_smooth),
		TEST(outlines_leave_the_inside),
		TEST(translucent_shapes_are_even),
		TEST(shapes_too_small_for_their_radius_are_drawn),
		cmocka_unit_test(panes_fill_the_window),
		TEST(hints_can_be_clicked),
		TEST(a_text_that_is_no_name_is_not_cut),
		TEST(a_narrow_bar_keeps_name_and_help),
		TEST(a_name_is_cut_last),
		TEST(a_favoured_text_is_not_left_out),
		TEST(half_a_screen_keeps_the_first_hint),
		cmocka_unit_test(notices_go_by_themselves),
		cmocka_unit_test(states_stay_until_withdrawn),
		TEST(notices_stay_in_their_place),
		TEST(notices_are_bounded_and_can_be_clicked),
		TEST(help_takes_the_keys_while_it_is_open),
		TEST(help_scrolls_where_it_does_not_fit),
		TEST(information_stays_in_its_area),
		TEST(information_that_is_too_long_scrolls),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

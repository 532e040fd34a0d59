/*
 * test_menu.c - the context menu: the keyboard and the mouse choose the same, and it stays in its
 * area.
 */
#include "event.h"
#include "glass.h"
#include "menu.h"
#include "theme.h"

enum { COPY = 7, PASTE, QUIT };

static const struct key_binding bindings[] = {
	{.keys = {SDLK_c}, .command = COPY, .shown = "C"},
	{.keys = {SDLK_v}, .command = PASTE, .shown = "V, Ctrl+V", .hint = "V"},
};
static const struct key_table table = {bindings, SDL_arraysize(bindings)};
static const SDL_Rect area = {0, 0, 400, 300};

static struct menu open_at(int x, int y)
{
	struct menu menu;

	menu_open(&menu, x, y);
	menu_add(&menu, "Copy", COPY);
	menu_add(&menu, "Paste", PASTE);
	menu_add_line(&menu);
	menu_add(&menu, "Quit", QUIT);
	return menu;
}

/* The command that these keys choose; KEYS_NONE: it is still open or was closed. */
static int pressed(struct menu *menu, const SDL_Keycode *keys, size_t count)
{
	int command = KEYS_NONE;

	for (size_t i = 0; i < count; i++) {
		SDL_Event event = event_of(SDL_KEYDOWN);

		event.key.keysym.sym = keys[i];
		assert_int_not_equal(menu_event(menu, &event, &command), MENU_NOTHING);
	}
	return command;
}

#define PRESSED(menu, ...)                                                                         \
	pressed(menu, (const SDL_Keycode[]){__VA_ARGS__},                                          \
		sizeof((const SDL_Keycode[]){__VA_ARGS__}) / sizeof(SDL_Keycode))

static void keys_choose(void **state)
{
	struct menu menu = open_at(10, 10);
	SDL_Event event = event_of(SDL_KEYDOWN);
	int command;

	(void)state;
	assert_int_equal(PRESSED(&menu, SDLK_DOWN, SDLK_RETURN), COPY);
	assert_int_equal(menu_event(&menu, &event, &command), MENU_NOTHING);
	menu = open_at(10, 10);
	assert_int_equal(PRESSED(&menu, SDLK_DOWN, SDLK_TAB, SDLK_DOWN, SDLK_SPACE), QUIT);
	menu = open_at(10, 10);
	assert_int_equal(PRESSED(&menu, SDLK_UP, SDLK_UP, SDLK_RETURN), PASTE);
	menu = open_at(10, 10);
	assert_int_equal(PRESSED(&menu, SDLK_RETURN), KEYS_NONE); /* none is lit */
	menu = open_at(10, 10);
	assert_int_equal(PRESSED(&menu, SDLK_DOWN, SDLK_q, SDLK_ESCAPE), KEYS_NONE);
	assert_false(menu.is_open);
}

static enum menu_answer clicked(struct menu *menu, int x, int y, int *command)
{
	SDL_Event event = event_of(SDL_MOUSEBUTTONDOWN);

	event.button.x = x;
	event.button.y = y;
	return menu_event(menu, &event, command);
}

/* Wherever the menu opens, it is completely inside the area, and each item can be clicked. */
static void the_mouse_chooses(void **state)
{
	static const SDL_Point places[] = {{10, 10}, {399, 299}, {0, 299}, {399, 0}};
	struct glass glass;

	(void)state;
	glass_open(&glass, area.w, area.h, 1);
	for (size_t i = 0; i < SDL_arraysize(places); i++) {
		int found[QUIT + 1] = {0};
		struct menu menu = open_at(places[i].x, places[i].y);
		SDL_Rect all;

		menu_draw(&menu, glass.draw, area, &table);
		SDL_UnionRect(&menu.card, &area, &all);
		assert_true(SDL_RectEquals(&all, &area));
		for (int y = menu.card.y; y < menu.card.y + menu.card.h; y++) {
			struct menu copy = menu;
			int command = KEYS_NONE;

			if (clicked(&copy, menu.card.x + 3, y, &command) == MENU_CHOSEN)
				found[command]++;
			assert_false(copy.is_open);
		}
		for (int command = COPY; command <= QUIT; command++)
			assert_true(found[command] > 15);
	}
	glass_close(&glass);
}

static void what_has_no_room_is_left_out(void **state)
{
	struct menu menu = open_at(0, 0);

	(void)state;
	for (int i = 0; i < 2 * MENU_ITEMS_MAX; i++)
		menu_add(&menu, "More", COPY);
	assert_int_equal(menu.count, MENU_ITEMS_MAX);
	assert_int_equal(PRESSED(&menu, SDLK_UP, SDLK_RETURN), COPY);
}

/* In a low window it condenses, and then scrolls: the arrows and the wheel reach all items. */
static void a_long_one_scrolls(void **state)
{
	static const SDL_Rect low = {0, 0, 400, 180};
	struct menu menu;
	struct glass glass;
	SDL_Event wheel = event_of(SDL_MOUSEWHEEL);
	int command = KEYS_NONE;

	(void)state;
	glass_open(&glass, low.w, low.h, 1);
	menu_open(&menu, 10, 10);
	for (int i = 0; i < MENU_ITEMS_MAX; i++)
		menu_add(&menu, "Item", COPY + i);
	for (int i = 0; i < MENU_ITEMS_MAX; i++) {
		PRESSED(&menu, SDLK_DOWN);
		menu_draw(&menu, glass.draw, low, &table);
		assert_true(menu.card.y >= 0 && menu.card.y + menu.card.h <= low.h);
		/* The lit one is in sight as a whole. */
		bool is_lit = false;
		for (int y = 0; y < low.h; y++)
			is_lit |= glass_pixel(&glass, menu.card.x + 2, y) == rgb(THEME_AMBER);
		assert_true(is_lit);
		assert_int_equal(menu.lit, i);
	}
	wheel.wheel.y = MENU_ITEMS_MAX;
	wheel.wheel.mouseX = menu.card.x + 3;
	wheel.wheel.mouseY = menu.card.y + menu.card.h / 2;
	assert_int_equal(menu_event(&menu, &wheel, &command), MENU_TAKEN);
	menu_draw(&menu, glass.draw, low, &table);
	assert_int_equal(clicked(&menu, menu.card.x + 3, menu.card.y + menu.pad + 2, &command),
		MENU_CHOSEN);
	assert_int_equal(command, COPY);
	glass_close(&glass);
}

static void a_closed_one_draws_nothing(void **state)
{
	struct menu menu = {0};
	struct glass glass;

	(void)state;
	glass_open(&glass, area.w, area.h, 1);
	glass_clear(&glass, 0x123456);
	menu_draw(&menu, glass.draw, area, &table);
	assert_int_equal(glass_count_other(&glass, area, 0x123456), 0);
	glass_close(&glass);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_choose),
		cmocka_unit_test(the_mouse_chooses),
		cmocka_unit_test(what_has_no_room_is_left_out),
		cmocka_unit_test(a_long_one_scrolls),
		cmocka_unit_test(a_closed_one_draws_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

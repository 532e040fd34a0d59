/*
 * test_window.c - a window on SDL's dummy display: the screen saver, the title, the text size and
 * the theme. e2e.look and e2e.place test what needs a desktop.
 */
#include "window.h"

#include <SDL.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "appearance.h"

static struct window *open_window(struct window_options options)
{
	char message[512];
	struct window *window;

	options.width = options.width > 0 ? options.width : 600;
	options.height = options.height > 0 ? options.height : 400;
	window = window_open(&options, message, sizeof(message));
	if (window == NULL)
		fail_msg("%s", message);
	return window;
}

/* The screen saver must not start during a demonstration; while nothing moves, it may. */
static void the_screen_saver_is_kept_away_while_something_moves(void **state)
{
	struct window *window = open_window((struct window_options){.title = "a"});

	(void)state;
	assert_true(SDL_IsScreenSaverEnabled());
	window_set_moving(window, true);
	assert_false(SDL_IsScreenSaverEnabled());
	window_set_full_screen(window, true);
	window_set_moving(window, false);
	assert_false(SDL_IsScreenSaverEnabled());
	window_set_full_screen(window, false);
	assert_true(SDL_IsScreenSaverEnabled());
	window_close(window);
}

static void a_title_that_was_given_stays(void **state)
{
	(void)state;
	for (int keeps = 0; keeps < 2; keeps++) {
		struct window *window = open_window((struct window_options){
			.title = "room 2", .keeps_title = keeps});
		SDL_Window *sdl = SDL_RenderGetWindow(draw_renderer(window_draw(window)));

		window_set_title(window, "b");
		assert_string_equal(SDL_GetWindowTitle(sdl), keeps ? "room 2" : "b");
		window_close(window);
	}
}

static void text_grows_in_steps_and_stays_within_its_limits(void **state)
{
	struct window *window =
		open_window((struct window_options){.title = "a", .text_size = 150});

	(void)state;
	assert_true(draw_scale(window_draw(window)) == 1.5f);
	assert_true(appearance_command(window, APPEARANCE_LARGER));
	assert_int_equal(window_text_size(window), 175);
	for (int i = 0; i < 20; i++)
		appearance_command(window, APPEARANCE_LARGER);
	assert_int_equal(window_text_size(window), OPTIONS_TEXT_MOST);
	for (int i = 0; i < 20; i++)
		appearance_command(window, APPEARANCE_SMALLER);
	assert_int_equal(window_text_size(window), OPTIONS_TEXT_LEAST);
	assert_true(draw_scale(window_draw(window)) == 1.0f);
	assert_false(appearance_command(window, 0));
	window_close(window);
}

/* Lecture mode has a text size of its own, which is forgotten when the mode ends. */
static void lecture_mode_is_legible_and_leaves_no_trace(void **state)
{
	struct window *window = open_window((struct window_options){
		.title = "a", .text_size = 125, .width = 1024, .height = 700});

	(void)state;
	assert_false(window_is_lecture(window));
	appearance_command(window, APPEARANCE_LECTURE);
	assert_true(window_is_lecture(window));
	assert_int_equal(window_text_size(window), 150);
	assert_true(draw_scale(window_draw(window)) == 1.5f);
	appearance_command(window, APPEARANCE_LARGER);
	assert_int_equal(window_text_size(window), 175);
	assert_int_equal(window_usual_text_size(window), 125);
	appearance_command(window, APPEARANCE_LECTURE);
	assert_int_equal(window_text_size(window), 125);
	appearance_command(window, APPEARANCE_LECTURE);
	assert_int_equal(window_text_size(window), 150);
	window_close(window);
}

static void the_theme_is_switched(void **state)
{
	struct window *window = open_window((struct window_options){
		.title = "a", .has_theme = true, .theme = THEME_LIGHT});

	(void)state;
	assert_int_equal(theme_kind(), THEME_LIGHT);
	window_begin(window);
	assert_false(window_begin(window));
	appearance_command(window, APPEARANCE_THEME);
	assert_int_equal(theme_kind(), THEME_DARK);
	assert_true(window_begin(window)); /* it is drawn again */
	window_close(window);
}

/* A drop that nobody handles would also leave its text behind. */
static void drops_arrive_only_where_they_are_wanted(void **state)
{
	struct window *window =
		open_window((struct window_options){.title = "a", .takes_drops = true});

	(void)state;
	assert_int_equal(SDL_EventState(SDL_DROPFILE, SDL_QUERY), SDL_ENABLE);
	window_close(window);
	window = open_window((struct window_options){.title = "a"});
	assert_int_equal(SDL_EventState(SDL_DROPFILE, SDL_QUERY), SDL_DISABLE);
	assert_int_equal(SDL_EventState(SDL_DROPTEXT, SDL_QUERY), SDL_DISABLE);
	window_close(window);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_screen_saver_is_kept_away_while_something_moves),
		cmocka_unit_test(a_title_that_was_given_stays),
		cmocka_unit_test(text_grows_in_steps_and_stays_within_its_limits),
		cmocka_unit_test(lecture_mode_is_legible_and_leaves_no_trace),
		cmocka_unit_test(the_theme_is_switched),
		cmocka_unit_test(drops_arrive_only_where_they_are_wanted),
	};

	setenv("SDL_VIDEODRIVER", "dummy", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

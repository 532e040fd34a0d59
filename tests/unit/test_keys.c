/* test_keys.c - events to commands, and the table as text. */
#include "appearance.h"
#include "event.h"
#include "key_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum command { PUBLISH, ALL, QUIT, HELP, ZOOM_IN, NEXT, FULL };

static const struct key_binding bindings[] = {
	{.keys = {SDLK_SPACE, SDLK_RETURN},
		.command = PUBLISH,
		.shown = "Space",
		.help = "publish",
		.group = "Publish"},
	{.keys = {SDLK_a}, .command = ALL, .shown = "A", .help = "publish all", .group = "Publish"},
	{.keys = {SDLK_RIGHT},
		.repeats = true,
		.command = NEXT,
		.shown = "→",
		.help = "the next one",
		.group = "Look"},
	{.keys = {'+', '='}, .command = ZOOM_IN, .shown = "+", .help = "larger", .group = "Look"},
	{.keys = {SDLK_f, SDLK_F11}, .command = FULL, .shown = "F", .help = "all", .group = "Look"},
	{.keys = {'?', SDLK_F1}, .command = HELP, .shown = "?", .help = "help", .group = "Look"},
	{.keys = {SDLK_q}, .command = QUIT, .shown = "Q", .help = "quit", .group = "Look"},
	{.keys = {SDLK_q}, .modifiers = KMOD_CTRL, .command = QUIT, .shown = "Ctrl+Q"},
};
static const struct key_table table = {bindings, SDL_arraysize(bindings)};

static const struct key_binding look_bindings[] = {APPEARANCE_BINDINGS("Look")};
static const struct key_table look_table = {look_bindings, SDL_arraysize(look_bindings)};

static int pressed_in(const struct key_table *keys, SDL_Keycode key, SDL_Scancode place,
	Uint16 modifiers, Uint8 repeat)
{
	SDL_Event event = event_of(SDL_KEYDOWN);

	event.key.repeat = repeat;
	event.key.keysym.sym = key;
	event.key.keysym.scancode = place;
	event.key.keysym.mod = modifiers;
	return keys_command(keys, &event);
}

static int pressed(SDL_Keycode key, SDL_Scancode place, Uint16 modifiers, Uint8 repeat)
{
	return pressed_in(&table, key, place, modifiers, repeat);
}

static int typed(const char *text)
{
	SDL_Event event = event_of(SDL_TEXTINPUT);

	SDL_strlcpy(event.text.text, text, sizeof(event.text.text));
	return keys_command(&table, &event);
}

static void letters_mean_the_same_with_shift(void **state)
{
	(void)state;
	assert_int_equal(pressed(SDLK_a, SDL_SCANCODE_A, 0, 0), ALL);
	assert_int_equal(pressed(SDLK_a, SDL_SCANCODE_A, KMOD_LSHIFT, 0), ALL);
	assert_int_equal(pressed(SDLK_a, SDL_SCANCODE_A, KMOD_CAPS | KMOD_NUM, 0), ALL);
	assert_int_equal(pressed(SDLK_SPACE, SDL_SCANCODE_SPACE, KMOD_RSHIFT, 0), PUBLISH);
	assert_int_equal(typed("A"), KEYS_NONE); /* the key event was the command */
	assert_int_equal(typed(" "), KEYS_NONE);
}

static void modifiers_must_fit(void **state)
{
	(void)state;
	assert_int_equal(pressed(SDLK_q, SDL_SCANCODE_Q, 0, 0), QUIT);
	assert_int_equal(pressed(SDLK_q, SDL_SCANCODE_Q, KMOD_RCTRL, 0), QUIT);
	assert_int_equal(pressed(SDLK_a, SDL_SCANCODE_A, KMOD_LCTRL, 0), KEYS_NONE);
	assert_int_equal(pressed(SDLK_a, SDL_SCANCODE_A, KMOD_LALT, 0), KEYS_NONE);
}

/*
 * With Ctrl there is no text event: the key itself counts, with and without Shift, on any common
 * layout.
 */
static void signs_with_ctrl_count_as_pressed(void **state)
{
	static const struct {
		SDL_Keycode key;
		SDL_Scancode place;
		int command;
	} keys[] = {
		{SDLK_EQUALS, SDL_SCANCODE_EQUALS, APPEARANCE_LARGER},
		{SDLK_PLUS, SDL_SCANCODE_RIGHTBRACKET, APPEARANCE_LARGER},
		{SDLK_KP_PLUS, SDL_SCANCODE_KP_PLUS, APPEARANCE_LARGER},
		{SDLK_MINUS, SDL_SCANCODE_MINUS, APPEARANCE_SMALLER},
		{SDLK_0, SDL_SCANCODE_0, APPEARANCE_USUAL},
		{SDLK_d, SDL_SCANCODE_D, APPEARANCE_THEME},
	};

	(void)state;
	for (size_t i = 0; i < SDL_arraysize(keys); i++)
		for (int shift = 0; shift <= KMOD_LSHIFT; shift += KMOD_LSHIFT) {
			assert_int_equal(pressed_in(&look_table, keys[i].key, keys[i].place,
						 (Uint16)(KMOD_LCTRL | shift), 0),
				keys[i].command);
			assert_int_equal(pressed_in(&look_table, keys[i].key, keys[i].place,
						 (Uint16)shift, 0),
				KEYS_NONE);
		}
}

static void signs_count_as_typed(void **state)
{
	(void)state;
	assert_int_equal(typed("+"), ZOOM_IN);
	assert_int_equal(typed("?"), HELP);
	assert_int_equal(typed("ß"), KEYS_NONE);
	assert_int_equal(typed(""), KEYS_NONE);
	assert_int_equal(pressed(SDLK_PLUS, SDL_SCANCODE_RIGHTBRACKET, 0, 0), KEYS_NONE);
	assert_int_equal(pressed(SDLK_F1, SDL_SCANCODE_F1, 0, 0), HELP);
}

static void other_alphabets_count_by_place(void **state)
{
	(void)state;
	assert_int_equal(pressed(0x444, SDL_SCANCODE_A, 0, 0), ALL);   /* Cyrillic ф */
	assert_int_equal(pressed(SDLK_q, SDL_SCANCODE_A, 0, 0), QUIT); /* AZERTY */
	assert_int_equal(pressed(0x444, SDL_SCANCODE_GRAVE, 0, 0), KEYS_NONE);
}

static void only_some_repeat(void **state)
{
	(void)state;
	assert_int_equal(pressed(SDLK_SPACE, SDL_SCANCODE_SPACE, 0, 1), KEYS_NONE);
	assert_int_equal(pressed(SDLK_RIGHT, SDL_SCANCODE_RIGHT, 0, 1), NEXT);
}

static void other_events_are_nothing(void **state)
{
	SDL_Event event = event_of(SDL_MOUSEMOTION);

	(void)state;
	assert_int_equal(keys_command(&table, &event), KEYS_NONE);
}

static void the_table_prints_in_columns(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	keys_print(&table, file);
	fclose(file);
	assert_non_null(strstr(text,
		"Publish:\n  Space  publish\n  A      publish all\n\nLook:\n"));
	assert_non_null(strstr(text, "\n  →      the next one\n"));
	assert_null(strstr(text, "Ctrl+Q"));
	free(text);
}

/* argp(3) would begin the rest of a long line at the left edge. */
static void long_lines_are_wrapped_below_their_text(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(setenv("ARGP_HELP_FMT", "opt-doc-col=4,rmargin=20", 1), 0);
	keys_print(&table, file);
	unsetenv("ARGP_HELP_FMT");
	fclose(file);
	assert_non_null(strstr(text, "\n  A      publish\n         all\n"));
	assert_non_null(strstr(text, "\n  →      the next\n         one\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_mean_the_same_with_shift),
		cmocka_unit_test(modifiers_must_fit),
		cmocka_unit_test(signs_with_ctrl_count_as_pressed),
		cmocka_unit_test(signs_count_as_typed),
		cmocka_unit_test(other_alphabets_count_by_place),
		cmocka_unit_test(only_some_repeat),
		cmocka_unit_test(other_events_are_nothing),
		cmocka_unit_test(the_table_prints_in_columns),
		cmocka_unit_test(long_lines_are_wrapped_below_their_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

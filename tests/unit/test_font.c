/* test_font.c - texts: any bytes, measuring, shortening, wrapping, and the cache's limit. */
#include "font.h"

#include "bidi.h"
#include "glass.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct font_style style = {FONT_SANS, 14};
static const SDL_Color white = {255, 255, 255, 255};

static int set_up(void **state)
{
	struct glass *glass = calloc(1, sizeof(*glass));
	glass_open(glass, 600, 60, 1);
	*state = glass;
	return 0;
}

static int tear_down(void **state)
{
	glass_close(*state);
	free(*state);
	return 0;
}

static struct fonts *fonts_of(void **state)
{
	struct glass *glass = *state;
	return draw_fonts(glass->draw);
}

static int ink(struct glass *glass)
{
	return glass_count_other(glass, (SDL_Rect){0, 0, 600, 60}, 0);
}

static void there_is_a_font(void **state)
{
	assert_null(font_error(fonts_of(state)));
	assert_in_range(font_height(fonts_of(state), style), 14, 24);
}

static void texts_are_as_wide_as_measured(void **state)
{
	struct glass *glass = *state;
	const char *const texts[] = {
		"lighthouse.jpg", "Größe: 3 × 4", "← → ✓ …", "日本語.png", "🙂"};

	for (size_t i = 0; i < SDL_arraysize(texts); i++) {
		for (enum font_face face = 0; face < FONT_FACES; face++) {
			struct font_style faced = {face, 14};
			int width = font_width(fonts_of(state), faced, texts[i]);
			glass_clear(glass, 0);
			assert_int_equal(font_draw(fonts_of(state), faced, white, 5, 5, texts[i]),
				width);
			assert_true(width > 0);
			assert_true(ink(glass) > 0);
			assert_int_equal(font_width(fonts_of(state), faced, texts[i]), width);
			SDL_Rect beyond = {5 + width, 0, 600 - 5 - width, 60};
			assert_int_equal(glass_count_other(glass, beyond, 0), 0);
		}
	}
}

static void colour_is_the_one_asked_for(void **state)
{
	struct glass *glass = *state;
	bool is_found = false;

	glass_clear(glass, 0);
	font_draw(fonts_of(state), (struct font_style){FONT_BOLD, 30},
		(SDL_Color){0x10, 0x80, 0xf0, 255}, 0, 0, "HHH");
	for (int x = 0; x < 60; x++)
		is_found = is_found || glass_pixel(glass, x, 20) == 0x1080f0;
	assert_true(is_found);
}

/* A build without fribidi has one run from left to right. */
static bool has_bidi(void)
{
	struct bidi_run runs[BIDI_RUNS_MAX];

	return bidi_runs("ש", runs) == 1 && runs[0].is_rtl;
}

static int ink_between(struct glass *glass, int from, int to)
{
	return glass_count_other(glass, (SDL_Rect){from, 0, to - from, 60}, 0);
}

/* One wide letter, then narrow ones: the wide one must be at the right. */
static void hebrew_is_written_from_right_to_left(void **state)
{
	struct glass *glass = *state;
	int width;

	glass_clear(glass, 0);
	width = font_draw(fonts_of(state), style, white, 0, 0, "שיייי");
	if (!has_bidi())
		skip();
	assert_true(ink_between(glass, width / 2, width) > ink_between(glass, 0, width / 2));
}

/* The letters of a word are joined: three are narrower than three alone. */
static void arabic_is_joined(void **state)
{
	if (!has_bidi())
		skip();
	assert_true(font_width(fonts_of(state), style, "ببب") <
		    3 * font_width(fonts_of(state), style, "ب"));
}

static void assert_runs(const char *text, const char *const *wanted, size_t count)
{
	struct bidi_run runs[BIDI_RUNS_MAX];

	assert_int_equal(bidi_runs(text, runs), count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(runs[i].length, strlen(wanted[i]));
		assert_memory_equal(text + runs[i].start, wanted[i], runs[i].length);
	}
}

/* The expected order from left to right: UAX 9. */
static void mixed_lines_are_in_order(void **state)
{
	static const char *const latin[] = {"photo (1).png"};
	static const char *const sentence[] = {"decoding ", "שלום", " …"};
	static const char *const number[] = {"12", "שלום "};

	(void)state;
	assert_runs("photo (1).png", latin, 1);
	assert_runs("", NULL, 0);
	if (!has_bidi())
		skip();
	assert_runs("decoding שלום …", sentence, 3);
	assert_runs("שלום 12", number, 2);
}

static void any_bytes_may_be_drawn(void **state)
{
	struct glass *glass = *state;
	char bytes[200];
	char out[200];

	srand(7);
	for (int round = 0; round < 500; round++) {
		size_t length = (size_t)(rand() % 60);
		for (size_t i = 0; i < length; i++)
			bytes[i] = (char)(rand() % 255 + 1);
		bytes[length] = '\0';
		font_draw(fonts_of(state), style, white, 0, 0, bytes);
		for (int cut = FONT_CUT_END; cut <= FONT_CUT_MIDDLE; cut++)
			assert_true(font_shorten(fonts_of(state), style, (enum font_cut)cut,
					    rand() % 200, bytes, out, sizeof(out)) <= 200);
		font_wrap(fonts_of(state), style, rand() % 100, bytes, NULL, 0);
	}
	font_draw(fonts_of(state), style, white, 0, 0, "\xf0\x9f");
	font_draw(fonts_of(state), style, white, 0, 0, "\xff\xfe\x80");
	font_draw(fonts_of(state), style, white, 0, 0, NULL);
	assert_int_equal(font_draw(fonts_of(state), style, white, 0, 0, ""), 0);
	SDL_RenderFlush(glass->renderer);
}

static void an_endless_text_is_cut_off(void **state)
{
	char *text = calloc(1, 200001);
	memset(text, 'm', 200000);
	assert_in_range(font_draw(fonts_of(state), style, white, 0, 0, text), 1000, 8192);
	free(text);
}

static void bytes_become_characters(void **state)
{
	const struct {
		const char *bytes;
		uint32_t character;
		size_t length;
	} cases[] = {{"A", 'A', 1}, {"é", 0xe9, 2}, {"€", 0x20ac, 3}, {"🙂", 0x1f642, 4},
		{"\n", ' ', 1}, {"\x80", 0xfffd, 1}, {"\xc0\xaf", 0xfffd, 1},
		{"\xed\xa0\x80", 0xfffd, 1}, {"\xe2\x82", 0xfffd, 1},
		{"\xf4\x90\x80\x80", 0xfffd, 1}, {"\u202e", 0xfffd, 3}};
	(void)state;
	for (size_t i = 0; i < SDL_arraysize(cases); i++) {
		const char *at = cases[i].bytes;
		assert_int_equal(utf8_next(&at), cases[i].character);
		assert_int_equal(at - cases[i].bytes, cases[i].length);
	}
}

static void characters_become_bytes(void **state)
{
	const uint32_t characters[] = {'x', 0x7ff, 0x800, 0xffee, 0x10000, 0x10fffe};
	(void)state;
	for (size_t i = 0; i < SDL_arraysize(characters); i++) {
		char bytes[UTF8_MAX + 1] = "";
		const char *at = bytes;
		size_t length = utf8_put(bytes, characters[i]);
		assert_int_equal(utf8_next(&at), characters[i]);
		assert_int_equal(at - bytes, length);
	}
}

static void long_names_keep_both_ends(void **state)
{
	char out[100];
	const char *name = "a photograph of the lighthouse in the evening (12).jpeg";

	int width =
		font_shorten(fonts_of(state), style, FONT_CUT_MIDDLE, 160, name, out, sizeof(out));
	assert_in_range(width, 140, 160);
	assert_memory_equal(out, "a phot", 6);
	assert_non_null(strstr(out, "…"));
	assert_string_equal(out + strlen(out) - 5, ".jpeg");
	font_shorten(fonts_of(state), style, FONT_CUT_END, 160, name, out, sizeof(out));
	assert_string_equal(out + strlen(out) - 3, "…");
	font_shorten(fonts_of(state), style, FONT_CUT_END, 1000, "short", out, sizeof(out));
	assert_string_equal(out, "short");
	assert_int_equal(font_shorten(fonts_of(state), style, FONT_CUT_END, 3, "short", out,
				 sizeof(out)),
		0);
	assert_string_equal(out, "");
	font_shorten(fonts_of(state), style, FONT_CUT_MIDDLE, 1000, name, out, 20);
	assert_true(strlen(out) < 20);
}

static void lines_break_at_spaces(void **state)
{
	const char *text =
		"the file ends in the middle of the image\nand averyveryverylongwordthatcannotfit";
	struct font_line lines[20];
	size_t count = font_wrap(fonts_of(state), style, 120, text, lines, SDL_arraysize(lines));

	assert_in_range(count, 5, 12);
	for (size_t i = 0; i < count; i++) {
		char line[100];
		memcpy(line, text + lines[i].start, lines[i].length);
		line[lines[i].length] = '\0';
		assert_true(font_width(fonts_of(state), style, line) <= 120);
		assert_true(line[0] != ' ' && line[0] != '\0');
	}
	assert_int_equal(font_wrap(fonts_of(state), style, 120, "", NULL, 0), 0);
	assert_int_equal(font_wrap(fonts_of(state), style, 120, "a\nb\n", NULL, 0), 2);
	assert_int_equal(font_wrap(fonts_of(state), style, 0, "abc", NULL, 0), 3);
}

static void the_cache_is_bounded(void **state)
{
	char text[40];

	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof(text), "text number %d", i);
		font_draw(fonts_of(state), (struct font_style){FONT_SANS, 60}, white, 0, 0, text);
		assert_true(font_cached(fonts_of(state)) <= 16 << 20);
	}
	assert_true(font_cached(fonts_of(state)) > 0);
	font_forget(fonts_of(state));
	assert_int_equal(font_cached(fonts_of(state)), 0);
}

static void another_scale_makes_it_larger(void **state)
{
	int before = font_width(fonts_of(state), style, "lighthouse");
	font_set_scale(fonts_of(state), 2);
	assert_in_range(font_width(fonts_of(state), style, "lighthouse"), 2 * before - 10,
		2 * before + 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(there_is_a_font),
		TEST(texts_are_as_wide_as_measured),
		TEST(colour_is_the_one_asked_for),
		TEST(hebrew_is_written_from_right_to_left),
		TEST(arabic_is_joined),
		cmocka_unit_test(mixed_lines_are_in_order),
		TEST(any_bytes_may_be_drawn),
		TEST(an_endless_text_is_cut_off),
		cmocka_unit_test(bytes_become_characters),
		cmocka_unit_test(characters_become_bytes),
		TEST(long_names_keep_both_ends),
		TEST(lines_break_at_spaces),
		TEST(the_cache_is_bounded),
		TEST(another_scale_makes_it_larger),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_window_memory.c - what a window saves: its position, the theme and the text size; how many
 * windows of a program are open; and how a saved position is fitted to another screen.
 */
#include "window_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "statefile.h"
#include "title.h"
#include "window_display.h"

static struct files files;

static int set_up(void **state)
{
	(void)state;
	files_open(&files);
	return setenv("XDG_STATE_HOME", files.folder, 1);
}

static int tear_down(void **state)
{
	(void)state;
	unsetenv("XDG_STATE_HOME");
	files_close(&files);
	return 0;
}

static void the_place_is_kept(void **state)
{
	const SDL_Rect place = {-120, 40, 948, 720};
	struct window_memory memory;

	(void)state;
	window_memory_open(&memory, "producer");
	assert_false(memory.has_place);
	window_memory_keep(&memory, place);
	window_memory_close(&memory);
	window_memory_open(&memory, "producer");
	assert_true(memory.has_place);
	assert_true(SDL_RectEquals(&memory.place, &place));
	window_memory_keep(&memory, (SDL_Rect){1, 2, 3, 4}); /* a shorter line */
	window_memory_close(&memory);
	window_memory_open(&memory, "consumer");
	assert_false(memory.has_place);
	window_memory_close(&memory);
	window_memory_open(&memory, "producer");
	assert_int_equal(memory.place.h, 4);
	window_memory_close(&memory);
}

static void windows_are_counted_while_they_are_open(void **state)
{
	struct window_memory first, second, third;

	(void)state;
	window_memory_open(&first, "producer");
	window_memory_open(&second, "producer");
	assert_int_equal(first.before, 0);
	assert_int_equal(second.before, 1);
	window_memory_close(&first);
	window_memory_open(&third, "producer");
	assert_int_equal(third.before, 0);
	window_memory_close(&second);
	window_memory_close(&third);
}

static void windows_that_are_open_know_of_each_other(void **state)
{
	const SDL_Rect left = {0, 20, 948, 720}, right = {960, 20, 900, 700};
	struct window_memory first, second, third;
	SDL_Rect others[WINDOW_MEMORY_MOST];

	(void)state;
	window_memory_open(&first, "producer");
	assert_int_equal(window_memory_others(&first, others), 0);
	window_memory_tell(&first, (SDL_Rect){1, 2, 3, 4});
	window_memory_tell(&first, left);
	window_memory_open(&second, "consumer");
	assert_int_equal(window_memory_others(&second, others), 1);
	assert_true(SDL_RectEquals(&others[0], &left));
	assert_int_equal(window_memory_others(&first, others), 0); /* it was not told yet */
	window_memory_tell(&second, right);
	assert_int_equal(window_memory_others(&first, others), 1);
	assert_true(SDL_RectEquals(&others[0], &right));
	window_memory_close(&first);
	window_memory_open(&third, "consumer");
	assert_int_equal(window_memory_others(&second, others), 0); /* the line is blank again */
	assert_int_equal(window_memory_others(&third, others), 1);
	window_memory_close(&second);
	window_memory_close(&third);
}

/* Other programs may have written nonsense to the files. */
static void nonsense_is_not_believed(void **state)
{
	static const char *const lines[] = {"", "x", "948x720", "0x720+0+0", "99999x720+0+0",
		"948x-720+0+0", "948x720+0+99999", "dark", "light 20", "light 900", "grey 100"};
	struct window_look look = {THEME_DARK, 100};
	struct window_memory memory;
	char path[PATH_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		for (int kind = 0; kind < 2; kind++) {
			int fd = statefile_open(kind == 0 ? "producer.window" : "look");

			assert_true(fd >= 0);
			assert_int_equal(ftruncate(fd, 0), 0);
			assert_int_equal(write(fd, lines[i], strlen(lines[i])), strlen(lines[i]));
			close(fd);
		}
		window_memory_open(&memory, "producer");
		assert_false(memory.has_place);
		window_memory_close(&memory);
		assert_false(window_memory_look(&look));
		assert_int_equal(look.text_size, 100);
	}
	assert_true(statefile_path(path, "look"));
}

static void the_look_is_kept(void **state)
{
	const struct window_look kept = {THEME_LIGHT, 150};
	struct window_look look = {THEME_DARK, 100};

	(void)state;
	assert_false(window_memory_look(&look));
	window_memory_keep_look(&kept);
	assert_true(window_memory_look(&look));
	assert_int_equal(look.theme, THEME_LIGHT);
	assert_int_equal(look.text_size, 150);
}

/*
 * Where others may write to the folder of the state. Here the FIFO has a writer, or nothing would
 * end.
 */
static void a_fifo_is_no_look(void **state)
{
	static const char line[] = "light 150\n";
	struct window_look look = {THEME_DARK, 100};
	char path[PATH_MAX];
	int fd;

	(void)state;
	assert_true(statefile_path(path, "look"));
	statefile_make_folders(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(write(fd, line, sizeof(line) - 1), sizeof(line) - 1);
	assert_false(window_memory_look(&look));
	close(fd);
}

static void without_a_folder_a_window_opens_all_the_same(void **state)
{
	struct window_memory memory;
	char home[PATH_MAX] = "";

	(void)state;
	snprintf(home, sizeof(home), "%s", getenv("HOME") != NULL ? getenv("HOME") : "");
	setenv("XDG_STATE_HOME", "not/absolute", 1);
	unsetenv("HOME");
	window_memory_open(&memory, "producer");
	assert_false(memory.has_place);
	assert_int_equal(memory.before, 0);
	window_memory_keep(&memory, (SDL_Rect){1, 2, 3, 4});
	window_memory_close(&memory);
	setenv("HOME", home, 1);
}

static void assert_fits(SDL_Rect place, SDL_Rect usable)
{
	assert_true(place.x >= usable.x && place.y >= usable.y);
	assert_true(place.x + place.w + 2 * 6 <= usable.x + usable.w);
	assert_true(place.y + place.h + 40 + 6 <= usable.y + usable.h);
}

static void a_kept_place_is_fitted_into_any_screen(void **state)
{
	static const SDL_Rect screens[] = {
		{0, 0, 640, 480}, {0, 24, 1024, 744}, {0, 0, 1920, 1080}, {1920, 0, 1366, 768}};
	static const SDL_Rect places[] = {
		{960, 100, 948, 720}, {-300, -200, 600, 400}, {3000, 2000, 3840, 2160}};

	(void)state;
	for (size_t s = 0; s < 4; s++)
		for (size_t p = 0; p < 3; p++)
			for (unsigned before = 0; before < 5; before++)
				assert_fits(window_display_fitted(places[p], screens[s], 40, 6,
						    before),
					screens[s]);
	/* One that fits stays; the next one shows its title bar beside it. */
	SDL_Rect place = window_display_fitted(places[0], screens[2], 40, 6, 0);
	SDL_Rect next = window_display_fitted(places[0], screens[2], 40, 6, 1);
	assert_true(SDL_RectEquals(&place, &places[0]));
	assert_true(next.x != place.x);
	assert_true(next.y >= place.y + 40);
}

/* Where there is room a window goes beside the others, as large as possible. */
static void a_further_window_goes_where_room_is(void **state)
{
	const SDL_Rect screen = {0, 0, 3840, 2160};
	const SDL_Point smallest = {480, 360};
	SDL_Rect windows[WINDOW_MEMORY_MOST];
	size_t count = 0;

	(void)state;
	while (count < SDL_arraysize(windows)) {
		SDL_Rect place = {700, 700, 1180, 720}, both;

		if (!window_display_beside(&place, screen, smallest, windows, count, 40, 6))
			break;
		assert_fits(place, screen);
		for (size_t i = 0; i < count; i++) {
			SDL_Rect frame = {place.x, place.y, place.w + 12, place.h + 46};
			SDL_Rect other = {
				windows[i].x, windows[i].y, windows[i].w + 12, windows[i].h + 46};

			assert_false(SDL_IntersectRect(&frame, &other, &both));
		}
		windows[count++] = place;
	}
	assert_int_equal(count, 10); /* 3 x 2 as they are, and below them 4 smaller ones */
	assert_int_equal(windows[5].w, 1180);
	assert_int_equal(windows[6].w, 944);
	/* Two halves in the middle of an ordinary screen leave no room. */
	const SDL_Rect halves[] = {{0, 160, 948, 720}, {960, 160, 948, 720}};
	SDL_Rect third = halves[1];
	assert_false(window_display_beside(&third, (SDL_Rect){0, 0, 1920, 1080}, smallest, halves,
		2, 40, 6));
	assert_true(SDL_RectEquals(&third, &halves[1]));
}

static void titles_tell_windows_apart(void **state)
{
	char text[TITLE_MAX];

	(void)state;
	assert_string_equal(title_make(text, &(struct title){"forest.jpg", "consumer", "mirror",
						     "lesson-2"}),
		"forest.jpg – consumer, mirror – lesson-2");
	assert_string_equal(title_make(text, &(struct title){.role = "producer"}),
		"Vitrine – producer");
	assert_string_equal(title_make(text, &(struct title){"a\nb", "producer", "", ""}),
		"a%0Ab – producer");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_place_is_kept),
		TEST(windows_are_counted_while_they_are_open),
		TEST(windows_that_are_open_know_of_each_other),
		TEST(nonsense_is_not_believed),
		TEST(the_look_is_kept),
		TEST(a_fifo_is_no_look),
		TEST(without_a_folder_a_window_opens_all_the_same),
		cmocka_unit_test(a_kept_place_is_fitted_into_any_screen),
		cmocka_unit_test(a_further_window_goes_where_room_is),
		cmocka_unit_test(titles_tell_windows_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

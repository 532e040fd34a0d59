/* test_save.c - images as PNG files: their names, their pixels, and what is never overwritten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <SDL_image.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "save.h"
#include "vitrine.h"

static char folder[] = "/tmp/vitrine-save-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

/* Removes all files in the folder; returns how many there were. */
static int empty_folder(void)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	int count = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		assert_int_equal(unlinkat(dirfd(directory), entry->d_name, 0), 0);
		count++;
	}
	closedir(directory);
	return count;
}

static int remove_folder(void **state)
{
	(void)state;
	empty_folder();
	SDL_TLSCleanup();
	return rmdir(folder);
}

static void test_names(void **state)
{
	static const struct {
		const char *image;
		uint64_t sequence;
		const char *file;
	} cases[] = {
		{"lighthouse.jpg", 41, "lighthouse-41.png"},
		{"alps at night.tar.png", 1, "alps at night.tar-1.png"},
		{"no ending", 7, "no ending-7.png"},
		{"", 7, "image-7.png"},
		{".hidden.png", 7, "_hidden-7.png"},
		{"-rf.png", 7, "_rf-7.png"},
		{"图.png", UINT64_MAX, "图-18446744073709551615.png"},
	};
	char name[NAME_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		save_name(name, cases[i].image, cases[i].sequence);
		assert_string_equal(name, cases[i].file);
	}
}

static void test_long_names_are_cut_at_a_character(void **state)
{
	char image[400];
	char name[NAME_MAX + 1];
	size_t length;

	(void)state;
	for (size_t start = 0; start < 3; start++) {
		memset(image, 'x', start);
		image[start] = '\0';
		while (strlen(image) < 380)
			strcat(image, "图");
		save_name(name, image, 1);
		length = strlen(name);
		assert_true(length <= NAME_MAX && length > NAME_MAX - 3);
		assert_string_equal(name + length - 6, "-1.png");
		assert_int_equal((length - 6 - start) % 3, 0);
	}
}

/* Saves 3 x 2 pixels of a format and reads the file again, as bytes R G B A. */
static void save_and_read(const struct pixels *pixels, uint8_t rgba[3 * 2 * 4])
{
	char path[PATH_MAX];
	char reason[TEXT_REASON_MAX];

	if (!save_png(folder, "a.png", 1, pixels, NULL, path, reason))
		fail_msg("%s: %s", path, reason);
	SDL_Surface *surface = IMG_Load(path);
	assert_non_null(surface);
	assert_int_equal(surface->w, 3);
	assert_int_equal(surface->h, 2);
	SDL_Surface *converted = SDL_ConvertSurfaceFormat(surface, SDL_PIXELFORMAT_RGBA32, 0);
	assert_non_null(converted);
	for (int y = 0; y < 2; y++)
		memcpy(rgba + y * 12, (uint8_t *)converted->pixels + y * converted->pitch, 12);
	SDL_FreeSurface(converted);
	SDL_FreeSurface(surface);
	assert_int_equal(empty_folder(), 1);
}

static void test_pixels_and_alpha_are_kept(void **state)
{
	static const struct {
		uint32_t format;
		uint8_t pixel[4], rgba[4];
	} cases[] = {
		{VITRINE_XR24, {10, 20, 30, 99}, {30, 20, 10, 255}},
		{VITRINE_AR24, {10, 20, 30, 99}, {30, 20, 10, 99}},
		{VITRINE_AR24, {10, 20, 30, 0}, {30, 20, 10, 0}},
		{VITRINE_XB24, {10, 20, 30, 99}, {10, 20, 30, 255}},
		{VITRINE_AB24, {10, 20, 30, 99}, {10, 20, 30, 99}},
	};
	uint8_t data[2 * 16] = {0}; /* rows of 3 pixels, 16 bytes apart */
	uint8_t rgba[3 * 2 * 4];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pixels pixels = {data, 3, 2, 16, cases[i].format};
		for (size_t at = 0; at < 6; at++)
			memcpy(data + at / 3 * 16 + at % 3 * 4, cases[i].pixel, 4);
		save_and_read(&pixels, rgba);
		for (size_t at = 0; at < 6; at++)
			assert_memory_equal(rgba + at * 4, cases[i].rgba, 4);
	}
}

static void test_grey_is_kept(void **state)
{
	const uint8_t data[6] = {0, 50, 100, 150, 200, 250};
	struct pixels pixels = {data, 3, 2, 3, VITRINE_R8};
	uint8_t rgba[3 * 2 * 4];

	(void)state;
	save_and_read(&pixels, rgba);
	for (size_t at = 0; at < 6; at++) {
		const uint8_t expected[4] = {data[at], data[at], data[at], 255};
		assert_memory_equal(rgba + at * 4, expected, 4);
	}
}

static void test_nothing_is_overwritten(void **state)
{
	const uint8_t data[4] = {1, 2, 3, 4};
	struct pixels pixels = {data, 1, 1, 4, VITRINE_XR24};
	char path[PATH_MAX], expected[PATH_MAX], reason[TEXT_REASON_MAX];
	FILE *file;
	struct stat before, after;

	(void)state;
	snprintf(expected, sizeof(expected), "%s/a-5.png", folder);
	file = fopen(expected, "w");
	assert_non_null(file);
	fputs("mine", file);
	fclose(file);
	assert_int_equal(stat(expected, &before), 0);
	for (unsigned attempt = 2; attempt <= 3; attempt++) {
		snprintf(expected, sizeof(expected), "%s/a-5-%u.png", folder, attempt);
		assert_true(save_png(folder, "a.jpg", 5, &pixels, NULL, path, reason));
		assert_string_equal(path, expected);
	}
	snprintf(expected, sizeof(expected), "%s/a-5.png", folder);
	assert_int_equal(stat(expected, &after), 0);
	assert_int_equal(after.st_size, before.st_size);
	assert_int_equal(after.st_ino, before.st_ino);
	assert_int_equal(empty_folder(), 3);
}

/* The user chose the name, and agreed to replace an existing file. */
static void test_the_chosen_name(void **state)
{
	const uint8_t data[2 * 4] = {1, 2, 3, 4, 5, 6, 7, 8};
	const struct pixels pixels = {data, 2, 1, 8, VITRINE_XR24};
	const struct encode_way turned = {.orientation = 6};
	const struct save_what what = {.pixels = &pixels, .way = &turned};
	const struct save_what bytes = {.bytes = "text", .size = 4};
	static const struct {
		const char *chosen, *saved, *head;
	} cases[] = {{"a.png", "a.png", "\x89PNG"}, {"a.png", "a.png", "\x89PNG"},
		{"b.JPG", "b.JPG", "\xff\xd8\xff"}, {"c", "c.png", "\x89PNG"},
		{"c", "c-2.png", "\x89PNG"}, {"d.tiff", "d.tiff.png", "\x89PNG"}};
	char path[PATH_MAX], expected[PATH_MAX], reason[TEXT_REASON_MAX], head[5] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(expected, sizeof(expected), "%s/%s", folder, cases[i].chosen);
		assert_true(save_as(expected, &what, path, reason));
		snprintf(expected, sizeof(expected), "%s/%s", folder, cases[i].saved);
		assert_string_equal(path, expected);
		FILE *file = fopen(path, "re");
		assert_non_null(file);
		assert_int_equal(fread(head, 1, 4, file), 4);
		assert_memory_equal(head, cases[i].head, strlen(cases[i].head));
		fclose(file);
		SDL_Surface *surface = IMG_Load(path);
		assert_non_null(surface);
		assert_int_equal(surface->w, 1); /* turned */
		assert_int_equal(surface->h, 2);
		SDL_FreeSurface(surface);
	}
	snprintf(expected, sizeof(expected), "%s/a.png", folder);
	assert_true(save_as(expected, &bytes, path, reason));
	assert_int_equal(empty_folder(), 5);
	assert_false(save_as("/nowhere/at/all/a.png", &bytes, path, reason));
	assert_string_equal(path, "/nowhere/at/all");
}

/* The path is absolute, however the folder was given. */
static void test_paths_are_absolute(void **state)
{
	char path[PATH_MAX], expected[PATH_MAX], reason[TEXT_REASON_MAX];
	char before[PATH_MAX];

	(void)state;
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(folder), 0);
	assert_true(save_bytes(".", "a.txt", "x", 1, path, reason));
	snprintf(expected, sizeof(expected), "%s/a.txt", folder);
	assert_string_equal(path, expected);
	assert_int_equal(chdir(before), 0);
	assert_int_equal(empty_folder(), 1);
}

static void test_failures_leave_nothing(void **state)
{
	const uint8_t data[4] = {1, 2, 3, 4};
	struct pixels pixels = {data, 1, 1, 4, VITRINE_XR24};
	char path[PATH_MAX], reason[TEXT_REASON_MAX];

	(void)state;
	assert_false(save_png("/nowhere/at/all", "a.jpg", 5, &pixels, NULL, path, reason));
	assert_string_equal(path, "/nowhere/at/all");
	assert_non_null(strstr(reason, "No such file or directory"));
	assert_false(save_png("/proc", "a.jpg", 5, &pixels, NULL, path, reason));
	assert_string_not_equal(reason, "");
	assert_int_equal(empty_folder(), 0);
}

/* Writing ends half-way, as on a full disk. */
static void test_half_a_file_is_no_file(void **state)
{
	static uint32_t noise[100 * 100];
	struct pixels pixels = {(const uint8_t *)noise, 100, 100, 400, VITRINE_AR24};
	char path[PATH_MAX], reason[TEXT_REASON_MAX];
	struct rlimit before, small;

	(void)state;
	for (size_t i = 0; i < 100 * 100; i++)
		noise[i] = (uint32_t)(i * i * UINT64_C(0x9e3779b97f4a7c15) >> 32);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){.rlim_cur = 10000, .rlim_max = before.rlim_max};
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_false(save_png(folder, "a.jpg", 5, &pixels, NULL, path, reason));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_non_null(strstr(reason, "File too large"));
	assert_int_equal(empty_folder(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_long_names_are_cut_at_a_character),
		cmocka_unit_test(test_pixels_and_alpha_are_kept),
		cmocka_unit_test(test_grey_is_kept),
		cmocka_unit_test(test_nothing_is_overwritten),
		cmocka_unit_test(test_the_chosen_name),
		cmocka_unit_test(test_paths_are_absolute),
		cmocka_unit_test(test_failures_leave_nothing),
		cmocka_unit_test(test_half_a_file_is_no_file),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/*
 * test_decode_damaged.c - images cut at every byte or changed at random: they are refused or
 * decoded completely, and never cause a crash.
 */
#include "decoding.h"

/* ---- truncation ------------------------------------------------------------------------------ */

static bool same_pixels(const struct picture *a, const struct picture *b)
{
	if (a->pixels.width != b->pixels.width || a->pixels.height != b->pixels.height)
		return false;
	for (uint32_t y = 0; y < a->pixels.height; y++)
		for (uint32_t x = 0; x < a->pixels.width; x++)
			if (pixel(a, x, y) != pixel(b, x, y))
				return false;
	return true;
}

/* Wherever a file ends, it is refused, or has a note, or the lost part was not visible. */
static void assert_never_half_decoded(const char *path, const char *cut_name)
{
	struct picture *whole = decode_whole(path);
	size_t size;
	uint8_t *bytes = files_read(path, &size);
	size_t refused = 0;

	for (size_t cut = 1; cut < size; cut++) {
		char reason[TEXT_REASON_MAX] = "";
		struct picture *picture =
			decode(files_write(&files, cut_name, bytes, cut), LIMIT, reason);

		if (picture != NULL && !same_pixels(picture, whole) &&
			strstr(picture->note, "incomplete: ") == NULL &&
			strstr(picture->note, "damaged: ") == NULL)
			fail_msg("%s: half decoded when cut at %zu of %zu", path, cut, size);
		if (picture == NULL)
			assert_true(reason[0] != '\0');
		if (picture == NULL || picture->note[0] != '\0')
			refused++;
		picture_unref(picture);
	}
	assert_true(refused > size / 3);
	free(bytes);
	picture_unref(whole);
}

static void test_truncated_files_are_refused(void **state)
{
	(void)state;
	assert_never_half_decoded(sample_save_png(&files, "t.png", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		"c.png");
	assert_never_half_decoded(sample_save_jpeg(&files, "t.jpg", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		"c.jpg");
	assert_never_half_decoded(sample_save_bmp(&files, "t.bmp", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		"c.bmp");
	assert_never_half_decoded(sample_save_tiff(&files, "t.tif", SAMPLE_WIDTH, SAMPLE_HEIGHT, 1),
		"c.tif");
	assert_never_half_decoded(files_write(&files, "t.webp", sample_webp, sizeof(sample_webp)),
		"c.webp");
	assert_never_half_decoded(files_write(&files, "t2.webp", sample_animated_webp,
					  sizeof(sample_animated_webp)),
		"c2.webp");
	assert_never_half_decoded(files_write(&files, "t.gif", sample_gif, sizeof(sample_gif)),
		"c.gif");
	assert_never_half_decoded(sample_save_qoi(&files, "t.qoi"), "c.qoi");
	assert_never_half_decoded(sample_save_ppm(&files, "t.ppm"), "c.ppm");
	assert_never_half_decoded(sample_save_text(&files, "t.svg", sample_svg), "c.svg");
	assert_never_half_decoded(sample_save_text(&files, "t.xpm", sample_xpm), "c.xpm");
}

/* The existing part is shown, and the rest is grey; the option --strict refuses the file. */
static void test_a_truncated_photo_says_so(void **state)
{
	size_t size;
	uint8_t *bytes = files_read(sample_save_jpeg(&files, "photo.jpg", 640, 480), &size);
	const char *half = files_write(&files, "half.jpg", bytes, size / 2);
	const struct decode_wish strict = {.is_strict = true};
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode_whole(half);

	(void)state;
	assert_string_equal(picture->note, "incomplete: the file ends early");
	assert_int_equal(pixel(picture, 639, 479), 0xff808080);
	picture_unref(picture);
	assert_null(decode_file(decoder, half, LIMIT, &strict, reason));
	assert_non_null(strstr(reason, "incomplete: the file ends early"));
	/* Without the end mark, all pixels are still there. */
	picture = decode_whole(files_write(&files, "no-eoi.jpg", bytes, size - 2));
	assert_string_equal(picture->note, "");
	picture_unref(picture);
	free(bytes);
}

/* ---- damage ---------------------------------------------------------------------------------- */

static void test_damaged_xpm_does_no_harm(void **state)
{
	static const char *const texts[] = {
		"/* XPM */ \"2 1 1 1\", \"a c red\", \"ab\",\n};", /* no such colour */
		"/* XPM */ \"1 1 1 5000\", \"a c red\", \"a\",\n};",
		"/* XPM */ \"1 1 1 4\", \"abcd\", \"abcd\",\n};",
		"/* XPM */ \"1 1 1000000000 8\", \"a c red\", \"a\",\n};",
		"/* XPM */ \"1000000 1 1 8000\", \"a c red\", \"a\",\n};",
		"/* XPM */ \"-1 1 1 1\", \"a c red\", \"a\",\n};",
		"/* XPM */ \"0 1 1 1\", \"a c red\", \"a\",\n};",
		"/* XPM */ \"1 2 1 1\", \"a c red\", \"a\"",
		"/* XPM */ \"",
		"/* XPM */",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_refused(sample_save_text(&files, "damaged.xpm", texts[i]), LIMIT, "XPM");
}

/* Bytes changed at random (the same ones each time): any result is allowed, but no crash. */
static void test_damaged_files_do_no_harm(void **state)
{
	const char *paths[] = {
		sample_save_png(&files, "d.png", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		sample_save_jpeg(&files, "d.jpg", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		sample_save_bmp(&files, "d.bmp", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		files_write(&files, "d.webp", sample_animated_webp, sizeof(sample_animated_webp)),
		files_write(&files, "d.gif", sample_gif, sizeof(sample_gif)),
		sample_save_tiff(&files, "d.tif", SAMPLE_WIDTH, SAMPLE_HEIGHT, 6),
		sample_save_text(&files, "d.xpm", sample_xpm),
		sample_save_ppm(&files, "d.ppm"),
	};
	unsigned seed = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		size_t size;
		uint8_t *bytes = files_read(paths[i], &size);

		for (int round = 0; round < 300; round++) {
			size_t at = (size_t)rand_r(&seed) % size;
			uint8_t was = bytes[at];
			char path[PATH_MAX];

			bytes[at] = (uint8_t)rand_r(&seed);
			snprintf(path, sizeof(path), "%s/damaged", files.folder);
			FILE *file = fopen(path, "wb");
			assert_non_null(file);
			fwrite(bytes, 1, size, file);
			fclose(file);
			picture_unref(decode(path, LIMIT, (char[TEXT_REASON_MAX]){0}));
			bytes[at] = was;
		}
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated_files_are_refused),
		cmocka_unit_test(test_a_truncated_photo_says_so),
		cmocka_unit_test(test_damaged_xpm_does_no_harm),
		cmocka_unit_test(test_damaged_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

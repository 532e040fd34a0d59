/*
 * test_decode.c - image files: decoding returns all pixels, and photos are upright.
 * test_decode_refused.c tests what is refused, test_decode_damaged.c damaged files.
 */
#include "decoding.h"

/* ---- whole files ----------------------------------------------------------------------------- */

static void test_lossless_formats_keep_every_pixel(void **state)
{
	const char *paths[] = {
		sample_save_png(&files, "a b%20#ü.png", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		sample_save_bmp(&files, "a.bmp", SAMPLE_WIDTH, SAMPLE_HEIGHT),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct picture *picture = decode_whole(paths[i]);

		assert_int_equal(picture->pixels.width, SAMPLE_WIDTH);
		assert_int_equal(picture->pixels.height, SAMPLE_HEIGHT);
		assert_int_equal(picture->pixels.format, VITRINE_XR24);
		for (uint32_t y = 0; y < SAMPLE_HEIGHT; y++)
			for (uint32_t x = 0; x < SAMPLE_WIDTH; x++)
				assert_int_equal(pixel(picture, x, y),
					sample_colour((int)x, (int)y));
		picture_unref(picture);
	}
}

static void test_what_is_known_of_a_file(void **state)
{
	const char *path = sample_save_png(&files, "facts.png", 3, 2);
	struct picture *picture = decode_whole(path);
	struct stat status;

	(void)state;
	assert_int_equal(stat(path, &status), 0);
	assert_string_equal(picture->path, path);
	assert_string_equal(picture->name, "facts.png");
	assert_string_equal(picture->note, "");
	assert_int_equal(picture->file_size, status.st_size);
	assert_int_equal(picture->mtime.tv_sec, status.st_mtim.tv_sec);
	assert_int_equal(picture->width, 3);
	assert_int_equal(picture->height, 2);
	assert_int_equal(picture->bytes, 3 * 2 * 4);
	picture_unref(picture_ref(picture));
	picture_unref(picture);
}

static void test_every_other_format_opens(void **state)
{
	const char *ppm = sample_save_ppm(&files, "a.ppm");
	struct picture *picture = decode_whole(ppm);

	(void)state;
	assert_int_equal(pixel(picture, 0, 0), 0xff0d0e0f);
	picture_unref(picture);

	picture = decode_whole(sample_save_jpeg(&files, "a.jpeg", SAMPLE_WIDTH, SAMPLE_HEIGHT));
	assert_int_equal(picture->pixels.format, VITRINE_XR24);
	picture_unref(picture);

	picture = decode_whole(sample_save_tiff(&files, "a.tif", SAMPLE_WIDTH, SAMPLE_HEIGHT, 1));
	assert_int_equal(pixel(picture, 5, 3), 0xff0b0b0b);
	picture_unref(picture);

	picture = decode_whole(sample_save_qoi(&files, "a.qoi"));
	assert_int_equal(pixel(picture, 23, 15), 0xff000000);
	picture_unref(picture);

	picture = decode_whole(files_write(&files, "a.webp", sample_webp, sizeof(sample_webp)));
	assert_int_equal(picture->pixels.width, SAMPLE_WIDTH);
	picture_unref(picture);

	picture = decode_whole(sample_save_text(&files, "a.svg", sample_svg));
	assert_int_equal(pixel(picture, 12, 8), 0xffff0000);
	picture_unref(picture);
}

static void test_transparency_is_found_where_it_is(void **state)
{
	SDL_Surface *surface = sample_surface(5, 4);
	const char *path = files_path(&files, "alpha.png");
	struct picture *picture;

	(void)state;
	((uint32_t *)surface->pixels)[1] = 0x80ff4020;
	assert_int_equal(IMG_SavePNG(surface, path), 0);
	SDL_FreeSurface(surface);
	picture = decode_whole(path);
	assert_int_equal(picture->pixels.format, VITRINE_AR24);
	assert_int_equal(pixel(picture, 1, 0), 0x80ff4020); /* straight: not multiplied */
	picture_unref(picture);

	picture = decode_whole(sample_save_text(&files, "a.xpm", sample_xpm));
	assert_int_equal(picture->pixels.format, VITRINE_AR24);
	assert_int_equal(pixel(picture, 0, 0), 0xffff0000);
	assert_int_equal(pixel(picture, 1, 0) >> 24, 0);
	picture_unref(picture);
}

static void test_of_animations_the_first_frame(void **state)
{
	struct picture *gif =
		decode_whole(files_write(&files, "a.gif", sample_gif, sizeof(sample_gif)));
	struct picture *webp = decode_whole(files_write(&files, "an.webp", sample_animated_webp,
		sizeof(sample_animated_webp)));

	(void)state;
	assert_string_equal(gif->note, "first of 2 frames");
	assert_int_equal(pixel(gif, 1, 1), 0xffff0000);
	assert_string_equal(webp->note, "first of 3 frames");
	assert_int_equal(pixel(webp, 23, 15), 0xffff0000);
	picture_unref(gif);
	picture_unref(webp);
}

static void test_four_inks_become_colours(void **state)
{
	struct picture *picture = decode_whole(files_write(&files, "ink.jpg", sample_cmyk_jpeg,
		sizeof(sample_cmyk_jpeg)));

	(void)state;
	assert_int_equal(picture->pixels.format, VITRINE_XR24);
	assert_int_equal(pixel(picture, 3, 3), 0xffff0000);
	picture_unref(picture);
}

/* ---- orientation ----------------------------------------------------------------------------- */

enum { TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT };

/* Where three corners of the stored image are shown, as the EXIF standard defines it. */
static const struct {
	int first;  /* row 0, column 0 */
	int end;    /* row 0, last column */
	int bottom; /* last row, column 0 */
} shown_at[9] = {
	[1] = {TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT},
	[2] = {TOP_RIGHT, TOP_LEFT, BOTTOM_RIGHT},
	[3] = {BOTTOM_RIGHT, BOTTOM_LEFT, TOP_RIGHT},
	[4] = {BOTTOM_LEFT, BOTTOM_RIGHT, TOP_LEFT},
	[5] = {TOP_LEFT, BOTTOM_LEFT, TOP_RIGHT},
	[6] = {TOP_RIGHT, BOTTOM_RIGHT, TOP_LEFT},
	[7] = {BOTTOM_RIGHT, TOP_RIGHT, BOTTOM_LEFT},
	[8] = {BOTTOM_LEFT, TOP_LEFT, BOTTOM_RIGHT},
};

static uint32_t corner(const struct picture *picture, int where)
{
	bool right = where == TOP_RIGHT || where == BOTTOM_RIGHT;
	bool bottom = where == BOTTOM_LEFT || where == BOTTOM_RIGHT;

	return pixel(picture, right ? picture->pixels.width - 1 : 0,
		bottom ? picture->pixels.height - 1 : 0);
}

/* Makes an EXIF block that contains only an orientation. */
static size_t make_exif(uint8_t *to, int orientation)
{
	const uint8_t block[26] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0,
		(uint8_t)orientation, 0, 0, 0, 0, 0, 0, 0};

	memcpy(to, block, sizeof(block));
	return sizeof(block);
}

/* The checksum of PNG's chunks, computed slowly. */
static uint32_t crc32_of(const uint8_t *bytes, size_t size)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void put_be32(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Puts `inserted` bytes into a file at `at`. */
static const char *insert(const char *path, const char *name, size_t at, const uint8_t *inserted,
	size_t count)
{
	size_t size;
	uint8_t *bytes = files_read(path, &size);
	uint8_t *longer = malloc(size + count);

	assert_non_null(longer);
	memcpy(longer, bytes, at);
	memcpy(longer + at, inserted, count);
	memcpy(longer + at + count, bytes + at, size - at);
	path = files_write(&files, name, longer, size + count);
	free(longer);
	free(bytes);
	return path;
}

static const char *png_with_exif(int width, int height, int orientation)
{
	uint8_t chunk[64] = {0, 0, 0, 0, 'e', 'X', 'I', 'f'};
	uint32_t size = (uint32_t)make_exif(chunk + 8, orientation);

	put_be32(chunk, size);
	put_be32(chunk + 8 + size, crc32_of(chunk + 4, 4 + size));
	return insert(sample_save_png(&files, "plain.png", width, height), "turned.png", 33, chunk,
		12 + size);
}

static void test_photos_stand_upright(void **state)
{
	static const int sizes[][2] = {{3, 2}, {37, 21}, {16, 32}, {1, 40}, {40, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (int o = 1; o <= 8; o++) {
			int w = sizes[i][0], h = sizes[i][1];
			struct picture *picture = decode_whole(png_with_exif(w, h, o));

			assert_int_equal(picture->pixels.width, o < 5 ? w : h);
			assert_int_equal(picture->pixels.height, o < 5 ? h : w);
			assert_int_equal(picture->width, picture->pixels.width);
			assert_int_equal(corner(picture, shown_at[o].first), sample_colour(0, 0));
			assert_int_equal(corner(picture, shown_at[o].end), sample_colour(w - 1, 0));
			assert_int_equal(corner(picture, shown_at[o].bottom),
				sample_colour(0, h - 1));
			picture_unref(picture);
		}
	}
}

/* Checks more than the corners: strips of rows must join without a gap. */
static void test_turning_moves_every_pixel(void **state)
{
	(void)state;
	for (int o = 5; o <= 8; o++) {
		struct picture *picture = decode_whole(png_with_exif(37, 21, o));

		for (uint32_t y = 0; y < 21; y++) {
			for (uint32_t x = 0; x < 37; x++) {
				uint32_t across = o == 6 || o == 7 ? 20 - y : y;
				uint32_t down = o == 7 || o == 8 ? 36 - x : x;

				assert_int_equal(pixel(picture, across, down),
					sample_colour((int)x, (int)y));
			}
		}
		picture_unref(picture);
	}
}

static void test_jpeg_and_tiff_turn_too(void **state)
{
	uint8_t segment[64] = {0xff, 0xe1, 0, 0, 'E', 'x', 'i', 'f', 0, 0};

	(void)state;
	for (int o = 1; o <= 8; o++) {
		size_t size = 8 + make_exif(segment + 10, o);
		struct picture *picture;

		segment[3] = (uint8_t)size;
		picture = decode_whole(insert(sample_save_jpeg(&files, "plain.jpg", 24, 16),
			"turned.jpg", 2, segment, size + 2));
		assert_int_equal(picture->pixels.width, o < 5 ? 24 : 16);
		picture_unref(picture);

		picture = decode_whole(sample_save_tiff(&files, "turned.tif", 24, 16, (uint32_t)o));
		assert_int_equal(picture->pixels.width, o < 5 ? 24 : 16);
		assert_int_equal(corner(picture, shown_at[o].first) & 0xff, 0);
		assert_int_equal(corner(picture, shown_at[o].end) & 0xff, 23);
		assert_int_equal(corner(picture, shown_at[o].bottom) & 0xff, 30);
		picture_unref(picture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lossless_formats_keep_every_pixel),
		cmocka_unit_test(test_what_is_known_of_a_file),
		cmocka_unit_test(test_every_other_format_opens),
		cmocka_unit_test(test_transparency_is_found_where_it_is),
		cmocka_unit_test(test_of_animations_the_first_frame),
		cmocka_unit_test(test_four_inks_become_colours),
		cmocka_unit_test(test_photos_stand_upright),
		cmocka_unit_test(test_turning_moves_every_pixel),
		cmocka_unit_test(test_jpeg_and_tiff_turn_too),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

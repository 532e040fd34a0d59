/*
 * test_jpegfile.c - all kinds of JPEG, written by libjpeg itself: each is decoded to the original
 * colours, or refused with a reason; damage in the middle is reported.
 */
#include <stdio.h>

#include <jpeglib.h>

#include "decode.h"
#include "files.h"
#include "vitrine.h"

#define LIMIT  (UINT64_C(64) << 20)
#define WIDTH  203
#define HEIGHT 149

static struct files files;
static struct decoder *decoder;

static int set_up(void **state)
{
	(void)state;
	decoder = decoder_create(&(struct decoder_options){
		.program = VITRINE_DECODER, .memory = LIMIT});
	files_open(&files);
	return decoder == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	decoder_destroy(decoder);
	files_close(&files);
	return 0;
}

struct kind {
	J_COLOR_SPACE from; /* of the samples handed to libjpeg */
	J_COLOR_SPACE in;   /* of those in the file */
	bool progressive;
	unsigned restart; /* rows of blocks between two marks; 0: none */
	uint8_t samples[4];
	uint32_t colour; /* the decoded one */
};

static const struct kind photo = {JCS_RGB, JCS_YCbCr, false, 0, {200, 100, 50}, 0xffc86432};

/* One colour all over, with noise in the lower half so that there is something to decode. */
static uint8_t *save(const struct kind *kind, size_t *size)
{
	struct jpeg_compress_struct info;
	struct jpeg_error_mgr errors;
	uint8_t row[WIDTH * 4];
	unsigned char *bytes = NULL;
	unsigned long length = 0;
	uint32_t noise = 1;

	info.err = jpeg_std_error(&errors);
	jpeg_create_compress(&info);
	jpeg_mem_dest(&info, &bytes, &length);
	info.image_width = WIDTH;
	info.image_height = HEIGHT;
	info.in_color_space = kind->from;
	info.input_components = kind->from == JCS_GRAYSCALE ? 1 : kind->from == JCS_CMYK ? 4 : 3;
	jpeg_set_defaults(&info);
	jpeg_set_colorspace(&info, kind->in);
	jpeg_set_quality(&info, 95, TRUE);
	info.restart_in_rows = (int)kind->restart;
	if (kind->progressive)
		jpeg_simple_progression(&info);
	jpeg_start_compress(&info, TRUE);
	for (int y = 0; y < HEIGHT; y++) {
		const int count = info.input_components;
		JSAMPROW rows[] = {row};

		for (int i = 0; i < WIDTH * count; i++) {
			noise = noise * 1664525u + 1013904223u;
			row[i] = y < HEIGHT / 2 ? kind->samples[i % count] : (uint8_t)(noise >> 24);
		}
		jpeg_write_scanlines(&info, rows, 1);
	}
	jpeg_finish_compress(&info);
	jpeg_destroy_compress(&info);
	*size = length;
	return bytes;
}

static struct picture *decode(const uint8_t *bytes, size_t size, char reason[TEXT_REASON_MAX])
{
	const char *path = files_write(&files, "kind.jpg", bytes, size);

	reason[0] = '\0';
	return decode_file(decoder, path, LIMIT, &(struct decode_wish){0}, reason);
}

static void assert_colour(const struct picture *picture, uint32_t expected)
{
	for (uint32_t x = 0; x < WIDTH; x++) {
		const uint8_t *at = picture->pixels.data + 20 * picture->pixels.pitch + 4 * x;

		for (int c = 0; c < 4; c++) {
			int difference = at[c] - (int)(expected >> 8 * c & 255);

			if (abs(difference) > 2)
				fail_msg("at %u: %02x%02x%02x instead of %06x", x, at[2], at[1],
					at[0], expected & 0xffffff);
		}
	}
}

static void test_every_kind_has_its_colours(void **state)
{
	const struct kind kinds[] = {
		photo,
		{JCS_RGB, JCS_YCbCr, true, 0, {200, 100, 50}, 0xffc86432},
		{JCS_RGB, JCS_YCbCr, false, 1, {200, 100, 50}, 0xffc86432},
		{JCS_RGB, JCS_RGB, false, 0, {200, 100, 50}, 0xffc86432},
		{JCS_GRAYSCALE, JCS_GRAYSCALE, false, 0, {90}, 0xff5a5a5a},
		{JCS_GRAYSCALE, JCS_GRAYSCALE, true, 0, {90}, 0xff5a5a5a},
		/*
		 * Adobe's marker is written with both: the samples are what each ink lets through.
		 */
		{JCS_CMYK, JCS_CMYK, false, 0, {255, 128, 0, 255}, 0xffff8000},
		{JCS_CMYK, JCS_YCCK, true, 0, {255, 128, 0, 255}, 0xffff8000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char reason[TEXT_REASON_MAX];
		size_t size;
		uint8_t *bytes = save(&kinds[i], &size);
		struct picture *picture = decode(bytes, size, reason);

		if (picture == NULL)
			fail_msg("kind %zu: %s", i, reason);
		assert_int_equal(picture->pixels.width, WIDTH);
		assert_int_equal(picture->pixels.height, HEIGHT);
		assert_int_equal(picture->pixels.format, VITRINE_XR24);
		assert_string_equal(picture->note, "");
		assert_colour(picture, kinds[i].colour);
		picture_unref(picture);
		free(bytes);
	}
}

/* The start of SOF's segment: its length, then its precision. */
static uint8_t *find_frame(uint8_t *bytes, size_t size)
{
	for (size_t at = 2; at + 4 < size;
		at += 2u + (unsigned)(bytes[at + 2] << 8) + bytes[at + 3])
		if (bytes[at] == 0xff && bytes[at + 1] >= 0xc0 && bytes[at + 1] <= 0xc2)
			return bytes + at + 2;
	fail_msg("no frame");
	return NULL;
}

static void test_twelve_bits_are_refused(void **state)
{
	char reason[TEXT_REASON_MAX];
	size_t size;
	uint8_t *bytes = save(&photo, &size);

	(void)state;
	find_frame(bytes, size)[2] = 12;
	assert_null(decode(bytes, size, reason));
	assert_non_null(strstr(reason, "of a kind that cannot be opened here ("));
	free(bytes);
}

/* Puts a mark into the middle of the noise, where none may be. */
static void test_damage_in_the_middle_is_said(void **state)
{
	const struct kind with_restarts = {
		JCS_RGB, JCS_YCbCr, false, 1, {200, 100, 50}, 0xffc86432};
	const struct kind *kinds[] = {&photo, &with_restarts};

	(void)state;
	for (int i = 0; i < 2; i++) {
		char reason[TEXT_REASON_MAX];
		size_t size;
		uint8_t *bytes = save(kinds[i], &size);

		bytes[size * 3 / 4] = 0xff;
		bytes[size * 3 / 4 + 1] = 0xd5;
		struct picture *picture = decode(bytes, size, reason);
		if (picture == NULL)
			fail_msg("%s", reason);
		assert_ptr_equal(strstr(picture->note, "damaged: "), picture->note);
		assert_colour(picture, photo.colour); /* what came before it is whole */
		picture_unref(picture);
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_has_its_colours),
		cmocka_unit_test(test_twelve_bits_are_refused),
		cmocka_unit_test(test_damage_in_the_middle_is_said),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

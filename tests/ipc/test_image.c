/* test_image.c - descriptions of images: what is accepted, names made harmless, sizes as text. */
#include "support.h"

#include <string.h>

#include "clean_text.h"
#include "image.h"

/* ---- names --------------------------------------------------------------------------------- */

static void cleans(const char *text, const char *expected)
{
	char clean[VITRINE_NAME_MAX];

	clean_text(clean, sizeof(clean), text, strlen(text));
	assert_string_equal(clean, expected);
}

static void utf8_stays(void **state)
{
	(void)state;
	cleans("", "");
	cleans("a b#100%.png", "a b#100%.png");
	cleans("Füße.png", "Füße.png");
	cleans("\u0800\ud7ff\ue000\uffff", "\u0800\ud7ff\ue000\uffff");
	cleans("\U00010000\U0010ffff", "\U00010000\U0010ffff");
	cleans("\xc2\x80", "%C2%80"); /* C1 control */
	cleans("\xc2\xa0", "\xc2\xa0");
}

static void other_bytes_become_visible(void **state)
{
	(void)state;
	cleans("a\nb\tc\x7f", "a%0Ab%09c%7F");
	cleans("../etc", "..%2Fetc");
	cleans("\x1b[31m", "%1B[31m");
	cleans("\xff\xfe", "%FF%FE");
	cleans("\x80", "%80");
	cleans("\xc0\xaf", "%C0%AF");               /* overlong */
	cleans("\xe0\x80\xaf", "%E0%80%AF");        /* overlong */
	cleans("\xf0\x80\x80\xaf", "%F0%80%80%AF"); /* overlong */
	cleans("\xed\xa0\x80", "%ED%A0%80");        /* surrogate */
	cleans("\xf4\x90\x80\x80", "%F4%90%80%80"); /* above U+10FFFF */
	cleans("\xf5\x80\x80\x80", "%F5%80%80%80");
	cleans("a\xc3", "a%C3"); /* cut off */
	cleans("a\xe2\x82", "a%E2%82");
	cleans("\xe2\x82z", "%E2%82z");
}

static void is_cut_between_characters(void **state)
{
	char clean[8];

	(void)state;
	clean_text(clean, sizeof(clean), "1234567890", 10);
	assert_string_equal(clean, "1234567");
	clean_text(clean, sizeof(clean), "123456ü", 9);
	assert_string_equal(clean, "123456");
	clean_text(clean, sizeof(clean), "12345\n", 6);
	assert_string_equal(clean, "12345");
	clean_text(clean, 1, "x", 1);
	assert_string_equal(clean, "");
	clean_text(clean, sizeof(clean), "ab\0cd", 5);
	assert_string_equal(clean, "ab");
}

static void is_the_last_part_of_a_path(void **state)
{
	struct vitrine_image image;

	(void)state;
	vitrine_file(&image, "/a/b/c.png", 1, NULL);
	assert_string_equal(image.name, "c.png");
	vitrine_file(&image, "a/b//", 1, NULL);
	assert_string_equal(image.name, "b");
	vitrine_file(&image, "/", 1, NULL);
	assert_string_equal(image.name, "");
	vitrine_file(&image, "", 1, NULL);
	assert_string_equal(image.name, "");
}

static void has_at_most_255_bytes(void **state)
{
	char path[1000];
	struct vitrine_image image;

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	vitrine_file(&image, path, 1, path);
	must_equal(strlen(image.name), VITRINE_NAME_MAX - 1);
	must_equal(strlen(image.media_type), VITRINE_MEDIA_TYPE_MAX - 1);
	memset(path, '\n', sizeof(path) - 1);
	vitrine_file(&image, path, 1, NULL);
	must_equal(strlen(image.name), 255);
	assert_string_equal(image.media_type, "application/octet-stream");
}

/* ---- numbers ------------------------------------------------------------------------------- */

static void describes(uint32_t format, uint32_t width, uint32_t height, uint32_t pitch,
	uint64_t size)
{
	struct vitrine_image image;

	must_equal(vitrine_pixels(&image, "x", width, height, format), VITRINE_OK);
	must_equal(image.kind, VITRINE_PIXELS);
	must_equal(image.pitch, pitch);
	must_equal(image.size, size);
	must(image_fits(&image, size));
	must(!image_fits(&image, size - 1));
	image.size--;
	must(!image_fits(&image, size));
}

static void describes_pixels(void **state)
{
	(void)state;
	describes(VITRINE_XR24, 3, 2, 12, 24);
	describes(VITRINE_AR24, 1, 1, 4, 4);
	describes(VITRINE_XB24, 1920, 1080, 7680, 8294400);
	describes(VITRINE_AB24, 1 << 24, 1, 1 << 26, 1 << 26);
	describes(VITRINE_AB24, 1, 1 << 24, 4, 1 << 26);
	describes(VITRINE_BG24, 5, 3, 15, 45);
	describes(VITRINE_RG24, 1, 1, 3, 3);
	describes(VITRINE_R8, 5, 3, 5, 15);
	describes(VITRINE_NV12, 4, 4, 4, 24);
	describes(VITRINE_NV12, 5, 3, 5, 15 + 6 * 2);
	describes(VITRINE_YU12, 5, 3, 5, 15 + 2 * 3 * 2);
}

static void refuses_pixels(void **state)
{
	struct vitrine_image image;

	(void)state;
	must_equal(vitrine_pixels(&image, "x", 0, 1, VITRINE_R8), VITRINE_EINVAL);
	must_equal(vitrine_pixels(&image, "x", 1, 0, VITRINE_R8), VITRINE_EINVAL);
	must_equal(vitrine_pixels(&image, "x", 1, 1, 0), VITRINE_EINVAL);
	must_equal(vitrine_pixels(&image, "x", 1, 1, VITRINE_FOURCC('X', 'X', 'X', 'X')),
		VITRINE_EINVAL);
	must_equal(vitrine_pixels(&image, "x", (1 << 24) + 1, 1, VITRINE_R8), VITRINE_EINVAL);
	must_equal(vitrine_pixels(&image, "x", 1, (1 << 24) + 1, VITRINE_R8), VITRINE_EINVAL);
	must_equal(vitrine_pixels(&image, "x", UINT32_MAX, UINT32_MAX, VITRINE_AB24),
		VITRINE_EINVAL);
}

/* No sum or product of the numbers may overflow to a value that fits. */
static void cannot_overflow(void **state)
{
	const uint32_t formats[] = {
		VITRINE_XR24, VITRINE_BG24, VITRINE_R8, VITRINE_NV12, VITRINE_YU12};
	const uint32_t sides[] = {0, 1, 65536, 1 << 24, 1u << 30, UINT32_MAX};
	struct vitrine_image image = {.kind = VITRINE_PIXELS};

	(void)state;
	for (unsigned f = 0; f < 5; f++)
		for (unsigned i = 0; i < 6 * 6 * 6; i++) {
			image.format = formats[f];
			image.width = sides[i % 6];
			image.height = sides[i / 6 % 6];
			image.pitch = sides[i / 36];
			image.size = UINT64_MAX;
			must(!image_fits(&image, SMALL));
			image.size = SMALL;
			if (image_fits(&image, SMALL))
				must((uint64_t)image.pitch * image.height <= SMALL &&
					image.pitch >= image.width && image.width > 0);
		}
}

static void refuses_strange_kinds(void **state)
{
	struct vitrine_image image;

	(void)state;
	vitrine_file(&image, "x", 0, "text/plain");
	must(image_fits(&image, 0));
	image.kind = 0;
	must(!image_fits(&image, 100));
	image.kind = VITRINE_FILE + 1;
	must(!image_fits(&image, 100));
	image.kind = VITRINE_FILE;
	image.checksum = VITRINE_XXH3 + 1;
	must(!image_fits(&image, 100));
}

/* ---- the way through a descriptor ---------------------------------------------------------- */

static void comes_back_as_it_was(void **state)
{
	struct vitrine_image out, in;
	struct descriptor descriptor;

	(void)state;
	memset(&descriptor, 0xa5, sizeof(descriptor));
	must_equal(vitrine_pixels(&out, "/a/Füße.png", 640, 480, VITRINE_AB24), VITRINE_OK);
	out.published_ns = 7;
	out.publisher = 8;
	out.checksum = VITRINE_MD5;
	memcpy(out.digest, "0123456789abcdef", 16);
	strcpy(out.media_type, "image/png");
	image_store(&descriptor, &out);
	atomic_store(&descriptor.sequence, 9);
	image_load(&in, &descriptor);
	out.sequence = 9;
	assert_memory_equal(&in, &out, sizeof(in));
}

static void hostile_texts_come_back_harmless(void **state)
{
	struct descriptor descriptor;
	struct vitrine_image image;

	(void)state;
	memset(&descriptor, 0xff, sizeof(descriptor));
	image_load(&image, &descriptor);
	must(strlen(image.name) < VITRINE_NAME_MAX);
	must(strncmp(image.name, "%FF%FF", 6) == 0);
	assert_string_equal(image.media_type, "");
	memset(descriptor.name, 'n', sizeof(descriptor.name));
	memset(descriptor.media_type, 'm', sizeof(descriptor.media_type));
	descriptor.media_type[3] = '\n';
	image_load(&image, &descriptor);
	must_equal(strlen(image.name), VITRINE_NAME_MAX - 1);
	assert_string_equal(image.media_type, "mmm");
	memset(descriptor.media_type, 'm', sizeof(descriptor.media_type));
	image_load(&image, &descriptor);
	must_equal(strlen(image.media_type), VITRINE_MEDIA_TYPE_MAX - 1);
}

static void sizes_as_text(void **state)
{
	char text[24];

	(void)state;
	assert_string_equal(size_text(0, text), "0 bytes");
	assert_string_equal(size_text(1023, text), "1023 bytes");
	assert_string_equal(size_text(1536, text), "1.50 KiB");
	assert_string_equal(size_text(UINT64_C(256) << 20, text), "256 MiB");
	assert_string_equal(size_text(96000000, text), "91.6 MiB");
	assert_string_equal(size_text(UINT64_MAX, text), "16 EiB");
}

static void every_error_has_a_sentence(void **state)
{
	(void)state;
	for (int error = VITRINE_ESYSTEM; error < VITRINE_OK; error++) {
		must(strlen(vitrine_strerror(error)) > 10);
		must(strcmp(vitrine_strerror(error), "unknown error") != 0);
		for (int other = error + 1; other < VITRINE_OK; other++)
			assert_string_not_equal(vitrine_strerror(error), vitrine_strerror(other));
	}
	assert_string_equal(vitrine_strerror(VITRINE_ESYSTEM - 1), "unknown error");
	assert_string_equal(vitrine_strerror(3), "success");
	must(vitrine_message(NULL) != NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_stays),
		cmocka_unit_test(other_bytes_become_visible),
		cmocka_unit_test(is_cut_between_characters),
		cmocka_unit_test(is_the_last_part_of_a_path),
		cmocka_unit_test(has_at_most_255_bytes),
		cmocka_unit_test(describes_pixels),
		cmocka_unit_test(refuses_pixels),
		cmocka_unit_test(cannot_overflow),
		cmocka_unit_test(refuses_strange_kinds),
		cmocka_unit_test(comes_back_as_it_was),
		cmocka_unit_test(hostile_texts_come_back_harmless),
		cmocka_unit_test(sizes_as_text),
		cmocka_unit_test(every_error_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

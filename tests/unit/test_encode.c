/*
 * test_encode.c - pixels of each format as JPEG, and what a descriptor that cannot be written to
 * says. PNG is tested through what saves it: test_save.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <SDL_image.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "encode.h"
#include "vitrine.h"

#define SIDE 40 /* no multiple of a block of JPEG */

static int memory_file(void)
{
	int fd = memfd_create("encode", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static off_t size_of(int fd)
{
	struct stat status;

	assert_int_equal(fstat(fd, &status), 0);
	return status.st_size;
}

/* Encodes a picture of one colour as JPEG, and reads the colour in its middle back. */
static void encode_and_read(const struct pixels *pixels, uint8_t rgb[3])
{
	char reason[TEXT_REASON_MAX], path[64];
	int fd = memory_file();

	if (!encode_jpeg(fd, pixels, NULL, 90, reason))
		fail_msg("%s", reason);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	SDL_Surface *surface = IMG_LoadTyped_RW(SDL_RWFromFile(path, "rb"), 1, "JPG");
	assert_non_null(surface);
	assert_int_equal(surface->w, SIDE);
	assert_int_equal(surface->h, SIDE);
	SDL_Surface *converted = SDL_ConvertSurfaceFormat(surface, SDL_PIXELFORMAT_RGB24, 0);
	assert_non_null(converted);
	memcpy(rgb, (uint8_t *)converted->pixels + SIDE / 2 * converted->pitch + SIDE / 2 * 3, 3);
	SDL_FreeSurface(converted);
	SDL_FreeSurface(surface);
	close(fd);
}

static void test_every_format(void **state)
{
	static const struct {
		uint32_t format;
		uint32_t bytes; /* a pixel of the first plane */
		uint8_t pixel[4], rgb[3];
	} cases[] = {
		{VITRINE_XR24, 4, {10, 120, 230, 99}, {230, 120, 10}},
		{VITRINE_AR24, 4, {10, 120, 230, 99}, {230, 120, 10}},
		{VITRINE_XB24, 4, {10, 120, 230, 99}, {10, 120, 230}},
		{VITRINE_AB24, 4, {10, 120, 230, 99}, {10, 120, 230}},
		{VITRINE_RG24, 3, {10, 120, 230}, {230, 120, 10}},
		{VITRINE_BG24, 3, {10, 120, 230}, {10, 120, 230}},
		{VITRINE_R8, 1, {77}, {77, 77, 77}},
		{VITRINE_NV12, 1, {128}, {130, 130, 130}}, /* chroma of 128 too: grey */
		{VITRINE_YU12, 1, {128}, {130, 130, 130}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint32_t bytes = cases[i].bytes;
		uint8_t data[SIDE * SIDE * 4];
		struct pixels pixels = {data, SIDE, SIDE, SIDE * bytes, cases[i].format};
		uint8_t rgb[3];

		for (size_t at = 0; at < sizeof(data); at++)
			data[at] = cases[i].pixel[at % bytes];
		encode_and_read(&pixels, rgb);
		for (int part = 0; part < 3; part++)
			assert_true(abs(rgb[part] - cases[i].rgb[part]) <= 3);
	}
}

static void test_quality_decides_the_size(void **state)
{
	static uint8_t noise[SIDE * SIDE * 4];
	struct pixels pixels = {noise, SIDE, SIDE, SIDE * 4, VITRINE_XR24};
	char reason[TEXT_REASON_MAX];
	int small = memory_file(), large = memory_file();

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)(i * i * 2654435761u >> 13);
	assert_true(encode_jpeg(small, &pixels, NULL, 1, reason));
	assert_true(encode_jpeg(large, &pixels, NULL, 100, reason));
	assert_true(size_of(small) < size_of(large) / 4);
	close(small);
	close(large);
}

static void test_failures_have_a_reason(void **state)
{
	static const uint8_t data[4];
	struct pixels pixels = {data, 1, 1, 4, VITRINE_XR24};
	struct pixels too_wide = {data, 70000, 1, 280000, VITRINE_R8};
	char reason[TEXT_REASON_MAX];
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC), fd = memory_file();

	(void)state;
	assert_true(full >= 0);
	assert_false(encode_png(full, &pixels, NULL, reason));
	assert_non_null(strstr(reason, "No space left"));
	assert_false(encode_jpeg(full, &pixels, NULL, 80, reason));
	assert_non_null(strstr(reason, "No space left"));
	assert_false(encode_jpeg(fd, &too_wide, NULL, 80,
		reason)); /* JPEG has 65500 pixels a side */
	assert_non_null(strstr(reason, "cannot be converted to JPEG: "));
	assert_int_equal(size_of(fd), 0);
	close(full);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_format),
		cmocka_unit_test(test_quality_decides_the_size),
		cmocka_unit_test(test_failures_have_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

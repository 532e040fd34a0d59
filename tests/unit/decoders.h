/*
 * decoders.h - helpers for tests of the decoder process: start it, and give it good files and files
 * on which tests/decoder/double.c misbehaves. The functions are static: each test includes what it
 * needs.
 */
#ifndef VITRINE_TEST_DECODERS_H
#define VITRINE_TEST_DECODERS_H

#include <time.h>

#include "decode.h"
#include "files.h"
#include "samples.h"

#define LIMIT   (UINT64_C(64) << 20)
#define SECOND  INT64_C(1000000000)
#define MOMENT  (SECOND / 2)
#define PATIENT (30 * SECOND)

static struct files files;

static inline int set_up(void **state)
{
	(void)state;
	files_open(&files);
	return SDL_Init(0);
}

static inline int tear_down(void **state)
{
	(void)state;
	files_close(&files);
	SDL_Quit();
	return 0;
}

static inline int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static inline struct decoder *start(const char *program, int64_t timeout_ns)
{
	struct decoder *decoder = decoder_create(&(struct decoder_options){
		.program = program, .memory = LIMIT, .timeout_ns = timeout_ns});

	assert_non_null(decoder);
	return decoder;
}

/* A file that is an image for the real decoder, and a command to misbehave for the double. */
static inline const char *bad_file(const char *misbehaviour)
{
	char bytes[256];
	int size = snprintf(bytes, sizeof(bytes), "P6\n# misbehave: %s\n8 8\n255\n", misbehaviour);

	memset(bytes + size, 'p', sizeof(bytes) - (size_t)size);
	return files_write(&files, "bad.ppm", (uint8_t *)bytes, sizeof(bytes));
}

static inline struct picture *decode(struct decoder *decoder, const char *path,
	char reason[TEXT_REASON_MAX])
{
	return decode_file(decoder, path, LIMIT, &(struct decode_wish){0}, reason);
}

/* Decodes the file; asserts that there is a picture. */
static inline struct picture *decode_whole(struct decoder *decoder, const char *path,
	const struct decode_wish *wish)
{
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode_file(decoder, path, LIMIT, wish, reason);

	if (picture == NULL)
		fail_msg("%s: %s", path, reason);
	return picture;
}

static inline void assert_decodes(struct decoder *decoder)
{
	const char *path = sample_save_png(&files, "good.png", SAMPLE_WIDTH, SAMPLE_HEIGHT);
	struct picture *picture = decode_whole(decoder, path, &(struct decode_wish){0});

	for (uint32_t y = 0; y < SAMPLE_HEIGHT; y++)
		for (uint32_t x = 0; x < SAMPLE_WIDTH; x++) {
			uint32_t word;

			memcpy(&word, picture->pixels.data + y * picture->pixels.pitch + 4 * x, 4);
			assert_int_equal(word, sample_colour((int)x, (int)y));
		}
	picture_unref(picture);
}

static inline void assert_fails(struct decoder *decoder, const char *misbehaviour, const char *why)
{
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode(decoder, bad_file(misbehaviour), reason);

	if (picture != NULL || strstr(reason, why) == NULL)
		fail_msg("%s: expected \"%s\", got \"%s\"", misbehaviour, why, reason);
	for (const char *c = reason; *c != '\0'; c++)
		assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
}

#endif

/*
 * decoding.h - one decoder and one folder for all tests of a program: writes files, and checks that
 * they are decoded completely, or refused with a reason. The functions are static: each test
 * includes what it needs.
 */
#ifndef VITRINE_TEST_DECODING_H
#define VITRINE_TEST_DECODING_H

#include "decode.h"
#include "files.h"
#include "samples.h"
#include "vitrine.h"

#define LIMIT (UINT64_C(64) << 20)

static struct files files;
static struct decoder *decoder;

static inline void start_decoder(uint64_t memory)
{
	decoder = decoder_create(&(struct decoder_options){
		.program = VITRINE_DECODER, .memory = memory});
	assert_non_null(decoder);
}

static inline int set_up(void **state)
{
	(void)state;
	start_decoder(LIMIT);
	files_open(&files);
	return SDL_Init(0);
}

static inline int tear_down(void **state)
{
	(void)state;
	decoder_destroy(decoder);
	files_close(&files);
	SDL_Quit();
	return 0;
}

static inline struct picture *decode(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX])
{
	return decode_file(decoder, path, limit, &(struct decode_wish){0}, reason);
}

static inline struct picture *decode_whole(const char *path)
{
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode(path, LIMIT, reason);

	if (picture == NULL)
		fail_msg("%s: %s", path, reason);
	return picture;
}

static inline void assert_refused(const char *path, uint64_t limit, const char *why)
{
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode(path, limit, reason);

	if (picture != NULL || strstr(reason, why) == NULL)
		fail_msg("%s: expected \"%s\", got \"%s\"", path, why,
			picture ? "a picture" : reason);
	assert_null(strchr(reason, '\n'));
}

static inline uint32_t pixel(const struct picture *picture, uint32_t x, uint32_t y)
{
	uint32_t word;

	assert_true(x < picture->pixels.width && y < picture->pixels.height);
	memcpy(&word, picture->pixels.data + (size_t)y * picture->pixels.pitch + 4 * x, 4);
	return word;
}

#endif

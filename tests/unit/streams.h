/*
 * streams.h - streams of frames for tests: composed byte by byte, and read through a pipe that is
 * large enough for a whole stream. The functions are static: each test includes what it needs.
 */
#ifndef VITRINE_TEST_STREAMS_H
#define VITRINE_TEST_STREAMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "decode.h"
#include "frames.h"
#include "samples.h"

#define PATIENCE INT64_C(-1)

struct stream {
	uint8_t bytes[32768];
	size_t size;
};

static inline void add(struct stream *stream, const void *bytes, size_t size)
{
	assert_true(stream->size + size <= sizeof(stream->bytes));
	memcpy(stream->bytes + stream->size, bytes, size);
	stream->size += size;
}

static inline void add_text(struct stream *stream, const char *text)
{
	add(stream, text, strlen(text));
}

/* Adds `size` bytes that count up from `first`. */
static inline void add_bytes(struct stream *stream, uint8_t first, size_t size)
{
	for (size_t i = 0; i < size; i++, first++)
		add(stream, &first, 1);
}

static struct decoder *decoder;
static int ends[2]; /* of the pipe; a test uses one pipe at a time */

/* Opens a reader for the first `size` bytes; the pipe stays open. */
static inline struct frames *open_part(const struct stream *stream, size_t size,
	const struct frames_options *more)
{
	struct frames_options options = {
		.name = "test", .woken = -1, .limit = 1 << 20, .decoder = decoder};
	struct frames *frames;

	if (more != NULL)
		options = *more;
	assert_int_equal(pipe(ends), 0);
	options.name = "test";
	options.fd = ends[0];
	frames = frames_open(&options);
	assert_non_null(frames);
	assert_int_equal(write(ends[1], stream->bytes, size), size);
	return frames;
}

static inline struct frames *open_whole(const struct stream *stream,
	const struct frames_options *more)
{
	struct frames *frames = open_part(stream, stream->size, more);

	close(ends[1]);
	ends[1] = -1;
	return frames;
}

static inline void end(struct frames *frames)
{
	frames_close(frames);
	close(ends[0]);
	if (ends[1] >= 0)
		close(ends[1]);
}

/* Reads the next frame into memory that the caller frees; asserts its format and size. */
static inline uint8_t *read_frame(struct frames *frames, uint32_t format, uint32_t width,
	uint32_t height)
{
	struct vitrine_image image;
	uint8_t *slot;

	if (frames_next(frames, &image) != FRAMES_OK)
		fail_msg("no frame: %s", frames_reason(frames));
	assert_int_equal(image.format, format);
	assert_int_equal(image.width, width);
	assert_int_equal(image.height, height);
	assert_true(frames_has(&image));
	slot = malloc(image.size); /* the exact size: the sanitizer detects a write beyond it */
	assert_non_null(slot);
	assert_int_equal(frames_fill(frames, slot, PATIENCE), FRAMES_OK);
	return slot;
}

static inline void expect_frame(struct frames *frames, uint32_t format, uint32_t width,
	uint32_t height, const void *expected, size_t size)
{
	uint8_t *slot = read_frame(frames, format, width, height);

	assert_memory_equal(slot, expected, size);
	free(slot);
}

static inline void expect_end(struct frames *frames)
{
	struct vitrine_image image;

	assert_int_equal(frames_next(frames, &image), FRAMES_END);
	end(frames);
}

static inline void add_jpeg(struct stream *stream)
{
	add(stream, sample_cmyk_jpeg, sizeof(sample_cmyk_jpeg));
}

static inline int set_up(void **state)
{
	(void)state;
	decoder = decoder_create(&(struct decoder_options){
		.program = VITRINE_DECODER, .memory = 1 << 20});
	assert_non_null(decoder);
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	decoder_destroy(decoder);
	return 0;
}

#endif

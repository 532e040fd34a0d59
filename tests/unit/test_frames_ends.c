/*
 * test_frames_ends.c - streams that stall, stop or end, are cut at every byte or changed at random:
 * only complete frames are returned, and nothing is written outside of the slot.
 */
#include <time.h>

#include "streams.h"

/* ---- streams that stall, stop and end -------------------------------------------------------- */

/* A frame that stalls continues in another slot. */
static void test_stall(void **state)
{
	static const char first[] = "P6 2 1 255\n\1\2\3\4";
	uint8_t one[6], other[6];
	struct stream stream = {0};
	struct vitrine_image image;
	struct frames *frames;

	(void)state;
	add(&stream, first, sizeof(first) - 1);
	frames = open_part(&stream, stream.size, NULL);
	assert_int_equal(frames_next(frames, &image), FRAMES_OK);
	assert_int_equal(frames_fill(frames, one, 0), FRAMES_STALLED);
	assert_int_equal(frames_wait(frames, 0), FRAMES_STALLED);
	assert_int_equal(write(ends[1], "\5\6", 2), 2);
	assert_int_equal(frames_wait(frames, PATIENCE), FRAMES_OK);
	memcpy(other, one, sizeof(other));
	assert_int_equal(frames_fill(frames, other, 0), FRAMES_OK);
	assert_memory_equal(other, "\1\2\3\4\5\6", 6);
	end(frames);
}

static void test_stop(void **state)
{
	struct frames_options options = {.woken = -1};
	struct stream stream = {0};
	struct vitrine_image image;
	struct frames *frames;
	int woken[2];

	(void)state;
	assert_int_equal(pipe(woken), 0);
	options.woken = woken[0];
	assert_int_equal(write(woken[1], "x", 1), 1);
	frames = open_part(&stream, 0, &options);
	assert_int_equal(frames_next(frames, &image), FRAMES_STOPPED);
	close(woken[0]);
	close(woken[1]);
	end(frames);
}

static void test_skip(void **state)
{
	struct stream stream = {0};
	struct vitrine_image image;
	struct frames *frames;

	(void)state;
	for (int i = 0; i < 2; i++) {
		add_text(&stream, "YUV4MPEG2 W70 H70 C444\nFRAME\n");
		add_bytes(&stream, (uint8_t)i, (size_t)3 * 70 * 70); /* more than one buffer */
	}
	frames = open_whole(&stream, NULL);
	assert_int_equal(frames_next(frames, &image), FRAMES_OK);
	assert_int_equal(frames_skip(frames), FRAMES_OK);
	expect_frame(frames, VITRINE_YU12, 70, 70, "\1\2\3", 3);
	expect_end(frames);
}

/* The number of frames in the first `size` bytes; checks that each is complete. */
static uint64_t count_frames(const struct stream *stream, size_t size, enum frames_result *last)
{
	struct vitrine_image image;
	struct frames *frames = open_part(stream, size, NULL);
	uint64_t count = 0;
	uint8_t *slot;

	close(ends[1]);
	ends[1] = -1;
	while ((*last = frames_next(frames, &image)) == FRAMES_OK) {
		assert_true(image.size <= 1 << 20);
		slot = malloc(image.size);
		*last = frames_fill(frames, slot, PATIENCE);
		free(slot);
		if (*last != FRAMES_OK)
			break;
		count++;
	}
	assert_true(*last == FRAMES_END || *last == FRAMES_BAD);
	if (*last == FRAMES_BAD)
		assert_true(frames_reason(frames)[0] != '\0');
	end(frames);
	return count;
}

static void cut_everywhere(const struct stream *stream, const size_t borders[2])
{
	enum frames_result last;

	for (size_t size = 0; size < stream->size; size++) {
		uint64_t whole = size >= borders[0] ? 1u : 0u;

		assert_int_equal(count_frames(stream, size, &last), whole);
		assert_int_equal(last, size == borders[0] ? FRAMES_END : FRAMES_BAD);
	}
	assert_int_equal(count_frames(stream, stream->size, &last), 2);
	assert_int_equal(last, FRAMES_END);
}

static void test_cut_everywhere(void **state)
{
	struct stream y4m = {0}, pam = {0}, jpeg = {0};
	size_t borders[2];

	(void)state;
	add_text(&y4m, "YUV4MPEG2 W5 H3 F25:1 C422\n");
	for (int i = 0; i < 2; i++) {
		add_text(&y4m, "FRAME\n");
		add_bytes(&y4m, 1, 15 + 9 + 9);
		borders[i] = y4m.size;
	}
	cut_everywhere(&y4m, borders);
	for (int i = 0; i < 2; i++) {
		add_text(&pam, i == 0 ? "P6 5 3 255\n"
				      : "P7\nWIDTH 5\nHEIGHT 3\nDEPTH 3\nMAXVAL 200\n"
					"ENDHDR\n");
		add_bytes(&pam, 1, 45);
		borders[i] = pam.size;
	}
	cut_everywhere(&pam, borders);
	for (int i = 0; i < 2; i++) {
		add_jpeg(&jpeg);
		borders[i] = jpeg.size;
	}
	cut_everywhere(&jpeg, borders);
}

/*
 * Bytes changed at random: any result is allowed, but no crash, and no write outside of the slot.
 */
static void test_damaged(void **state)
{
	unsigned seed = (unsigned)time(NULL);
	struct stream stream;
	enum frames_result last;

	(void)state;
	print_message("seed %u\n", seed);
	for (int round = 0; round < 600; round++) {
		stream.size = 0;
		if (round % 3 == 0)
			add_text(&stream, "YUV4MPEG2 W5 H3 F25:1 C422 XCOLORRANGE=FULL\nFRAME\n");
		else if (round % 3 == 1)
			add_text(&stream, "P7\nWIDTH 5\nHEIGHT 3\nDEPTH 3\nMAXVAL 200\nENDHDR\n");
		else
			add_jpeg(&stream);
		for (int i = 0; i < 3; i++)
			stream.bytes[(size_t)rand_r(&seed) % stream.size] = (uint8_t)rand_r(&seed);
		add_bytes(&stream, 1, 200);
		count_frames(&stream, stream.size, &last);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stall),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

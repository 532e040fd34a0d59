/*
 * test_decoder.c - the decoder process: whatever it does, the current file gets a reason, the next
 * one is decoded, and nothing is left behind. test_decoder_confined.c tests what it can access.
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "decoders.h"
#include "loader.h"
#include "wire.h"

static unsigned open_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 4096; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* ---- a good one ------------------------------------------------------------------------------ */

/* Sizes around those of the window and its parts, and rows longer than a part. */
static void test_every_pixel_comes_through_the_window(void **state)
{
	const uint32_t sizes[][2] = {{1, 1}, {128, 1024}, {129, 1024}, {1024, 512}, {1023, 517},
		{1, 200000}, {200000, 1}, {131072, 3}, {131073, 9}, {300007, 5}, {700, 2111}};
	struct decoder *decoder = start(VITRINE_DECODER, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const uint32_t w = sizes[i][0], h = sizes[i][1];
		char head[64];
		size_t start_at = (size_t)snprintf(head, sizeof(head), "P6\n%u %u\n255\n", w, h);
		size_t size = start_at + (size_t)w * h * 3;
		uint8_t *bytes = malloc(size);

		assert_non_null(bytes);
		memcpy(bytes, head, start_at);
		for (size_t at = start_at; at < size; at++)
			bytes[at] = (uint8_t)(at * 2654435761u >> 13);
		struct picture *picture = decode_whole(decoder,
			files_write(&files, "sizes.ppm", bytes, size), &(struct decode_wish){0});
		assert_int_equal(picture->pixels.width, w);
		assert_int_equal(picture->pixels.height, h);
		const uint8_t *pixel = picture->pixels.data;
		for (size_t at = start_at; at < size; at += 3, pixel += 4)
			if (pixel[2] != bytes[at] || pixel[1] != bytes[at + 1] ||
				pixel[0] != bytes[at + 2] || pixel[3] != 255)
				fail_msg("%u x %u: wrong at %zu", w, h, (at - start_at) / 3);
		picture_unref(picture);
		free(bytes);
	}
	decoder_destroy(decoder);
}

static void test_one_process_serves_many_files(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER, 0);

	(void)state;
	assert_int_equal(decoder_pid(decoder), 0); /* none before it is needed */
	assert_decodes(decoder);
	int pid = decoder_pid(decoder);
	assert_true(pid > 0);
	for (int i = 0; i < 20; i++)
		assert_decodes(decoder);
	assert_int_equal(decoder_pid(decoder), pid);

	/* The decoder is killed between two files; the next file is decoded all the same. */
	assert_int_equal(kill(pid, SIGKILL), 0);
	siginfo_t info;
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_decodes(decoder);
	assert_int_not_equal(decoder_pid(decoder), pid);
	decoder_destroy(decoder);
	decoder_destroy(NULL);
}

static void test_a_thumbnail_needs_fewer_pixels(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER, 0);
	const struct decode_wish wish = {.box_width = 60, .box_height = 60};
	const char *path = sample_save_jpeg(&files, "large.jpg", 1600, 1200);
	struct picture *picture = decode_whole(decoder, path, &wish);

	(void)state;
	assert_int_equal(picture->width, 1600);
	assert_int_equal(picture->height, 1200);
	assert_in_range(picture->pixels.width, 60, 1600);
	assert_in_range(picture->pixels.height, 45, 1200);
	picture_unref(picture);
	decoder_destroy(decoder);
}

/* ---- bad ones -------------------------------------------------------------------------------- */

static void test_whatever_it_does_the_next_file_is_decoded(void **state)
{
	static const char nonsense[] = "sent an invalid answer";
	static const char *const cases[][2] = {
		{"abort", "the decoder crashed (SIGABRT)"},
#ifndef VITRINE_SANITIZED /* sanitizers catch the signal, and exit */
		{"segv", "the decoder crashed (SIGSEGV)"},
#endif
		{"exit", "the decoder ended (exit status 3)"},
		{"close", "the decoder stopped answering"}, {"huge", nonsense},
		{"overflow", nonsense}, {"nothing wide", nonsense}, {"orientation", nonsense},
		{"two shapes", nonsense}, {"no shape", nonsense}, {"long part", nonsense},
		{"too many rows", nonsense}, {"too few rows", nonsense}, {"flood", nonsense},
		{"garbage", nonsense}, {"half message", nonsense}, {"long message", nonsense},
		{"text", "%1B[2J%0D%FFxxx"}, {"chatter", "a first answer"},
		{"late chatter", "a first answer"}, {"late exit", "a first answer"},
		{"shrink", "shrunk 0 grown 0"},
		{"no such thing", nonsense}, /* it fails without a reason */
	};
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, PATIENT);
	unsigned before = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (i == 1) /* by now every library has opened what it keeps */
			before = open_descriptors();
		assert_fails(decoder, cases[i][0], cases[i][1]);
		assert_decodes(decoder);
	}
	assert_int_equal(open_descriptors(), before);
	decoder_destroy(decoder);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child, not even a dead one */
	assert_int_equal(errno, ECHILD);
}

/* The average byte of the picture; reads all of them. */
static uint64_t brightness(const struct picture *picture)
{
	uint64_t bytes = (uint64_t)picture->pixels.pitch * picture->pixels.height;
	uint64_t sum = 0;

	for (uint64_t at = 0; at < bytes; at++)
		sum += picture->pixels.data[at];
	return sum / bytes;
}

/* Random answers can only cause a picture of some colours, or a reason. */
static void test_a_random_conversation_does_no_harm(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, PATIENT);
	const char *given = getenv("VITRINE_TEST_SEED");
	unsigned long seed = given != NULL ? strtoul(given, NULL, 0) : (unsigned long)now_ns();
	unsigned pictures = 0, reasons = 0;

	(void)state;
	print_message("seed %lu\n", seed);
	for (unsigned long i = 0; i < 60; i++) {
		char reason[TEXT_REASON_MAX] = "", name[64];

		snprintf(name, sizeof(name), "random\n# %lu", seed + i);
		struct picture *picture = decode(decoder, bad_file(name), reason);
		if (picture != NULL) {
			assert_int_equal(picture->pixels.pitch, picture->pixels.width * 4);
			assert_in_range(brightness(picture), 0, 255);
			pictures++;
		} else {
			assert_true(reason[0] != '\0');
			reasons++;
		}
		picture_unref(picture);
	}
	assert_true(pictures > 0 && reasons > 0);
	assert_decodes(decoder);
	decoder_destroy(decoder);
}

static void test_one_that_never_ends_is_stopped(void **state)
{
	static const char *const names[] = {"hang", "hang half-way"};
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, MOMENT);

	(void)state;
	for (int i = 0; i < 2; i++) {
		int64_t begun = now_ns();

		assert_fails(decoder, names[i], "was stopped after 0.5 s; --decode-timeout");
		assert_true(now_ns() - begun >= MOMENT);
	}
	decoder_destroy(decoder);
}

static bool give_up_soon(void *data)
{
	return ++*(int *)data > 2;
}

static void test_what_is_not_wanted_any_more_is_given_up(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, 0);
	char reason[TEXT_REASON_MAX];
	int asked = 0;
	const struct decode_wish wish = {.gives_up = give_up_soon, .data = &asked};

	(void)state;
	assert_null(decode_file(decoder, bad_file("hang"), LIMIT, &wish, reason));
	assert_string_equal(reason, "was cancelled");
	assert_int_equal(decoder_pid(decoder), 0);
	assert_decodes(decoder);
	decoder_destroy(decoder);
}

static void test_a_window_closes_while_decoders_hang(void **state)
{
	struct loader *loader = loader_create(&(struct loader_options){
		.limit = LIMIT,
		.room = LIMIT,
		.thumbnail_width = 32,
		.thumbnail_height = 32,
		.threads = 2,
		.decoder = VITRINE_DECODER_DOUBLE,
	});
	const char *good = sample_save_png(&files, "first.png", 10, 10);
	struct loader_result result;

	(void)state;
	assert_non_null(loader);
	/*
	 * One file hangs. The other worker continues; when its result arrives, the first one has
	 * begun.
	 */
	assert_true(loader_load(loader, 1, bad_file("hang"), LOADER_PIXELS));
	assert_true(loader_load(loader, 2, good, LOADER_PIXELS));
	assert_true(loader_wait(loader, &result));
	assert_int_equal(result.id, 2);
	loader_result_free(&result);

	/* When the file is removed from the tray, its worker becomes free. */
	loader_cancel(loader, 1);
	assert_true(loader_load(loader, 3, bad_file("hang"), LOADER_PIXELS));
	assert_true(loader_load(loader, 4, good, LOADER_PIXELS));
	assert_true(loader_wait(loader, &result));
	assert_int_equal(result.id, 4);
	loader_result_free(&result);

	int64_t begun = now_ns();
	loader_destroy(loader);
	assert_true(now_ns() - begun < PATIENT / 2); /* far from the time that a file may take */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pixel_comes_through_the_window),
		cmocka_unit_test(test_one_process_serves_many_files),
		cmocka_unit_test(test_a_thumbnail_needs_fewer_pixels),
		cmocka_unit_test(test_whatever_it_does_the_next_file_is_decoded),
		cmocka_unit_test(test_a_random_conversation_does_no_harm),
		cmocka_unit_test(test_one_that_never_ends_is_stopped),
		cmocka_unit_test(test_what_is_not_wanted_any_more_is_given_up),
		cmocka_unit_test(test_a_window_closes_while_decoders_hang),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

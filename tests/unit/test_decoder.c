/*
 * test_decoder.c - the process that decodes: whatever it does, the file in hand gets a reason, the next
 * one is decoded, and nothing is left behind. The misbehaving one is tests/decoder/double.c.
 */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "decode.h"
#include "files.h"
#include "hugepages.h"
#include "loader.h"
#include "raster.h"
#include "samples.h"
#include "slurp.h"
#include "vitrine.h"
#include "wire.h"

#define LIMIT   (UINT64_C(64) << 20)
#define SECOND  INT64_C(1000000000)
#define MOMENT  (SECOND / 2)
#define PATIENT (30 * SECOND)

static struct files files;

static int set_up(void **state)
{
	(void)state;
	raster_start();
	files_open(&files);
	return SDL_Init(0);
}

static int tear_down(void **state)
{
	(void)state;
	files_close(&files);
	SDL_Quit();
	return 0;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static struct decoder *start(const char *program, int64_t timeout_ns)
{
	struct decoder *decoder = decoder_create(&(struct decoder_options){
		.program = program, .memory = LIMIT, .timeout_ns = timeout_ns});

	assert_non_null(decoder);
	return decoder;
}

/* An image for everybody but the double. */
static const char *bad_file(const char *misbehaviour)
{
	char bytes[256];
	int size = snprintf(bytes, sizeof(bytes), "P6\n# misbehave: %s\n8 8\n255\n", misbehaviour);

	memset(bytes + size, 'p', sizeof(bytes) - (size_t)size);
	return files_write(&files, "bad.ppm", (uint8_t *)bytes, sizeof(bytes));
}

static struct picture *decode(struct decoder *decoder, const char *path,
	char reason[TEXT_REASON_MAX])
{
	return decode_file(decoder, path, LIMIT, &(struct decode_wish){0}, reason);
}

static void assert_decodes(struct decoder *decoder)
{
	char reason[TEXT_REASON_MAX] = "";
	const char *path = sample_save_png(&files, "good.png", SAMPLE_WIDTH, SAMPLE_HEIGHT);
	struct picture *picture = decode(decoder, path, reason);

	if (picture == NULL)
		fail_msg("%s", reason);
	for (uint32_t y = 0; y < SAMPLE_HEIGHT; y++)
		for (uint32_t x = 0; x < SAMPLE_WIDTH; x++) {
			uint32_t word;

			memcpy(&word, picture->pixels.data + y * picture->pixels.pitch + 4 * x, 4);
			assert_int_equal(word, sample_colour((int)x, (int)y));
		}
	picture_unref(picture);
}

static void assert_fails(struct decoder *decoder, const char *misbehaviour, const char *why)
{
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode(decoder, bad_file(misbehaviour), reason);

	if (picture != NULL || strstr(reason, why) == NULL)
		fail_msg("%s: expected \"%s\", got \"%s\"", misbehaviour, why, reason);
	for (const char *c = reason; *c != '\0'; c++)
		assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
}

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
		char reason[TEXT_REASON_MAX] = "", head[64];
		size_t start_at = (size_t)snprintf(head, sizeof(head), "P6\n%u %u\n255\n", w, h);
		size_t size = start_at + (size_t)w * h * 3;
		uint8_t *bytes = malloc(size);

		assert_non_null(bytes);
		memcpy(bytes, head, start_at);
		for (size_t at = start_at; at < size; at++)
			bytes[at] = (uint8_t)(at * 2654435761u >> 13);
		struct picture *picture =
			decode(decoder, files_write(&files, "sizes.ppm", bytes, size), reason);
		if (picture == NULL)
			fail_msg("%u x %u: %s", w, h, reason);
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
	decoder_warm(decoder);
	int pid = decoder_pid(decoder);
	assert_true(pid > 0);
	for (int i = 0; i < 20; i++)
		assert_decodes(decoder);
	assert_int_equal(decoder_pid(decoder), pid);

	/* Somebody ends it between two files: the next one does not notice. */
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
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode_file(decoder, path, LIMIT, &wish, reason);

	(void)state;
	if (picture == NULL)
		fail_msg("%s", reason);
	assert_int_equal(picture->width, 1600);
	assert_int_equal(picture->height, 1200);
	assert_in_range(picture->pixels.width, 60, 1600);
	assert_in_range(picture->pixels.height, 45, 1200);
	picture_unref(picture);
	decoder_destroy(decoder);
}

/* ---- bad ones ---------------------------------------------------------------------------------- */

static void test_whatever_it_does_the_next_file_is_decoded(void **state)
{
	static const char nonsense[] = "answered nonsense";
	static const char *const cases[][2] = {
		{"abort", "the decoder crashed (SIGABRT)"},
#ifndef VITRINE_SANITIZED /* they catch it, and exit */
		{"segv", "the decoder crashed (SIGSEGV)"},
#endif
		{"exit", "the decoder ended (exit status 3)"},
		{"close", "the decoder stopped answering"}, {"huge", nonsense},
		{"overflow", nonsense}, {"nothing wide", nonsense}, {"orientation", nonsense},
		{"two shapes", nonsense}, {"no shape", nonsense}, {"long part", nonsense},
		{"too many rows", nonsense}, {"too few rows", nonsense}, {"flood", nonsense},
		{"garbage", nonsense}, {"half message", nonsense}, {"long message", nonsense},
		{"text", "%1B[2J%0A%FFxxx"}, {"chatter", "a first answer"},
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

/* What comes is never good for more than a picture of some colours, or a reason. */
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
			uint64_t bytes = (uint64_t)picture->pixels.pitch * picture->pixels.height;
			volatile uint8_t sum = 0;

			assert_int_equal(picture->pixels.pitch, picture->pixels.width * 4);
			for (uint64_t at = 0; at < bytes; at++)
				sum ^= picture->pixels.data[at];
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
	decoder_warm(decoder);
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
	assert_string_equal(reason, "was given up");
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
	/* One hangs; as the other goes on, by the time of the result it has begun. */
	assert_true(loader_load(loader, 1, bad_file("hang"), LOADER_PIXELS));
	assert_true(loader_load(loader, 2, good, LOADER_PIXELS));
	assert_true(loader_wait(loader, &result));
	assert_int_equal(result.id, 2);
	loader_result_free(&result);

	/* It is taken out of the tray: its worker is free for others. */
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

/* ---- what it has, and what it can get ------------------------------------------------------------ */

static void test_it_has_no_descriptor_but_the_file(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, 0);
	int inherited = open("/dev/null", O_RDONLY); /* not close-on-exec: some library's */

	(void)state;
	assert_true(inherited >= 0);
	assert_fails(decoder, "descriptors", "descriptors 1");
	close(inherited);
	decoder_destroy(decoder);
}

#ifndef VITRINE_SANITIZED
static void test_it_knows_no_secrets(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, 0);
	char reason[TEXT_REASON_MAX] = "";

	(void)state;
	setenv("SECRET_TOKEN", "hush", 1);
	assert_null(decode(decoder, bad_file("environment"), reason));
	assert_ptr_equal(strstr(reason, "environment:"), reason);
	assert_null(strstr(reason, "SECRET"));
	assert_null(strstr(reason, "PATH=/usr"));
	unsetenv("SECRET_TOKEN");
	decoder_destroy(decoder);
}

static void test_its_memory_is_limited(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, 0);
	char reason[TEXT_REASON_MAX] = "";
	unsigned mebibytes = 0;

	(void)state;
	assert_null(decode(decoder, bad_file("grow"), reason));
	assert_int_equal(sscanf(reason, "got %u MiB", &mebibytes), 1);
	assert_in_range(mebibytes, LIMIT >> 20, (LIMIT >> 20) * 4 + 256);
	decoder_destroy(decoder);
}
#endif

#ifdef HAVE_SECCOMP
static void test_the_system_refuses_it_the_rest(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, 0);
	char reason[TEXT_REASON_MAX] = "";

	(void)state;
	assert_null(decode(decoder, bad_file("forbidden"), reason));
	assert_string_equal(reason, "allowed:");
	assert_decodes(decoder);
	decoder_destroy(decoder);
}
#endif

/* ---- when it cannot be had ------------------------------------------------------------------------ */

static void test_a_decoder_that_is_missing_has_its_reason(void **state)
{
	static const char *const cases[][2] = {
		{"/nowhere/vitrine-decoder",
			"/nowhere/vitrine-decoder: No such file or directory; install vitrine-decoder"},
		{"/etc/passwd", "Permission denied"},
		{"/bin/true", "the decoder ended (exit status 0)"},
		{"/bin/cat", "the decoder"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decoder *decoder = start(cases[i][0], SECOND);

		assert_fails(decoder, "none", cases[i][1]);
		decoder_destroy(decoder);
	}
}

static void test_without_descriptors_it_says_so(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER, 0);
	const char *path = sample_save_png(&files, "few.png", 8, 8);
	struct rlimit was, few;
	bool decoded = false;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = was;
	/* One more at a time: what can be opened then is never enough, or all that is needed. */
	for (few.rlim_cur = 3; few.rlim_cur < 64 && !decoded; few.rlim_cur++) {
		char reason[TEXT_REASON_MAX] = "";

		setrlimit(RLIMIT_NOFILE, &few);
		struct picture *picture = decode(decoder, path, reason);
		setrlimit(RLIMIT_NOFILE, &was);
		decoded = picture != NULL;
		if (!decoded && strstr(reason, "Too many open files") == NULL)
			fail_msg("with %lu: %s", (unsigned long)few.rlim_cur, reason);
		picture_unref(picture);
	}
	assert_true(decoded);
	decoder_destroy(decoder);
}

/* ---- when the window dies -------------------------------------------------------------------------- */

/* A process that decodes a file without end; it writes its decoder's pid into the pipe. */
static void run_window(int pipe)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, 0);
	char reason[TEXT_REASON_MAX];
	int pid;

	assert_decodes(decoder);
	pid = decoder_pid(decoder);
	if (write(pipe, &pid, sizeof(pid)) == sizeof(pid))
		decode(decoder, bad_file("hang"), reason);
	_exit(1);
}

static void test_it_ends_with_the_window(void **state)
{
	int ends[2], status, pid;

	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0); /* whose parent died is ours */
	assert_int_equal(pipe(ends), 0);
	pid_t window = fork();
	if (window == 0)
		run_window(ends[1]);
	assert_int_equal(read(ends[0], &pid, sizeof(pid)), sizeof(pid));
	assert_int_equal(kill(window, SIGKILL), 0);
	assert_int_equal(waitpid(window, &status, 0), window);
	assert_int_equal(waitpid(pid, &status, 0), pid); /* sleeps until it has ended */
	close(ends[0]);
	close(ends[1]);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
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
		cmocka_unit_test(test_it_has_no_descriptor_but_the_file),
#ifndef VITRINE_SANITIZED
		cmocka_unit_test(test_it_knows_no_secrets),
		cmocka_unit_test(test_its_memory_is_limited),
#endif
#ifdef HAVE_SECCOMP
		cmocka_unit_test(test_the_system_refuses_it_the_rest),
#endif
		cmocka_unit_test(test_a_decoder_that_is_missing_has_its_reason),
		cmocka_unit_test(test_without_descriptors_it_says_so),
		cmocka_unit_test(test_it_ends_with_the_window),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/*
 * test_decode_refused.c - files that are not images, or that would need more memory than allowed,
 * are refused with a reason before any memory is allocated.
 */
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "decoding.h"

/* ---- what is not an image -------------------------------------------------------------------- */

static void test_each_kind_of_thing_has_its_reason(void **state)
{
	const char *path;

	(void)state;
	assert_refused(files_path(&files, "nothing.png"), LIMIT, "does not exist");
	assert_refused(files.folder, LIMIT, "is a folder");
	assert_refused("/dev/zero", LIMIT, "is a device");
	assert_refused(files_write(&files, "empty.png", "", 0), LIMIT, "is empty");

	path = files_path(&files, "fifo");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refused(path, LIMIT, "is a pipe");

	path = files_path(&files, "dangling.png");
	assert_int_equal(symlink("nowhere", path), 0);
	assert_refused(path, LIMIT, "link to a file that does not exist");

	path = files_path(&files, "self.png");
	assert_int_equal(symlink("self.png", path), 0);
	assert_refused(path, LIMIT, "cannot be read");
}

static void test_a_socket_has_its_reason(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", files_path(&files, "socket"));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_refused(address.sun_path, LIMIT, "is a socket");
	close(fd);
}

static void test_unreadable_files_say_the_remedy(void **state)
{
	const char *path = sample_save_png(&files, "secret.png", 2, 2);

	(void)state;
	if (geteuid() == 0) /* root may read everything */
		skip();
	assert_int_equal(chmod(path, 0), 0);
	assert_refused(path, LIMIT, "permission denied");
}

static void test_what_is_no_image_is_refused(void **state)
{
	static const char text[] = "This is a text about images, in a file that is called one.\n";

	(void)state;
	assert_refused(sample_save_text(&files, "text.png", text), LIMIT,
		"is named like PNG images, but has different contents (text/plain)");
	assert_refused(sample_save_text(&files, "BM.txt", "BM is not always a bitmap"), LIMIT,
		"is not an image");
	assert_refused(files_write(&files, "magic.png", "\x89PNG\r\n\x1a\n", 8), LIMIT,
		"ends too early");
	assert_refused(sample_save_text(&files, "noise.tga", text), LIMIT,
		"is a TGA image of a kind that cannot be opened here (");
}

/* ---- promises -------------------------------------------------------------------------------- */

/* More than the decoder's libraries need, and much less than the smallest of these images would. */
#ifdef VITRINE_SANITIZED
#define PEAK_KIB (512L << 10)
#else
#define PEAK_KIB (128L << 10)
#endif

/* A header that announces 60000 x 60000 pixels. */
struct bomb {
	const char *name;
	uint8_t bytes[64];
	size_t size;
};

static const struct bomb bombs[] = {
	{"bomb.png",
		{0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0xea,
			0x60, 0, 0, 0xea, 0x60, 8, 6, 0, 0, 0, 0, 0, 0, 0},
		33},
	{"bomb.jpg",
		{0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0xea, 0x60, 0xea, 0x60,
			3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xff, 0xda},
		29},
	{"bomb.gif",
		{'G', 'I', 'F', '8', '9', 'a', 0x60, 0xea, 0x60, 0xea, 0, 0, 0, ',', 0, 0, 0, 0,
			0x60, 0xea, 0x60, 0xea, 0, 2, 1, 4, 0, ';'},
		28},
	{"bomb.bmp",
		{'B', 'M', 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 0x60, 0xea, 0, 0, 0x60,
			0xea, 0, 0, 1, 0, 32, 0},
		60},
	{"bomb.webp",
		{'R', 'I', 'F', 'F', 40, 0, 0, 0, 'W', 'E', 'B', 'P', 'V', 'P', '8', 'X', 10, 0, 0,
			0, 0, 0, 0, 0, 0x5f, 0xea, 0, 0x5f, 0xea, 0},
		48},
	{"bomb.avif",
		{0, 0, 0, 16, 'f', 't', 'y', 'p', 'a', 'v', 'i', 'f', 0, 0, 0, 0, 0, 0, 0, 20, 'i',
			's', 'p', 'e', 0, 0, 0, 0, 0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60},
		48},
	{"bomb.qoi", {'q', 'o', 'i', 'f', 0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 4, 0}, 30},
};

static long peak_kib(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return usage.ru_maxrss;
}

static void test_promises_are_refused_before_memory_is_taken(void **state)
{
	static const char promise[] =
		"60000 x 60000 pixels would need 13.4 GiB; the limit is 1 GiB (--memory)";
	uint64_t limit = UINT64_C(1) << 30;
	long before = peak_kib(RUSAGE_SELF);

	(void)state;
	decoder_destroy(decoder);
	start_decoder(limit);
	for (size_t i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++)
		assert_refused(files_write(&files, bombs[i].name, bombs[i].bytes, bombs[i].size),
			limit, promise);
	assert_refused(sample_save_tiff(&files, "bomb.tif", 60000, 60000, 1), limit, promise);
	assert_refused(sample_save_text(&files, "bomb.ppm", "P6 60000 60000 255\n"), limit,
		promise);
	assert_refused(sample_save_text(&files, "bomb.svg",
			       "<svg width=\"30000\" height=\"30000\"></svg>"),
		limit, "the limit is 1 GiB (--memory)");
	assert_refused(sample_save_text(&files, "bomb.xpm", "/* XPM */\n\"60000 60000 1 1\",\n"),
		limit, promise);
	assert_true(peak_kib(RUSAGE_SELF) - before < 64 << 10);
	decoder_destroy(decoder); /* now its memory is known, too: of the largest of all so far */
	assert_true(peak_kib(RUSAGE_CHILDREN) < PEAK_KIB);
	start_decoder(LIMIT);
}

static void test_the_limit_counts_for_pixels_and_files(void **state)
{
	const char *path = sample_save_png(&files, "limit.png", 64, 64);
	const char *ppm = sample_save_ppm(&files, "limit.ppm");
	struct picture *picture;

	(void)state;
	assert_refused(path, 64 * 64 * 4 - 1, "64 x 64 pixels would need 16 KiB");
	picture = decode(path, 64 * 64 * 4, (char[TEXT_REASON_MAX]){0});
	assert_non_null(picture);
	picture_unref(picture);
	assert_refused(ppm, 1000, "is a file of 1.1 KiB; the limit is 1000 B (--memory)");
}

struct asked {
	unsigned times;
	uint64_t need;
	bool answer;
};

static bool admit(void *data, uint64_t need)
{
	struct asked *asked = data;

	asked->times++;
	asked->need = need;
	return asked->answer;
}

static void test_the_need_is_known_before(void **state)
{
	const char *path = sample_save_png(&files, "need.png", 100, 50);
	struct asked asked = {.answer = true};
	const struct decode_wish wish = {.admits = admit, .data = &asked};
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode_file(decoder, path, LIMIT, &wish, reason);

	(void)state;
	assert_non_null(picture);
	picture_unref(picture);
	assert_int_equal(asked.times, 1);
	assert_true(asked.need >= 100 * 50 * 4 && asked.need < 100 * 50 * 16);
	asked.answer = false;
	assert_null(decode_file(decoder, path, LIMIT, &wish, reason));
	assert_string_equal(reason, "was cancelled");
	decode_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_of_thing_has_its_reason),
		cmocka_unit_test(test_a_socket_has_its_reason),
		cmocka_unit_test(test_unreadable_files_say_the_remedy),
		cmocka_unit_test(test_what_is_no_image_is_refused),
		cmocka_unit_test(test_promises_are_refused_before_memory_is_taken),
		cmocka_unit_test(test_the_limit_counts_for_pixels_and_files),
		cmocka_unit_test(test_the_need_is_known_before),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

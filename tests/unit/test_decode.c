/*
 * test_decode.c - files that are images, and all that are none: decode either gives whole, upright
 * pixels or one line that says why not.
 */
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "decode.h"
#include "files.h"
#include "samples.h"
#include "vitrine.h"

#define LIMIT (UINT64_C(64) << 20)

static struct files files;
static struct decoder *decoder;

static void start_decoder(uint64_t memory)
{
	decoder = decoder_create(&(struct decoder_options){
		.program = VITRINE_DECODER, .memory = memory});
	assert_non_null(decoder);
}

static int set_up(void **state)
{
	(void)state;
	start_decoder(LIMIT);
	files_open(&files);
	return SDL_Init(0);
}

static int tear_down(void **state)
{
	(void)state;
	decoder_destroy(decoder);
	files_close(&files);
	SDL_Quit();
	return 0;
}

static struct picture *decode(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX])
{
	return decode_file(decoder, path, limit, &(struct decode_wish){0}, reason);
}

static struct picture *decode_whole(const char *path)
{
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode(path, LIMIT, reason);

	if (picture == NULL)
		fail_msg("%s: %s", path, reason);
	return picture;
}

static void assert_refused(const char *path, uint64_t limit, const char *why)
{
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode(path, limit, reason);

	if (picture != NULL || strstr(reason, why) == NULL)
		fail_msg("%s: expected \"%s\", got \"%s\"", path, why,
			picture ? "a picture" : reason);
	assert_null(strchr(reason, '\n'));
}

static uint32_t pixel(const struct picture *picture, uint32_t x, uint32_t y)
{
	uint32_t word;

	assert_true(x < picture->pixels.width && y < picture->pixels.height);
	memcpy(&word, picture->pixels.data + (size_t)y * picture->pixels.pitch + 4 * x, 4);
	return word;
}

/* ---- whole files ----------------------------------------------------------------------------- */

static void test_lossless_formats_keep_every_pixel(void **state)
{
	const char *paths[] = {
		sample_save_png(&files, "a b%20#ü.png", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		sample_save_bmp(&files, "a.bmp", SAMPLE_WIDTH, SAMPLE_HEIGHT),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct picture *picture = decode_whole(paths[i]);

		assert_int_equal(picture->pixels.width, SAMPLE_WIDTH);
		assert_int_equal(picture->pixels.height, SAMPLE_HEIGHT);
		assert_int_equal(picture->pixels.format, VITRINE_XR24);
		for (uint32_t y = 0; y < SAMPLE_HEIGHT; y++)
			for (uint32_t x = 0; x < SAMPLE_WIDTH; x++)
				assert_int_equal(pixel(picture, x, y),
					sample_colour((int)x, (int)y));
		picture_unref(picture);
	}
}

static void test_what_is_known_of_a_file(void **state)
{
	const char *path = sample_save_png(&files, "facts.png", 3, 2);
	struct picture *picture = decode_whole(path);
	struct stat status;

	(void)state;
	assert_int_equal(stat(path, &status), 0);
	assert_string_equal(picture->path, path);
	assert_string_equal(picture->name, "facts.png");
	assert_string_equal(picture->note, "");
	assert_int_equal(picture->file_size, status.st_size);
	assert_int_equal(picture->mtime.tv_sec, status.st_mtim.tv_sec);
	assert_int_equal(picture->width, 3);
	assert_int_equal(picture->height, 2);
	assert_int_equal(picture->bytes, 3 * 2 * 4);
	picture_unref(picture_ref(picture));
	picture_unref(picture);
}

static void test_every_other_format_opens(void **state)
{
	const char *ppm = sample_save_ppm(&files, "a.ppm");
	struct picture *picture = decode_whole(ppm);

	(void)state;
	assert_int_equal(pixel(picture, 0, 0), 0xff0d0e0f);
	picture_unref(picture);

	picture = decode_whole(sample_save_jpeg(&files, "a.jpeg", SAMPLE_WIDTH, SAMPLE_HEIGHT));
	assert_int_equal(picture->pixels.format, VITRINE_XR24);
	picture_unref(picture);

	picture = decode_whole(sample_save_tiff(&files, "a.tif", SAMPLE_WIDTH, SAMPLE_HEIGHT, 1));
	assert_int_equal(pixel(picture, 5, 3), 0xff0b0b0b);
	picture_unref(picture);

	picture = decode_whole(sample_save_qoi(&files, "a.qoi"));
	assert_int_equal(pixel(picture, 23, 15), 0xff000000);
	picture_unref(picture);

	picture = decode_whole(files_write(&files, "a.webp", sample_webp, sizeof(sample_webp)));
	assert_int_equal(picture->pixels.width, SAMPLE_WIDTH);
	picture_unref(picture);

	picture = decode_whole(sample_save_text(&files, "a.svg", sample_svg));
	assert_int_equal(pixel(picture, 12, 8), 0xffff0000);
	picture_unref(picture);
}

static void test_transparency_is_found_where_it_is(void **state)
{
	SDL_Surface *surface = sample_surface(5, 4);
	const char *path = files_path(&files, "alpha.png");
	struct picture *picture;

	(void)state;
	((uint32_t *)surface->pixels)[1] = 0x80ff4020;
	assert_int_equal(IMG_SavePNG(surface, path), 0);
	SDL_FreeSurface(surface);
	picture = decode_whole(path);
	assert_int_equal(picture->pixels.format, VITRINE_AR24);
	assert_int_equal(pixel(picture, 1, 0), 0x80ff4020); /* straight: not multiplied */
	picture_unref(picture);

	picture = decode_whole(sample_save_text(&files, "a.xpm", sample_xpm));
	assert_int_equal(picture->pixels.format, VITRINE_AR24);
	assert_int_equal(pixel(picture, 0, 0), 0xffff0000);
	assert_int_equal(pixel(picture, 1, 0) >> 24, 0);
	picture_unref(picture);
}

static void test_of_animations_the_first_frame(void **state)
{
	struct picture *gif =
		decode_whole(files_write(&files, "a.gif", sample_gif, sizeof(sample_gif)));
	struct picture *webp = decode_whole(files_write(&files, "an.webp", sample_animated_webp,
		sizeof(sample_animated_webp)));

	(void)state;
	assert_string_equal(gif->note, "first of 2 frames");
	assert_int_equal(pixel(gif, 1, 1), 0xffff0000);
	assert_string_equal(webp->note, "first of 3 frames");
	assert_int_equal(pixel(webp, 23, 15), 0xffff0000);
	picture_unref(gif);
	picture_unref(webp);
}

static void test_four_inks_become_colours(void **state)
{
	struct picture *picture = decode_whole(files_write(&files, "ink.jpg", sample_cmyk_jpeg,
		sizeof(sample_cmyk_jpeg)));

	(void)state;
	assert_int_equal(picture->pixels.format, VITRINE_XR24);
	assert_int_equal(pixel(picture, 3, 3), 0xffff0000);
	picture_unref(picture);
}

/* ---- what is no image ------------------------------------------------------------------------ */

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
	assert_refused(sample_save_text(&files, "text.png", text), LIMIT, "is not an image");
	assert_refused(sample_save_text(&files, "BM.txt", "BM is not always a bitmap"), LIMIT,
		"is not an image");
	assert_refused(files_write(&files, "magic.png", "\x89PNG\r\n\x1a\n", 8), LIMIT,
		"ends too early");
	assert_refused(sample_save_text(&files, "noise.tga", text), LIMIT,
		"is not an image that can be opened");
}

/* ---- promises -------------------------------------------------------------------------------- */

/* What a decoder's libraries take, and much less than the smallest of the promises. */
#ifdef VITRINE_SANITIZED
#define PEAK_KIB (512L << 10)
#else
#define PEAK_KIB (128L << 10)
#endif

/* A header that promises 60000 x 60000 pixels. */
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
		"would need 10.1 GiB of memory at once; the limit is 1 GiB (--memory)");
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

static void test_the_need_is_known_before(void **state)
{
	char reason[TEXT_REASON_MAX];
	struct decode *opened =
		decode_open(sample_save_png(&files, "need.png", 100, 50), LIMIT, reason);

	(void)state;
	assert_non_null(opened);
	assert_true(decode_need(opened, &(struct decode_wish){0}) >= 100 * 50 * 4);
	assert_true(decode_need(opened, &(struct decode_wish){0}) < 100 * 50 * 16);
	decode_close(opened);
	decode_close(NULL);
}

/* ---- truncation ------------------------------------------------------------------------------ */

static bool same_pixels(const struct picture *a, const struct picture *b)
{
	if (a->pixels.width != b->pixels.width || a->pixels.height != b->pixels.height)
		return false;
	for (uint32_t y = 0; y < a->pixels.height; y++)
		for (uint32_t x = 0; x < a->pixels.width; x++)
			if (pixel(a, x, y) != pixel(b, x, y))
				return false;
	return true;
}

/* At whatever byte a file ends: it is refused, or what was lost did not show. */
static void assert_never_half_decoded(const char *path, const char *cut_name)
{
	struct picture *whole = decode_whole(path);
	size_t size;
	uint8_t *bytes = files_read(path, &size);
	size_t refused = 0;

	for (size_t cut = 1; cut < size; cut++) {
		char reason[TEXT_REASON_MAX] = "";
		struct picture *picture =
			decode(files_write(&files, cut_name, bytes, cut), LIMIT, reason);

		if (picture != NULL && !same_pixels(picture, whole))
			fail_msg("%s: half decoded when cut at %zu of %zu", path, cut, size);
		if (picture == NULL) {
			assert_true(reason[0] != '\0');
			refused++;
		}
		picture_unref(picture);
	}
	assert_true(refused > size / 3);
	free(bytes);
	picture_unref(whole);
}

static void test_truncated_files_are_refused(void **state)
{
	(void)state;
	assert_never_half_decoded(sample_save_png(&files, "t.png", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		"c.png");
	assert_never_half_decoded(sample_save_jpeg(&files, "t.jpg", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		"c.jpg");
	assert_never_half_decoded(sample_save_bmp(&files, "t.bmp", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		"c.bmp");
	assert_never_half_decoded(sample_save_tiff(&files, "t.tif", SAMPLE_WIDTH, SAMPLE_HEIGHT, 1),
		"c.tif");
	assert_never_half_decoded(files_write(&files, "t.webp", sample_webp, sizeof(sample_webp)),
		"c.webp");
	assert_never_half_decoded(files_write(&files, "t2.webp", sample_animated_webp,
					  sizeof(sample_animated_webp)),
		"c2.webp");
	assert_never_half_decoded(files_write(&files, "t.gif", sample_gif, sizeof(sample_gif)),
		"c.gif");
	assert_never_half_decoded(sample_save_qoi(&files, "t.qoi"), "c.qoi");
	assert_never_half_decoded(sample_save_ppm(&files, "t.ppm"), "c.ppm");
	assert_never_half_decoded(sample_save_text(&files, "t.svg", sample_svg), "c.svg");
	assert_never_half_decoded(sample_save_text(&files, "t.xpm", sample_xpm), "c.xpm");
}

static void test_a_truncated_photo_says_so(void **state)
{
	size_t size;
	uint8_t *bytes = files_read(sample_save_jpeg(&files, "photo.jpg", 640, 480), &size);

	(void)state;
	assert_refused(files_write(&files, "half.jpg", bytes, size / 2), LIMIT,
		"ends too early: the file is truncated");
	free(bytes);
}

/* ---- orientation ----------------------------------------------------------------------------- */

enum { TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT };

/* Where three corners of the stored image are shown, by the EXIF standard's words. */
static const struct {
	int first;  /* row 0, column 0 */
	int end;    /* row 0, last column */
	int bottom; /* last row, column 0 */
} shown_at[9] = {
	[1] = {TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT},
	[2] = {TOP_RIGHT, TOP_LEFT, BOTTOM_RIGHT},
	[3] = {BOTTOM_RIGHT, BOTTOM_LEFT, TOP_RIGHT},
	[4] = {BOTTOM_LEFT, BOTTOM_RIGHT, TOP_LEFT},
	[5] = {TOP_LEFT, BOTTOM_LEFT, TOP_RIGHT},
	[6] = {TOP_RIGHT, BOTTOM_RIGHT, TOP_LEFT},
	[7] = {BOTTOM_RIGHT, TOP_RIGHT, BOTTOM_LEFT},
	[8] = {BOTTOM_LEFT, TOP_LEFT, BOTTOM_RIGHT},
};

static uint32_t corner(const struct picture *picture, int where)
{
	bool right = where == TOP_RIGHT || where == BOTTOM_RIGHT;
	bool bottom = where == BOTTOM_LEFT || where == BOTTOM_RIGHT;

	return pixel(picture, right ? picture->pixels.width - 1 : 0,
		bottom ? picture->pixels.height - 1 : 0);
}

/* An EXIF block that has nothing but an orientation. */
static size_t make_exif(uint8_t *to, int orientation)
{
	const uint8_t block[26] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0,
		(uint8_t)orientation, 0, 0, 0, 0, 0, 0, 0};

	memcpy(to, block, sizeof(block));
	return sizeof(block);
}

/* The sum of PNG's chunks, the slow way. */
static uint32_t crc32_of(const uint8_t *bytes, size_t size)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void put_be32(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Puts `inserted` bytes into a file at `at`. */
static const char *insert(const char *path, const char *name, size_t at, const uint8_t *inserted,
	size_t count)
{
	size_t size;
	uint8_t *bytes = files_read(path, &size);
	uint8_t *longer = malloc(size + count);

	assert_non_null(longer);
	memcpy(longer, bytes, at);
	memcpy(longer + at, inserted, count);
	memcpy(longer + at + count, bytes + at, size - at);
	path = files_write(&files, name, longer, size + count);
	free(longer);
	free(bytes);
	return path;
}

static const char *png_with_exif(int width, int height, int orientation)
{
	uint8_t chunk[64] = {0, 0, 0, 0, 'e', 'X', 'I', 'f'};
	uint32_t size = (uint32_t)make_exif(chunk + 8, orientation);

	put_be32(chunk, size);
	put_be32(chunk + 8 + size, crc32_of(chunk + 4, 4 + size));
	return insert(sample_save_png(&files, "plain.png", width, height), "turned.png", 33, chunk,
		12 + size);
}

static void test_photos_stand_upright(void **state)
{
	static const int sizes[][2] = {{3, 2}, {37, 21}, {16, 32}, {1, 40}, {40, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (int o = 1; o <= 8; o++) {
			int w = sizes[i][0], h = sizes[i][1];
			struct picture *picture = decode_whole(png_with_exif(w, h, o));

			assert_int_equal(picture->pixels.width, o < 5 ? w : h);
			assert_int_equal(picture->pixels.height, o < 5 ? h : w);
			assert_int_equal(picture->width, picture->pixels.width);
			assert_int_equal(corner(picture, shown_at[o].first), sample_colour(0, 0));
			assert_int_equal(corner(picture, shown_at[o].end), sample_colour(w - 1, 0));
			assert_int_equal(corner(picture, shown_at[o].bottom),
				sample_colour(0, h - 1));
			picture_unref(picture);
		}
	}
}

/* Not only the corners: strips of rows must meet without a gap. */
static void test_turning_moves_every_pixel(void **state)
{
	(void)state;
	for (int o = 5; o <= 8; o++) {
		struct picture *picture = decode_whole(png_with_exif(37, 21, o));

		for (uint32_t y = 0; y < 21; y++) {
			for (uint32_t x = 0; x < 37; x++) {
				uint32_t across = o == 6 || o == 7 ? 20 - y : y;
				uint32_t down = o == 7 || o == 8 ? 36 - x : x;

				assert_int_equal(pixel(picture, across, down),
					sample_colour((int)x, (int)y));
			}
		}
		picture_unref(picture);
	}
}

static void test_jpeg_and_tiff_turn_too(void **state)
{
	uint8_t segment[64] = {0xff, 0xe1, 0, 0, 'E', 'x', 'i', 'f', 0, 0};

	(void)state;
	for (int o = 1; o <= 8; o++) {
		size_t size = 8 + make_exif(segment + 10, o);
		struct picture *picture;

		segment[3] = (uint8_t)size;
		picture = decode_whole(insert(sample_save_jpeg(&files, "plain.jpg", 24, 16),
			"turned.jpg", 2, segment, size + 2));
		assert_int_equal(picture->pixels.width, o < 5 ? 24 : 16);
		picture_unref(picture);

		picture = decode_whole(sample_save_tiff(&files, "turned.tif", 24, 16, (uint32_t)o));
		assert_int_equal(picture->pixels.width, o < 5 ? 24 : 16);
		assert_int_equal(corner(picture, shown_at[o].first) & 0xff, 0);
		assert_int_equal(corner(picture, shown_at[o].end) & 0xff, 23);
		assert_int_equal(corner(picture, shown_at[o].bottom) & 0xff, 30);
		picture_unref(picture);
	}
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* SDL_image's reader of XPM would end the program at each of these. */
static void test_damaged_xpm_does_no_harm(void **state)
{
	static const char *const texts[] = {
		"/* XPM */ \"2 1 1 1\", \"a c red\", \"ab\",\n};", /* no such colour */
		"/* XPM */ \"1 1 1 5000\", \"a c red\", \"a\",\n};",
		"/* XPM */ \"1 1 1 4\", \"abcd\", \"abcd\",\n};",
		"/* XPM */ \"1 1 1000000000 8\", \"a c red\", \"a\",\n};",
		"/* XPM */ \"1000000 1 1 8000\", \"a c red\", \"a\",\n};",
		"/* XPM */ \"-1 1 1 1\", \"a c red\", \"a\",\n};",
		"/* XPM */ \"0 1 1 1\", \"a c red\", \"a\",\n};",
		"/* XPM */ \"1 2 1 1\", \"a c red\", \"a\"",
		"/* XPM */ \"",
		"/* XPM */",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_refused(sample_save_text(&files, "damaged.xpm", texts[i]), LIMIT, "XPM");
}

/* Bytes changed at random (the same ones each time): any result will do, but no crash. */
static void test_damaged_files_do_no_harm(void **state)
{
	const char *paths[] = {
		sample_save_png(&files, "d.png", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		sample_save_jpeg(&files, "d.jpg", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		sample_save_bmp(&files, "d.bmp", SAMPLE_WIDTH, SAMPLE_HEIGHT),
		files_write(&files, "d.webp", sample_animated_webp, sizeof(sample_animated_webp)),
		files_write(&files, "d.gif", sample_gif, sizeof(sample_gif)),
		sample_save_tiff(&files, "d.tif", SAMPLE_WIDTH, SAMPLE_HEIGHT, 6),
		sample_save_text(&files, "d.xpm", sample_xpm),
		sample_save_ppm(&files, "d.ppm"),
	};
	unsigned seed = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		size_t size;
		uint8_t *bytes = files_read(paths[i], &size);

		for (int round = 0; round < 300; round++) {
			size_t at = (size_t)rand_r(&seed) % size;
			uint8_t was = bytes[at];
			char path[PATH_MAX];

			bytes[at] = (uint8_t)rand_r(&seed);
			snprintf(path, sizeof(path), "%s/damaged", files.folder);
			FILE *file = fopen(path, "wb");
			assert_non_null(file);
			fwrite(bytes, 1, size, file);
			fclose(file);
			picture_unref(decode(path, LIMIT, (char[TEXT_REASON_MAX]){0}));
			bytes[at] = was;
		}
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lossless_formats_keep_every_pixel),
		cmocka_unit_test(test_what_is_known_of_a_file),
		cmocka_unit_test(test_every_other_format_opens),
		cmocka_unit_test(test_transparency_is_found_where_it_is),
		cmocka_unit_test(test_of_animations_the_first_frame),
		cmocka_unit_test(test_four_inks_become_colours),
		cmocka_unit_test(test_each_kind_of_thing_has_its_reason),
		cmocka_unit_test(test_a_socket_has_its_reason),
		cmocka_unit_test(test_unreadable_files_say_the_remedy),
		cmocka_unit_test(test_what_is_no_image_is_refused),
		cmocka_unit_test(test_promises_are_refused_before_memory_is_taken),
		cmocka_unit_test(test_the_limit_counts_for_pixels_and_files),
		cmocka_unit_test(test_the_need_is_known_before),
		cmocka_unit_test(test_truncated_files_are_refused),
		cmocka_unit_test(test_a_truncated_photo_says_so),
		cmocka_unit_test(test_photos_stand_upright),
		cmocka_unit_test(test_turning_moves_every_pixel),
		cmocka_unit_test(test_jpeg_and_tiff_turn_too),
		cmocka_unit_test(test_damaged_xpm_does_no_harm),
		cmocka_unit_test(test_damaged_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

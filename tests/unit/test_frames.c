/*
 * test_frames.c - streams of frames: how each kind is stored in a slot, and what is refused.
 * test_frames_ends.c tests how streams end.
 */
#include "streams.h"

static void expect_refused(const char *text, const char *why)
{
	struct stream stream = {0};
	struct vitrine_image image;
	struct frames *frames;

	add_text(&stream, text);
	frames = open_whole(&stream, NULL);
	assert_int_equal(frames_next(frames, &image), FRAMES_BAD);
	if (strstr(frames_reason(frames), why) == NULL)
		fail_msg("expected \"%s\", got \"%s\"", why, frames_reason(frames));
	end(frames);
}

/* ---- YUV4MPEG2 ------------------------------------------------------------------------------- */

static void test_y4m(void **state)
{
	static const uint8_t first[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
	struct stream stream = {0};
	struct frames *frames;

	(void)state;
	add_text(&stream, "YUV4MPEG2 W3 H3 F30000:1001 Ip A1:1 C420jpeg Xanything\nFRAME\n");
	add(&stream, first, 17); /* 9 + 4 + 4 */
	add_text(&stream, "FRAME Ixyz Xmore\n");
	add_bytes(&stream, 100, 17);
	frames = open_whole(&stream, NULL);
	expect_frame(frames, VITRINE_YU12, 3, 3, first, 17);
	assert_string_equal(frames_kind(frames), "YUV4MPEG2");
	assert_true(frames_rate(frames) > 29.96 && frames_rate(frames) < 29.98);
	expect_frame(frames, VITRINE_YU12, 3, 3, stream.bytes + stream.size - 17, 17);
	expect_end(frames);
}

static void test_y4m_behind_another(void **state)
{
	struct stream stream = {0};
	struct frames *frames;

	(void)state;
	for (int i = 0; i < 2; i++) {
		add_text(&stream, "YUV4MPEG2 W2 H2 F25:1\nFRAME\n");
		add_bytes(&stream, 7, 6);
	}
	frames = open_whole(&stream, NULL);
	expect_frame(frames, VITRINE_YU12, 2, 2, "\7\10\11\12\13\14", 6);
	expect_frame(frames, VITRINE_YU12, 2, 2, "\7\10\11\12\13\14", 6);
	expect_end(frames);
}

/* Chroma for every pixel, or for every two, is reduced to chroma for every four. */
static void test_y4m_chroma(void **state)
{
	static const uint8_t luma[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	static const uint8_t u444[] = {10, 20, 30, 30, 40, 50, 60, 70, 80};
	static const uint8_t v444[] = {100, 100, 100, 100, 100, 100, 100, 100, 101};
	static const uint8_t from444[] = {
		1, 2, 3, 4, 5, 6, 7, 8, 9, 25, 40, 65, 80, 100, 100, 100, 101};
	static const uint8_t u422[] = {10, 20, 30, 40, 50, 60};
	static const uint8_t from422[] = {
		1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 30, 50, 60, 20, 30, 50, 60};
	struct stream stream = {0};
	struct frames *frames;

	(void)state;
	add_text(&stream, "YUV4MPEG2 W3 H3 C444\nFRAME\n");
	add(&stream, luma, 9);
	add(&stream, u444, 9);
	add(&stream, v444, 9);
	add_text(&stream, "YUV4MPEG2 W3 H3 C422\nFRAME\n");
	add(&stream, luma, 9);
	add(&stream, u422, 6);
	add(&stream, u422, 6);
	frames = open_whole(&stream, NULL);
	expect_frame(frames, VITRINE_YU12, 3, 3, from444, sizeof(from444));
	expect_frame(frames, VITRINE_YU12, 3, 3, from422, sizeof(from422));
	expect_end(frames);
}

/* Video is published with limited range, grey with full range. */
static void test_y4m_range(void **state)
{
	struct stream stream = {0};
	struct frames *frames;

	(void)state;
	add_text(&stream, "YUV4MPEG2 W2 H2 C420jpeg XCOLORRANGE=FULL\nFRAME\n");
	add(&stream, "\x00\x80\xff\x01\x00\xff", 6);
	add_text(&stream, "YUV4MPEG2 W2 H2 Cmono\nFRAME\n");
	add(&stream, "\x10\xeb\x00\xff", 4);
	add_text(&stream, "YUV4MPEG2 W2 H2 Cmono XCOLORRANGE=FULL\nFRAME\n");
	add(&stream, "\x10\xeb\x00\xff", 4);
	frames = open_whole(&stream, NULL);
	expect_frame(frames, VITRINE_YU12, 2, 2, "\x10\x7e\xeb\x11\x10\xf0", 6);
	expect_frame(frames, VITRINE_R8, 2, 2, "\x00\xff\x00\xff", 4);
	expect_frame(frames, VITRINE_R8, 2, 2, "\x10\xeb\x00\xff", 4);
	expect_end(frames);
}

static void test_y4m_refused(void **state)
{
	(void)state;
	expect_refused("YUV4MPEG2 W2 H2 C420p17\nFRAME\n", "-pix_fmt yuv420p");
	expect_refused("YUV4MPEG2 W2 H2 C411\nFRAME\n", "411");
	expect_refused("YUV4MPEG2 W3 H2 C420p10 XYSCSS=420P10\nFRAME\n", "-pix_fmt yuv420p");
	expect_refused("YUV4MPEG2 W2 C420\nFRAME\n", "without a size");
	expect_refused("YUV4MPEG2 W0 H2\nFRAME\n", "impossible header: W0");
	expect_refused("YUV4MPEG2 W99999999999999999999 H2\nFRAME\n", "impossible header");
	expect_refused("YUV4MPEG2 W-2 H2\nFRAME\n", "impossible header: W-2");
	expect_refused("YUV4MPEG2 W2 H2\nFRAMES\n", "where FRAME is expected");
	expect_refused("YUV4MPEG2 W2 H2\n\x01\x02\n", "where FRAME is expected");
	expect_refused("YUV4MPEG2 W2 H2\n", "before its first frame");
}

static void test_y4m_changes_size(void **state)
{
	struct stream stream = {0};
	struct vitrine_image image;
	struct frames *frames;

	(void)state;
	add_text(&stream, "YUV4MPEG2 W2 H2\nFRAME\n");
	add_bytes(&stream, 1, 6);
	add_text(&stream, "YUV4MPEG2 W4 H2\nFRAME\n");
	frames = open_whole(&stream, NULL);
	expect_frame(frames, VITRINE_YU12, 2, 2, "\1\2\3\4\5\6", 6);
	assert_int_equal(frames_next(frames, &image), FRAMES_BAD);
	assert_non_null(strstr(frames_reason(frames), "from 2 x 2 to 4 x 2"));
	end(frames);
}

/* ---- PNM ------------------------------------------------------------------------------------- */

static void test_pnm(void **state)
{
	struct stream stream = {0};
	struct frames *frames;

	(void)state;
	add_text(&stream, "P5\n# a comment\n2 2 255\n");
	add(&stream, "\0\1\2\377", 4);
	add_text(&stream, "P6 1 2\n255\n");
	add(&stream, "\1\2\3\4\5\6", 6);
	add_text(&stream, "\nP6 1 1 15\n");
	add(&stream, "\0\7\17", 3);
	add_text(&stream, "P5 2 1 65535\n");
	add(&stream, "\377\377\200\0", 4);
	add_text(&stream,
		"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n");
	add(&stream, "\1\2\3\4", 4);
	add_text(&stream, "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 1\nENDHDR\n");
	add(&stream, "\1\0", 2);
	frames = open_whole(&stream, NULL);
	expect_frame(frames, VITRINE_R8, 2, 2, "\0\1\2\377", 4);
	expect_frame(frames, VITRINE_BG24, 1, 2, "\1\2\3\4\5\6", 6);
	expect_frame(frames, VITRINE_BG24, 1, 1, "\0\167\377", 3);
	expect_frame(frames, VITRINE_R8, 2, 1, "\377\200", 2);
	expect_frame(frames, VITRINE_AB24, 1, 1, "\1\2\3\4", 4);
	expect_frame(frames, VITRINE_AB24, 1, 1, "\377\377\377\0", 4);
	expect_end(frames);
}

/* P1 to P4: text, or one bit per pixel. */
static void test_pnm_plain(void **state)
{
	struct stream stream = {0};
	struct frames *frames;

	(void)state;
	add_text(&stream, "P1 # two rows\n3 2\n010\n1 1 0\nP2 2 1 15\n0 7\nP4 9 1\n");
	add(&stream, "\x80\x80", 2);
	add_text(&stream, "P3\n2 1\n255\n1 2 3 # red, green, blue\n4 5 255");
	frames = open_whole(&stream, NULL);
	expect_frame(frames, VITRINE_R8, 3, 2, "\377\0\377\0\0\377", 6);
	expect_frame(frames, VITRINE_R8, 2, 1, "\0\167", 2);
	expect_frame(frames, VITRINE_R8, 9, 1, "\0\377\377\377\377\377\377\377\0", 9);
	expect_frame(frames, VITRINE_BG24, 2, 1, "\1\2\3\4\5\377", 6);
	expect_end(frames);
}

static void test_pnm_refused(void **state)
{
	(void)state;
	expect_refused("P8 8 1\nx", "is not a stream");
	expect_refused("P3 1 1 255 1 x 3\n", "value x");
	expect_refused("P3 1 1 255 1 2", "before its first frame");
	expect_refused("P1 3 1\n012", "value 2");
	expect_refused("P6 0 1 255\n", "width 0");
	expect_refused("P6 1 -1 255\n", "height -1");
	expect_refused("P6 1 1 0\n", "largest value 0");
	expect_refused("P6 1 1 65536\n", "largest value 65536");
	expect_refused("P6 99999999999999 1 255\n", "width");
	expect_refused("P6 1xxxxxxxxxxxxxxxxxxxxxxxxxxx", "an invalid header");
	expect_refused("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\n", "DEPTH 5");
	expect_refused("P7\nWIDTH 1\nDEPTH 3\nMAXVAL 255\nENDHDR\nxxx", "missing");
}

struct anymap {
	const char *bytes;
	size_t size;
	const char *pixels; /* of its only row: R, G, B, A */
};

static void expect_file(const struct anymap *anymap)
{
	const struct decode_wish wish = {0};
	char reason[TEXT_REASON_MAX] = "";
	struct picture *picture = decode_bytes(decoder, "x", (const uint8_t *)anymap->bytes,
		anymap->size, 1 << 20, &wish, reason);

	if (picture == NULL)
		fail_msg("%.2s: %s", anymap->bytes, reason);
	for (uint32_t x = 0; x < picture->pixels.width; x++) {
		const uint8_t *at = (const uint8_t *)picture->pixels.data + (size_t)x * 4;
		const uint8_t pixel[] = {
			at[2], at[1], at[0], picture->pixels.format == VITRINE_AR24 ? at[3] : 255};

		assert_memory_equal(pixel, anymap->pixels + (size_t)x * 4, 4);
	}
	picture_unref(picture);
}

static void expect_stream(const struct anymap *anymap)
{
	struct stream stream = {0};
	struct vitrine_image image;
	struct frames *frames;
	size_t pixel;
	uint8_t *slot;

	add(&stream, anymap->bytes, anymap->size);
	frames = open_whole(&stream, NULL);
	assert_int_equal(frames_next(frames, &image), FRAMES_OK);
	slot = malloc(image.size);
	assert_non_null(slot);
	assert_int_equal(frames_fill(frames, slot, PATIENCE), FRAMES_OK);
	pixel = image.size / image.width; /* R; R, G, B; or R, G, B, A */
	for (uint32_t x = 0; x < image.width; x++)
		assert_memory_equal(slot + x * pixel, anymap->pixels + (size_t)x * 4, pixel);
	free(slot);
	expect_end(frames);
}

/* The decoder reads the same bytes as a file, with the same result. */
static void test_pnm_as_files(void **state)
{
#define BYTES(text) text, sizeof(text) - 1
	static const struct anymap anymaps[] = {
		{BYTES("P1#x\n2 1\n1 0"), "\0\0\0\377\377\377\377\377"},
		{BYTES("P2 2 1 15# a comment\n7 # another\n99"), "www\377\377\377\377\377"},
		{BYTES("P3 1 1 65535 65535 32768 0 "), "\377\200\0\377"},
		{BYTES("P4 2 1\n\x40"), "\377\377\377\377\0\0\0\377"},
		{BYTES("P5 2 1 255\n\1\2"), "\1\1\1\377\2\2\2\377"},
		{BYTES("P6\n1 1\n1023\n\3\377\2\0\0\0"), "\377\200\0\377"},
		{BYTES("P7\nWIDTH 2\n# x\nHEIGHT 1\nDEPTH 2\nMAXVAL 15\nENDHDR\n\7\0\17\7"),
			"www\0\377\377\377w"},
		{BYTES("P7\nMAXVAL  255\r\nDEPTH\t4\nHEIGHT 1\nWIDTH 1\nTUPLTYPE RGB_ALPHA\n"
		       "ENDHDR\n\1\2\3\4"),
			"\1\2\3\4"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(anymaps) / sizeof(anymaps[0]); i++) {
		expect_file(&anymaps[i]);
		expect_stream(&anymaps[i]);
	}
}

/* ---- JPEG, raw, and what is none ------------------------------------------------------------- */

static void test_jpeg(void **state)
{
	struct stream stream = {0};
	struct frames *frames;

	(void)state;
	add_jpeg(&stream);
	add_text(&stream, "\r\n--boundary\r\nContent-Type: image/jpeg\r\n\r\n");
	add_jpeg(&stream);
	frames = open_whole(&stream, NULL);
	for (int i = 0; i < 2; i++)
		free(read_frame(frames, VITRINE_XR24, SAMPLE_WIDTH, SAMPLE_HEIGHT));
	assert_string_equal(frames_kind(frames), "JPEG");
	expect_end(frames);
}

static void test_raw(void **state)
{
	const struct frames_options options = {
		.woken = -1, .format = VITRINE_NV12, .width = 2, .height = 2};
	struct stream stream = {0};
	struct frames *frames;

	(void)state;
	add_bytes(&stream, 1, 12);
	frames = open_whole(&stream, &options);
	expect_frame(frames, VITRINE_NV12, 2, 2, "\1\2\3\4\5\6", 6);
	expect_frame(frames, VITRINE_NV12, 2, 2, "\7\10\11\12\13\14", 6);
	expect_end(frames);
}

/* Sends one frame of 3 x 2 or 2 x 2 pixels in a format that slots do not support. */
static void expect_raw(const char *format, size_t stride, const void *bytes, size_t size,
	uint32_t slot, const void *expected, size_t expected_size)
{
	struct frames_options options = {
		.woken = -1, .width = 3, .height = 2, .strides = {stride, stride / 2}};
	struct stream stream = {0};
	struct frames *frames;

	assert_true(frames_format(format, &options.format));
	add(&stream, bytes, size);
	frames = open_whole(&stream, &options);
	expect_frame(frames, slot, 3, 2, expected, expected_size);
	expect_end(frames);
}

static void test_raw_converted(void **state)
{
	static const char rgb[] = "\1\2\3\4\5\6\7\10\11\1\2\3\4\5\6\7\10\11";
	static const char padded[] = "\1\2\3\4\5\6\7\10\11zzz\1\2\3\4\5\6\7\10\11zzz";
	static const char yuv[] = "\1\2\3\4\5\6\24\50\62\74";

	(void)state;
	expect_raw("rgb24", 0, rgb, 18, VITRINE_BG24, rgb, 9);
	expect_raw("bgr24", 0, rgb, 18, VITRINE_RG24, rgb, 9);
	expect_raw("rgb24", 12, padded, 24, VITRINE_BG24, rgb, 9);
	expect_raw("gray", 4, "\1\2\3z\4\5\6z", 8, VITRINE_R8, "\1\2\3\4\5\6", 6);
	expect_raw("gray16le", 0, "z\1z\2z\3z\4z\5z\6", 12, VITRINE_R8, "\1\2\3\4\5\6", 6);
	expect_raw("nv21", 0, "\1\2\3\4\5\6\62\24\74\50", 10, VITRINE_NV12,
		"\1\2\3\4\5\6\24\62\50\74", 10);
	expect_raw("yuv422p", 0, "\1\2\3\4\5\6\23\47\25\51\61\73\63\75", 14, VITRINE_YU12, yuv, 10);
	expect_raw("yuv420p", 4, "\1\2\3z\4\5\6z\24\50\62\74", 12, VITRINE_YU12, yuv, 10);
	expect_raw("yuyv422", 0, "\1\23\2\61\3\47z\73\4\25\5\63\6\51z\75", 16, VITRINE_YU12, yuv,
		10);
	expect_raw("uyvy422", 0, "\23\1\61\2\47\3\73z\25\4\63\5\51\6\75z", 16, VITRINE_YU12, yuv,
		10);
}

/* Ten bits: the low two are rounded away. */
static void test_y4m_deep(void **state)
{
	struct stream stream = {0};
	struct frames *frames;

	(void)state;
	add_text(&stream, "YUV4MPEG2 W2 H2 C420p10\nFRAME\n");
	add(&stream, "\4\0\6\0\377\3\0\2\0\2\0\1", 12);
	frames = open_whole(&stream, NULL);
	expect_frame(frames, VITRINE_YU12, 2, 2, "\1\2\377\200\200\100", 6);
	expect_end(frames);
}

/* Green of BT.709, in a frame that windows show with BT.601: (0, 192, 0) in both. */
static void test_matrix(void **state)
{
	struct frames_options options = {.woken = -1,
		.matrix = FRAMES_BT709,
		.format = VITRINE_NV12,
		.width = 2,
		.height = 2};
	struct stream stream = {0};
	struct frames *frames;
	uint8_t *slot;

	(void)state;
	add(&stream, "\x86\x86\x86\x86\x3f\x33", 6);
	frames = open_whole(&stream, &options);
	slot = read_frame(frames, VITRINE_NV12, 2, 2);
	assert_in_range(slot[0], 112, 114);
	assert_in_range(slot[4], 71, 73);
	assert_in_range(slot[5], 57, 59);
	free(slot);
	expect_end(frames);
}

/* ---- pictures that cannot be opened, and what is between ------------------------------------- */

static void test_damaged(void **state)
{
	struct stream stream = {0};
	struct vitrine_image image;
	struct frames *frames;

	(void)state;
	add_text(&stream, "\r\n--x\r\n\r\n");
	add_jpeg(&stream);
	add(&stream, sample_cmyk_jpeg, sizeof(sample_cmyk_jpeg) - 2); /* without its end */
	add_jpeg(&stream);
	add_text(&stream, "\xff\xd8\xff\xd9"); /* nothing in it */
	add_jpeg(&stream);
	frames = open_whole(&stream, NULL);
	free(read_frame(frames, VITRINE_XR24, SAMPLE_WIDTH, SAMPLE_HEIGHT));
	assert_int_equal(frames_damaged(frames), 0);
	free(read_frame(frames, VITRINE_XR24, SAMPLE_WIDTH, SAMPLE_HEIGHT));
	assert_int_equal(frames_damaged(frames), 1);
	assert_non_null(strstr(frames_reason(frames), "ends early"));
	free(read_frame(frames, VITRINE_XR24, SAMPLE_WIDTH, SAMPLE_HEIGHT));
	assert_int_equal(frames_damaged(frames), 2);
	assert_int_equal(frames_next(frames, &image), FRAMES_END);
	end(frames);
}

/* Images that tell their length: the second of three is damaged. */
static void test_images(void **state)
{
	static const uint8_t bmp[] = "BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0"
				     "\0\1\0\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				     "\0\0\3\2\1";
	static const uint8_t qoi[] = "qoif\0\0\0\1\0\0\0\1\3\0\xfe\1\2\3\0\0\0\0\0\0\0\1";
	const struct {
		const char *name;
		const uint8_t *bytes;
		size_t size, damaged; /* the byte that is changed */
	} kinds[] = {
		{"BMP", bmp, sizeof(bmp), 14},
		{"QOI", qoi, sizeof(qoi) - 1, 12},
		{"WebP", sample_webp, sizeof(sample_webp), 12},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct stream stream = {0};
		struct vitrine_image image;
		struct frames *frames;

		add(&stream, kinds[i].bytes, kinds[i].size);
		add(&stream, kinds[i].bytes, kinds[i].size);
		stream.bytes[kinds[i].size + kinds[i].damaged] ^= 0x80;
		add(&stream, kinds[i].bytes, kinds[i].size);
		frames = open_whole(&stream, NULL);
		assert_int_equal(frames_next(frames, &image), FRAMES_OK);
		assert_string_equal(frames_kind(frames), kinds[i].name);
		if (kinds[i].bytes != sample_webp) {
			uint32_t pixel;

			assert_int_equal(frames_fill(frames, &pixel, PATIENCE), FRAMES_OK);
			assert_int_equal(pixel & 0xffffff, 0x010203);
		}
		assert_int_equal(frames_next(frames, &image), FRAMES_OK);
		assert_int_equal(frames_damaged(frames), 1);
		assert_int_equal(frames_next(frames, &image), FRAMES_END);
		end(frames);
	}
}

static void test_joined_in_the_middle(void **state)
{
	struct stream stream = {0};
	struct frames *frames;

	(void)state;
	add(&stream, sample_cmyk_jpeg + 40, sizeof(sample_cmyk_jpeg) - 40);
	add_jpeg(&stream);
	frames = open_whole(&stream, NULL);
	free(read_frame(frames, VITRINE_XR24, SAMPLE_WIDTH, SAMPLE_HEIGHT));
	assert_int_equal(frames_damaged(frames), 0);
	expect_end(frames);
}

static void test_no_stream(void **state)
{
	(void)state;
	expect_refused("", "is empty");
	expect_refused("P", "is not a stream of frames (it begins with 50)");
	expect_refused("This is a text, not a stream.", "54 68 69 73");
	expect_refused("\x89PNG\r\n\x1a\n", "before its first frame");
	expect_refused("Setting pipeline to PAUSED ...", "-q");
	expect_refused("\x1a\x45\xdf\xa3 a film", "Matroska");
	expect_refused("....ftypavif....", "is an AVIF image, whose end in a stream");
	expect_refused("MM.\x2a....", "4d 4d 2e 2a");
	expect_refused("\xfe\xfe\xfe of no kind", "fe fe fe");
}

static void test_one_file(void **state)
{
	const struct frames_options options = {
		.woken = -1, .may_be_file = true, .limit = 1 << 20, .decoder = decoder};
	struct stream stream = {0};
	struct vitrine_image image;
	struct frames *frames;
	char slot[64] = "";

	(void)state;
	add_text(&stream, "This is a text, not a stream.");
	frames = open_whole(&stream, &options);
	assert_int_equal(frames_next(frames, &image), FRAMES_OK);
	assert_int_equal(image.kind, VITRINE_FILE);
	assert_int_equal(image.size, stream.size);
	assert_string_equal(image.media_type, "text/plain");
	assert_int_equal(frames_fill(frames, slot, PATIENCE), FRAMES_OK);
	assert_string_equal(slot, "This is a text, not a stream.");
	expect_end(frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_y4m),
		cmocka_unit_test(test_y4m_behind_another),
		cmocka_unit_test(test_y4m_chroma),
		cmocka_unit_test(test_y4m_range),
		cmocka_unit_test(test_y4m_refused),
		cmocka_unit_test(test_y4m_changes_size),
		cmocka_unit_test(test_pnm),
		cmocka_unit_test(test_pnm_plain),
		cmocka_unit_test(test_pnm_refused),
		cmocka_unit_test(test_pnm_as_files),
		cmocka_unit_test(test_jpeg),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_raw_converted),
		cmocka_unit_test(test_y4m_deep),
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_images),
		cmocka_unit_test(test_joined_in_the_middle),
		cmocka_unit_test(test_no_stream),
		cmocka_unit_test(test_one_file),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

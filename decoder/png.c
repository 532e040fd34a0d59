/*
 * png.c - PNG by libpng: converts every kind to eight bits per component, with the colours that
 * browsers show. Missing pixels are grey. libpng reports an error by calling a function that must
 * not return, so it jumps back to the start of decoding with longjmp(); then only libpng's own
 * memory and `png->whole` must be freed.
 */
#ifdef HAVE_LIBPNG
#include <ctype.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "colour.h"
#include "reader.h"

struct png {
	const struct reading *reading;
	struct colour colour;
	struct reading coloured; /* with `colour` as its sink */
	png_structp read;
	png_infop info;
	size_t at;      /* in the source's bytes */
	bool is_at_end; /* the library wanted more bytes than the file has */
	bool has_begun; /* the sink has */
	uint32_t width, height;
	uint32_t row;     /* the next one */
	uint32_t *whole;  /* all rows of an interlaced image */
	char message[64]; /* the first error or warning of the pixels */
};

/* ---- libpng calls these ---------------------------------------------------------------------- */

static void keep_message(struct png *png, const char *message)
{
	if (png->message[0] == '\0')
		snprintf(png->message, sizeof(png->message), "%s", message);
}

static void fail(png_structp read, png_const_charp message)
{
	struct png *png = png_get_error_ptr(read);

	keep_message(png, message);
	longjmp(png_jmpbuf(read), 1);
}

/* libpng's warnings before the pixels (a bad profile, odd chunks) do not affect them. */
static void warn(png_structp read, png_const_charp message)
{
	struct png *png = png_get_error_ptr(read);

	if (png->has_begun)
		keep_message(png, message);
}

static void read_bytes(png_structp read, png_bytep to, size_t size)
{
	struct png *png = png_get_io_ptr(read);
	const struct raster_source *source = png->reading->source;

	if (size > source->size - png->at) {
		png->is_at_end = true;
		png_error(read, "ends too early");
	}
	memcpy(to, source->bytes + png->at, size);
	png->at += size;
}

/*
 * ---- before the pixels
 * -----------------------------------------------------------------------------
 */

/* The EXIF block that ImageMagick keeps as text: "\nexif\n  38\n4578696600…". */
static uint32_t orientation_of_text(const char *text)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t block[4096];
	size_t size = 0;
	int high = -1;

	for (int line = 0; line < 3; line++) {
		text = strchr(text, '\n');
		if (text == NULL)
			return 1;
		text++;
	}
	for (; *text != '\0' && size < sizeof(block); text++) {
		const char *digit = strchr(digits, tolower((unsigned char)*text));

		if (digit == NULL)
			continue;
		if (high >= 0)
			block[size++] = (uint8_t)(high << 4 | (int)(digit - digits));
		high = high >= 0 ? -1 : (int)(digit - digits);
	}
	return exif_orientation(block, size);
}

static uint32_t find_orientation(const struct png *png)
{
	png_textp texts = NULL;
	int count = png_get_text(png->read, png->info, &texts, NULL);

	if (png->reading->header->exif != NULL)
		return file_orientation(png->reading->header);
	for (int i = 0; i < count; i++)
		if ((strcmp(texts[i].key, "Raw profile type exif") == 0 ||
			    strcmp(texts[i].key, "Raw profile type APP1") == 0) &&
			texts[i].text != NULL)
			return orientation_of_text(texts[i].text);
	return 1;
}

static bool is_near(double a, double b, double distance)
{
	return a > b - distance && a < b + distance;
}

/* gAMA and cHRM, used if no profile takes precedence. */
static void take_numbers(struct png *png)
{
	struct colour_numbers numbers = {
		{0.3127, 0.3290}, {0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}, 0};
	double gamma = 0, n[8];
	const bool has_gamma = png_get_gAMA(png->read, png->info, &gamma) != 0 && gamma > 0.05;
	const bool has_primaries = png_get_cHRM(png->read, png->info, &n[0], &n[1], &n[2], &n[3],
					   &n[4], &n[5], &n[6], &n[7]) != 0;

	/* 1 / 2.2: in nearly all files with this value it means sRGB. */
	if (has_gamma && !is_near(gamma, 0.45455, 0.0228))
		numbers.gamma = 1 / gamma;
	if (has_primaries)
		numbers = (struct colour_numbers){
			{n[0], n[1]}, {n[2], n[3]}, {n[4], n[5]}, {n[6], n[7]}, numbers.gamma};
	if (has_gamma || has_primaries)
		colour_by_numbers(&png->colour, png->reading, &numbers);
}

static void take_colours(struct png *png)
{
	png_charp name;
	png_bytep profile = NULL;
	png_uint_32 size = 0;
	int compression;

	colour_by_profile(&png->colour, png->reading, COLOUR_RGB, NULL, 0);
	if (png_get_valid(png->read, png->info, PNG_INFO_iCCP) != 0 &&
		png_get_iCCP(png->read, png->info, &name, &compression, &profile, &size) != 0)
		colour_by_profile(&png->colour, png->reading, COLOUR_RGB, profile, size);
	else if (png_get_valid(png->read, png->info, PNG_INFO_sRGB) == 0)
		take_numbers(png);
	png->coloured = colour_reading(png->reading, &png->colour);
}

/* Converts every kind to words 0xAARRGGBB. */
static void set_transforms(struct png *png)
{
	png_set_expand(png->read);
	png_set_strip_16(png->read);
	png_set_gray_to_rgb(png->read);
	png_set_bgr(png->read);
	png_set_filler(png->read, 0xff, PNG_FILLER_AFTER);
}

/* ---- the pixels ------------------------------------------------------------------------------ */

static void read_rows(struct png *png)
{
	const struct reading *reading = &png->coloured;

	for (; png->row < png->height; png->row++) {
		uint32_t count = 1;
		uint32_t *to = reading->sink->room(reading->sink, &count);

		png_read_row(png->read, (png_bytep)to, NULL);
		reading->result->is_opaque &= reading_are_opaque(to, png->width);
		reading->sink->put(reading->sink, 1);
	}
}

/* Seven passes, each with more detail. */
static void read_interlaced(struct png *png, int passes)
{
	const size_t count = (size_t)png->width * png->height;

	png->whole = malloc(count * 4);
	if (png->whole == NULL)
		png_error(png->read, "not enough memory");
	for (size_t i = 0; i < count; i++)
		png->whole[i] = UINT32_C(0xff808080);
	for (int pass = 0; pass < passes; pass++)
		for (uint32_t y = 0; y < png->height; y++)
			png_read_row(png->read, NULL,
				(png_bytep)(png->whole + (size_t)y * png->width));
}

static bool read_pixels(struct png *png)
{
	png_read_info(png->read, png->info);
	png->width = png_get_image_width(png->read, png->info);
	png->height = png_get_image_height(png->read, png->info);
	take_colours(png);
	set_transforms(png);
	const int passes = png_set_interlace_handling(png->read);
	png_read_update_info(png->read, png->info);
	if (png_get_rowbytes(png->read, png->info) != (size_t)png->width * 4)
		png_error(png->read, "of an unknown kind");
	if (!reading_begin(&png->coloured, png->width, png->height, find_orientation(png)))
		return false;
	png->has_begun = true;
	if (passes > 1)
		read_interlaced(png, passes);
	else
		read_rows(png);
	png_read_end(png->read, NULL);
	return true;
}

/* After an error: keeps what was decoded; the rest is grey. */
static void finish(struct png *png)
{
	if (png->whole != NULL)
		reading_put_rows(&png->coloured, png->whole, png->width, png->width, png->height);
	else
		reading_put_grey(&png->coloured, png->width, png->height - png->row);
}

static void take_notes(const struct png *png)
{
	const bool is_short = strstr(png->message, "Not enough image data") != NULL ||
			      strstr(png->message, "Too few") != NULL;

	if (png->is_at_end || is_short) {
		reading_note_incomplete(png->reading);
	} else if (png->message[0] != '\0') {
		reading_note_damaged(png->reading, png->message);
	}
	reading_note_frames(png->reading, png->reading->header->frames);
}

static bool fail_beginning(const struct png *png)
{
	if (png->is_at_end)
		return reading_fail_cut(png->reading);
	return reading_fail_library(png->reading, png->message);
}

static bool read_png(struct png *png)
{
	if (setjmp(png_jmpbuf(png->read)) == 0) {
		if (!read_pixels(png))
			return false;
	} else if (!png->has_begun) {
		return fail_beginning(png);
	}
	finish(png);
	take_notes(png);
	return true;
}

bool png_read(const struct reading *reading)
{
	struct png *png = calloc(1, sizeof(*png));
	bool is_read = false;

	if (png == NULL)
		return reading_fail_memory(reading);
	png->reading = reading;
	png->read = png_create_read_struct(PNG_LIBPNG_VER_STRING, png, fail, warn);
	png->info = png->read != NULL ? png_create_info_struct(png->read) : NULL;
	if (png->info != NULL) {
		png_set_read_fn(png->read, png, read_bytes);
		png_set_crc_action(png->read, PNG_CRC_WARN_USE, PNG_CRC_WARN_USE);
		png_set_user_limits(png->read, INT32_MAX, INT32_MAX);
		is_read = read_png(png);
	} else {
		reading_fail_memory(reading);
	}
	png_destroy_read_struct(&png->read, &png->info, NULL);
	free(png->whole);
	free(png);
	return is_read;
}
#else
extern int png_is_left_to_sdl;
#endif

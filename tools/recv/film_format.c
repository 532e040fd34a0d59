/*
 * film_format.c - see film_format.h. The matrix of colours follows the rule of the windows and of
 * --stream's readers: BT.709 from 720 rows up, BT.601 below.
 */
#include "film_format.h"

#include <stdio.h>
#include <string.h>

#include "vitrine.h"

#define FRAME_MARK "FRAME\n"
#define HD_ROWS    720

static const char *const kinds[] = {"", "y4m", "raw", "mjpeg"};

bool film_kind_of(const char *text, enum film_kind *kind)
{
	for (enum film_kind i = FILM_Y4M; i <= FILM_JPEG; i++)
		if (strcmp(text, kinds[i]) == 0) {
			*kind = i;
			return true;
		}
	return false;
}

const char *film_pixel_format(uint32_t format)
{
	switch (format) {
	case VITRINE_XR24: return "bgr0";
	case VITRINE_AR24: return "bgra";
	case VITRINE_XB24: return "rgb0";
	case VITRINE_AB24: return "rgba";
	case VITRINE_RG24: return "bgr24";
	case VITRINE_BG24: return "rgb24";
	case VITRINE_R8: return "gray";
	case VITRINE_NV12: return "nv12";
	default: return "yuv420p";
	}
}

static bool is_video(uint32_t format)
{
	return format == VITRINE_YU12 || format == VITRINE_NV12;
}

/* Bytes per pixel of a format that is neither grey nor video. */
static size_t pixel_bytes(const struct pixels *pixels)
{
	return pixels->format == VITRINE_RG24 || pixels->format == VITRINE_BG24 ? 3 : 4;
}

/* The exact fraction of rates such as 29.97 and 59.94. */
static void rate_of(double fps, unsigned *numerator, unsigned *denominator)
{
	const double ntsc = fps * 1001 / 1000;
	const unsigned whole = (unsigned)(ntsc + 0.5);

	*denominator = 1;
	*numerator = (unsigned)(fps + 0.5);
	if (fps == (double)*numerator)
		return;
	if (ntsc - whole < 0.01 && whole - ntsc < 0.01) {
		*numerator = whole * 1000;
		*denominator = 1001;
	} else {
		*numerator = (unsigned)(fps * 1000 + 0.5);
		*denominator = 1000;
	}
}

const char *film_header(char header[FILM_HEADER_MAX], enum film_kind kind,
	const struct pixels *pixels, double fps)
{
	/*
	 * The position of the chroma samples: video is passed on unchanged; for other images they
	 * are computed for the middle of four pixels.
	 */
	const char *chroma = pixels->format == VITRINE_R8 ? "mono"
			     : is_video(pixels->format)   ? "420mpeg2"
							  : "420jpeg";
	unsigned numerator, denominator;

	header[0] = '\0';
	if (kind != FILM_Y4M)
		return header;
	rate_of(fps, &numerator, &denominator);
	snprintf(header, FILM_HEADER_MAX, "YUV4MPEG2 W%u H%u F%u:%u Ip A1:1 C%s XCOLORRANGE=%s\n",
		pixels->width, pixels->height, numerator, denominator, chroma,
		pixels->format == VITRINE_R8 ? "FULL" : "LIMITED");
	return header;
}

static size_t chroma_width(const struct pixels *pixels)
{
	return ((size_t)pixels->width + 1) / 2;
}

static size_t chroma_height(const struct pixels *pixels)
{
	return ((size_t)pixels->height + 1) / 2;
}

size_t film_frame_size(enum film_kind kind, const struct pixels *pixels)
{
	const size_t luma = (size_t)pixels->width * pixels->height;
	const size_t chroma = 2 * chroma_width(pixels) * chroma_height(pixels);
	const size_t mark = kind == FILM_Y4M ? strlen(FRAME_MARK) : 0;

	if (pixels->format == VITRINE_R8)
		return mark + luma;
	if (kind == FILM_Y4M || is_video(pixels->format))
		return mark + luma + chroma;
	return mark + pixel_bytes(pixels) * luma;
}

/* Copies the planes of YU12, or of NV12 unchanged. */
static uint8_t *copy_video(uint8_t *to, const struct pixels *pixels)
{
	const size_t pitch = pixels->pitch, rows = chroma_height(pixels);
	const uint8_t *chroma = pixels->data + pitch * pixels->height;
	const size_t chroma_pitch =
		pixels->format == VITRINE_NV12 ? (pitch + 1) / 2 * 2 : (pitch + 1) / 2;

	to = pixels_copy_rows(to, pixels->data, pitch, pixels->width, pixels->height);
	if (pixels->format == VITRINE_NV12)
		return pixels_copy_rows(to, chroma, chroma_pitch, 2 * chroma_width(pixels), rows);
	to = pixels_copy_rows(to, chroma, chroma_pitch, chroma_width(pixels), rows);
	return pixels_copy_rows(to, chroma + chroma_pitch * rows, chroma_pitch,
		chroma_width(pixels), rows);
}

/* Copies NV12, and splits its chroma into two planes. */
static uint8_t *split_video(uint8_t *to, const struct pixels *pixels)
{
	const size_t width = chroma_width(pixels), rows = chroma_height(pixels);
	const size_t pitch = ((size_t)pixels->pitch + 1) / 2 * 2;
	const uint8_t *from = pixels->data + (size_t)pixels->pitch * pixels->height;
	uint8_t *v;

	to = pixels_copy_rows(to, pixels->data, pixels->pitch, pixels->width, pixels->height);
	v = to + width * rows;
	for (size_t row = 0; row < rows; row++, from += pitch)
		for (size_t x = 0; x < width; x++) {
			*to++ = from[2 * x];
			*v++ = from[2 * x + 1];
		}
	return v;
}

/* ---- colours --------------------------------------------------------------------------------- */

/* The contributions of red, green and blue in limited range, in 1/65536. */
struct matrix {
	int32_t y[3], u[3], v[3];
};

static const struct matrix bt601 = {
	{16829, 33039, 6416}, {-9714, -19070, 28784}, {28784, -24103, -4681}};
static const struct matrix bt709 = {
	{11966, 40254, 4064}, {-6596, -22188, 28784}, {28784, -26145, -2639}};

static uint8_t weigh(const int32_t parts[3], int32_t red, int32_t green, int32_t blue,
	int32_t offset, int shift)
{
	const int32_t sum = parts[0] * red + parts[1] * green + parts[2] * blue;

	return (uint8_t)((sum + (offset << shift) + (1 << (shift - 1))) >> shift);
}

struct colours {
	const struct matrix *matrix;
	const struct pixels *pixels;
	size_t pixel;  /* bytes */
	int red, blue; /* their offsets in a pixel */
};

static void convert_luma(uint8_t *luma, const struct colours *colours, size_t row)
{
	const struct pixels *pixels = colours->pixels;
	const uint8_t *pixel = pixels->data + row * pixels->pitch;

	for (uint32_t x = 0; x < pixels->width; x++, pixel += colours->pixel)
		luma[x] = weigh(colours->matrix->y, pixel[colours->red], pixel[1],
			pixel[colours->blue], 16, 16);
}

/*
 * Computes one U and one V from the sum of four pixels; at an odd edge, the last pixels count
 * twice.
 */
static void convert_chroma(uint8_t *u, uint8_t *v, const struct colours *colours, size_t row)
{
	const struct pixels *pixels = colours->pixels;
	const uint8_t *upper = pixels->data + 2 * row * pixels->pitch;
	const uint8_t *lower = 2 * row + 1 < pixels->height ? upper + pixels->pitch : upper;
	const int at[3] = {colours->red, 1, colours->blue};

	for (uint32_t x = 0; x < chroma_width(pixels); x++) {
		const size_t left = 2 * colours->pixel * x;
		const size_t right = 2 * x + 1 < pixels->width ? left + colours->pixel : left;
		int32_t sums[3];

		for (int i = 0; i < 3; i++)
			sums[i] = upper[left + (size_t)at[i]] + upper[right + (size_t)at[i]] +
				  lower[left + (size_t)at[i]] + lower[right + (size_t)at[i]];
		u[x] = weigh(colours->matrix->u, sums[0], sums[1], sums[2], 128, 18);
		v[x] = weigh(colours->matrix->v, sums[0], sums[1], sums[2], 128, 18);
	}
}

static uint8_t *convert_colours(uint8_t *to, const struct pixels *pixels)
{
	const bool is_red_first = pixels->format == VITRINE_XB24 ||
				  pixels->format == VITRINE_AB24 || pixels->format == VITRINE_BG24;
	const struct colours colours = {
		.matrix = pixels->height >= HD_ROWS ? &bt709 : &bt601,
		.pixels = pixels,
		.pixel = pixel_bytes(pixels),
		.red = is_red_first ? 0 : 2,
		.blue = is_red_first ? 2 : 0,
	};
	const size_t width = chroma_width(pixels), rows = chroma_height(pixels);
	uint8_t *u = to + (size_t)pixels->width * pixels->height, *v = u + width * rows;

	for (size_t row = 0; row < pixels->height; row++, to += pixels->width)
		convert_luma(to, &colours, row);
	for (size_t row = 0; row < rows; row++, u += width, v += width)
		convert_chroma(u, v, &colours, row);
	return v;
}

size_t film_frame(uint8_t *frame, enum film_kind kind, const struct pixels *pixels)
{
	uint8_t *to = frame;

	if (kind == FILM_Y4M) {
		memcpy(to, FRAME_MARK, strlen(FRAME_MARK));
		to += strlen(FRAME_MARK);
	}
	if (pixels->format == VITRINE_R8)
		to = pixels_copy_rows(to, pixels->data, pixels->pitch, pixels->width,
			pixels->height);
	else if (kind == FILM_Y4M && pixels->format == VITRINE_NV12)
		to = split_video(to, pixels);
	else if (is_video(pixels->format))
		to = copy_video(to, pixels);
	else if (kind == FILM_Y4M)
		to = convert_colours(to, pixels);
	else
		to = pixels_copy_rows(to, pixels->data, pixels->pitch,
			pixel_bytes(pixels) * pixels->width, pixels->height);
	return (size_t)(to - frame);
}

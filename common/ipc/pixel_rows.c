/*
 * pixel_rows.c - see pixel_rows.h. Each loop is written so that the compiler vectorises it, or so
 * that it needs one load and one store per pixel.
 */
#include "pixel_rows.h"

#include <string.h>

#include "vitrine.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	"a pixel's first byte is a word's lowest");

#define INLINE static inline __attribute__((always_inline))

/* Compiles two versions of a function; the loader chooses the one that suits the processor. */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) && !defined(VITRINE_SANITIZED)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

unsigned rows_pixel_bytes(uint32_t format)
{
	switch (format) {
	case VITRINE_R8: return 1;
	case VITRINE_RG24:
	case VITRINE_BG24: return 3;
	case VITRINE_XR24:
	case VITRINE_AR24:
	case VITRINE_XB24:
	case VITRINE_AB24: return 4;
	default: return 0;
	}
}

size_t rows_type_bytes(uint32_t type)
{
	switch (type) {
	case VITRINE_UINT8: return 1;
	case VITRINE_UINT16: return 2;
	case VITRINE_FLOAT32: return 4;
	case VITRINE_FLOAT64: return 8;
	default: return 0;
	}
}

/* ---- packed formats -------------------------------------------------------------------------- */

struct recipe {
	unsigned to, from;     /* bytes per pixel */
	bool swaps, is_opaque; /* exchange red and blue; set alpha to 255 */
};

/* A pixel as a word: the pixel's first byte is the lowest byte, alpha the highest. */
INLINE uint32_t word_of(const uint8_t *from, unsigned bytes, bool is_last)
{
	uint32_t word = 0;

	if (bytes == 1)
		return from[0] * UINT32_C(0x010101);
	/*
	 * Four bytes need only one load. If a pixel has three, the fourth belongs to the next
	 * pixel.
	 */
	memcpy(&word, from, is_last ? bytes : 4);
	return word;
}

/* The luma of BT.601, with Pillow's rounding. The word's lowest byte is red. */
INLINE uint32_t grey_of(uint32_t word)
{
	return ((word & 0xff) * 19595 + (word >> 8 & 0xff) * 38470 + (word >> 16 & 0xff) * 7471 +
		       0x8000) >>
	       16;
}

INLINE void one_pixel(uint8_t *to, const uint8_t *from, struct recipe how, bool is_last)
{
	uint32_t word = word_of(from, how.from, is_last);

	if (how.swaps)
		word = (word & 0xff00ff00) | (word & 0xff) << 16 | (word >> 16 & 0xff);
	if (how.is_opaque)
		word |= 0xff000000;
	if (how.to == 1)
		*to = (uint8_t)grey_of(word);
	else
		memcpy(to, &word, 4);
}

/* Converts to three bytes per pixel, byte by byte: the compiler turns this into shuffles. */
INLINE void to_three(uint8_t *restrict to, const uint8_t *restrict from, struct recipe how,
	size_t count)
{
	const size_t second = how.from == 1 ? 0 : 1, third = how.from == 1 ? 0 : 2;

	for (size_t i = 0; i < count; i++) {
		to[3 * i] = from[how.from * i + (how.swaps ? third : 0)];
		to[3 * i + 1] = from[how.from * i + second];
		to[3 * i + 2] = from[how.from * i + (how.swaps ? 0 : third)];
	}
}

INLINE void convert(uint8_t *restrict to, const uint8_t *restrict from, struct recipe how,
	size_t count)
{
	if (how.to == 3) {
		to_three(to, from, how, count);
		return;
	}
	for (size_t i = 0; i + 1 < count; i++)
		one_pixel(to + i * how.to, from + i * how.from, how, false);
	if (count > 0)
		one_pixel(to + (count - 1) * how.to, from + (count - 1) * how.from, how, true);
}

/*
 * Calls convert() with constants, so that the compiler generates a separate loop for each pair of
 * pixel sizes.
 */
INLINE void convert_to(uint8_t *to, unsigned to_bytes, const uint8_t *from, struct recipe how,
	size_t count)
{
	if (to_bytes == 1)
		convert(to, from, (struct recipe){1, how.from, how.swaps, false}, count);
	else if (to_bytes == 3)
		convert(to, from, (struct recipe){3, how.from, how.swaps, false}, count);
	else
		convert(to, from, (struct recipe){4, how.from, how.swaps, how.is_opaque}, count);
}

static bool has_alpha(uint32_t format)
{
	return format == VITRINE_AR24 || format == VITRINE_AB24;
}

static bool is_red_first(uint32_t format)
{
	return format == VITRINE_BG24 || format == VITRINE_XB24 || format == VITRINE_AB24;
}

WIDE void rows_reorder(uint8_t *to, uint32_t to_format, const uint8_t *from, uint32_t from_format,
	size_t count)
{
	const unsigned bytes = rows_pixel_bytes(to_format);
	const bool is_opaque = !has_alpha(from_format) || !has_alpha(to_format);
	/* Grey is computed from words whose first byte is red. */
	const bool swaps = is_red_first(from_format) != (bytes == 1 || is_red_first(to_format));

	switch (rows_pixel_bytes(from_format)) {
	case 1: convert_to(to, bytes, from, (struct recipe){0, 1, false, true}, count); break;
	case 3:
		if (swaps)
			convert_to(to, bytes, from, (struct recipe){0, 3, true, true}, count);
		else
			convert_to(to, bytes, from, (struct recipe){0, 3, false, true}, count);
		break;
	default:
		if (swaps)
			convert_to(to, bytes, from, (struct recipe){0, 4, true, is_opaque}, count);
		else
			convert_to(to, bytes, from, (struct recipe){0, 4, false, is_opaque}, count);
	}
}

/* ---- numbers --------------------------------------------------------------------------------- */

INLINE float clipped_float(float value, float most)
{
	value = value > 0 ? value : 0; /* 0 for NaN, too */
	return (value < most ? value : most) + 0.5f;
}

INLINE double clipped_double(double value, double most)
{
	value = value > 0 ? value : 0;
	return (value < most ? value : most) + 0.5;
}

/* Precomputes the result for each of the 256 bytes. */
static void fill_table(uint8_t table[256], double low, double scale)
{
	for (int i = 0; i < 256; i++)
		table[i] = (uint8_t)(int)clipped_float((float)((i - low) * scale), 255);
}

WIDE static void narrow_uint8(uint8_t *restrict to, const uint8_t *restrict from, size_t count,
	const struct rows_numbers *numbers)
{
	uint8_t table[256];

	if (numbers->is_default_range) {
		memcpy(to, from, count);
		return;
	}
	fill_table(table, numbers->low, 255 / (numbers->high - numbers->low));
	for (size_t i = 0; i < count; i++)
		to[i] = table[from[i]];
}

WIDE static void narrow_uint16(uint8_t *restrict to, const uint16_t *restrict from, size_t count,
	const struct rows_numbers *numbers)
{
	const float low = (float)numbers->low;
	const float scale = (float)(255 / (numbers->high - numbers->low));

	if (numbers->is_default_range) {
		for (size_t i = 0; i < count; i++)
			to[i] = (uint8_t)(from[i] >> 8);
		return;
	}
	for (size_t i = 0; i < count; i++)
		to[i] = (uint8_t)(int)clipped_float(((float)from[i] - low) * scale, 255);
}

WIDE static void narrow_float32(uint8_t *restrict to, const float *restrict from, size_t count,
	const struct rows_numbers *numbers)
{
	const float low = (float)numbers->low;
	const float scale = (float)(255 / (numbers->high - numbers->low));

	for (size_t i = 0; i < count; i++)
		to[i] = (uint8_t)(int)clipped_float((from[i] - low) * scale, 255);
}

WIDE static void narrow_float64(uint8_t *restrict to, const double *restrict from, size_t count,
	const struct rows_numbers *numbers)
{
	const double low = numbers->low;
	const double scale = 255 / (numbers->high - numbers->low);

	for (size_t i = 0; i < count; i++)
		to[i] = (uint8_t)(int)clipped_double((from[i] - low) * scale, 255);
}

void rows_narrow(uint8_t *to, const void *from, size_t count, const struct rows_numbers *numbers)
{
	switch (numbers->type) {
	case VITRINE_UINT8: narrow_uint8(to, from, count, numbers); break;
	case VITRINE_UINT16: narrow_uint16(to, from, count, numbers); break;
	case VITRINE_FLOAT32: narrow_float32(to, from, count, numbers); break;
	default: narrow_float64(to, from, count, numbers);
	}
}

WIDE void rows_widen(void *to, const uint8_t *from, size_t count,
	const struct rows_numbers *numbers)
{
	const double low = numbers->low;
	const double span = numbers->high - numbers->low;
	uint8_t *bytes = to;
	uint16_t *words = to;
	float *floats = to;
	double *doubles = to;

	switch (numbers->type) {
	case VITRINE_UINT8:
		for (size_t i = 0; i < count; i++)
			bytes[i] = (uint8_t)(int)clipped_double(from[i] * span / 255 + low, 255);
		break;
	case VITRINE_UINT16:
		for (size_t i = 0; i < count; i++)
			words[i] = (uint16_t)(int)clipped_double(from[i] * span / 255 + low, 65535);
		break;
	case VITRINE_FLOAT32:
		for (size_t i = 0; i < count; i++)
			floats[i] = (float)from[i] * (float)span / 255.0f + (float)low;
		break;
	default:
		for (size_t i = 0; i < count; i++)
			doubles[i] = from[i] * span / 255 + low;
	}
}

/* ---- YUV ------------------------------------------------------------------------------------- */

/*
 * Colours are computed in units of 1/73 of the difference between two adjacent byte values. Luma is
 * stretched by 255/219 = 85/73, so its part of a colour is a whole number of units. Only the part
 * of chroma is rounded to a unit, which changes a byte value by at most 0.007. The sum of both
 * parts is between -21062 and 39935 units. After subtraction of MIDDLE it fits into 16 bits, and a
 * vector holds twice as many 16-bit numbers as 32-bit numbers.
 */
enum {
	UNIT = 73,
	LIGHT = 85,
	MIDDLE = 129 * UNIT,
	WHITE = 255 * UNIT + UNIT - 1,
	HALF = 0x8000,
	BLOCK = 256, /* pixels: the data of a block fits into the L1 cache */
};

/* The contributions of U and V to red, green and blue, in 1/65536 of a unit. */
struct matrix {
	int32_t red_v, green_u, green_v, blue_u;
};

static const struct matrix bt601 = {104597 * UNIT, -25675 * UNIT, -53279 * UNIT, 132201 * UNIT};
static const struct matrix bt709 = {117489 * UNIT, -13975 * UNIT, -34925 * UNIT, 138438 * UNIT};

bool rows_have_bt709(uint32_t height)
{
	return height >= 720;
}

/* Converts the sum of both parts, luma * LIGHT and the shift, to a byte. */
INLINE uint8_t component(int16_t sum)
{
	sum = sum > -MIDDLE ? sum : -MIDDLE;
	sum = sum < WHITE - MIDDLE ? sum : WHITE - MIDDLE;
	return (uint8_t)((uint16_t)(sum + MIDDLE) / UNIT);
}

/*
 * For each pixel of a block, everything that is added to luma * LIGHT: the part of chroma, the
 * black level, the rounding, and -MIDDLE.
 */
struct shifts {
	int16_t red[BLOCK], green[BLOCK], blue[BLOCK];
};

INLINE int16_t shift_of(int32_t sum)
{
	return (int16_t)(((sum + HALF) >> 16) + UNIT / 2 - 16 * LIGHT - MIDDLE);
}

INLINE void compute_shifts(struct shifts *restrict shifts, const struct rows_yuv *yuv, size_t first,
	size_t step, size_t pairs)
{
	const struct matrix *matrix = yuv->has_bt709 ? &bt709 : &bt601;
	const uint8_t *restrict u = yuv->u + first * step;
	const uint8_t *restrict v = yuv->v + first * step;

	for (size_t i = 0; i < pairs; i++) {
		const int32_t du = u[i * step] - 128;
		const int32_t dv = v[i * step] - 128;
		const int16_t red = shift_of(matrix->red_v * dv);
		const int16_t green = shift_of(matrix->green_u * du + matrix->green_v * dv);
		const int16_t blue = shift_of(matrix->blue_u * du);

		shifts->red[2 * i] = shifts->red[2 * i + 1] = red;
		shifts->green[2 * i] = shifts->green[2 * i + 1] = green;
		shifts->blue[2 * i] = shifts->blue[2 * i + 1] = blue;
	}
}

/* The colours of a block, one array per component. */
struct planes {
	uint8_t red[BLOCK], green[BLOCK], blue[BLOCK];
};

INLINE void compute_colours(struct planes *restrict planes, const struct shifts *restrict shifts,
	const uint8_t *restrict luma, size_t step, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const int16_t light = (int16_t)(luma[i * step] * LIGHT);

		planes->red[i] = component((int16_t)(light + shifts->red[i]));
		planes->green[i] = component((int16_t)(light + shifts->green[i]));
		planes->blue[i] = component((int16_t)(light + shifts->blue[i]));
	}
}

INLINE void weave_three(uint8_t *restrict to, const uint8_t *restrict first,
	const uint8_t *restrict second, const uint8_t *restrict third, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		to[3 * i] = first[i];
		to[3 * i + 1] = second[i];
		to[3 * i + 2] = third[i];
	}
}

INLINE void weave_four(uint8_t *restrict to, const uint8_t *restrict first,
	const uint8_t *restrict second, const uint8_t *restrict third, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const uint32_t word =
			first[i] | (uint32_t)second[i] << 8 | (uint32_t)third[i] << 16 | 0xff000000;

		memcpy(to + 4 * i, &word, 4);
	}
}

WIDE void rows_colour(uint8_t *const to[], uint32_t format, const struct rows_yuv *yuv,
	size_t count)
{
	const unsigned pixel = rows_pixel_bytes(format);
	const unsigned rows = yuv->below != NULL ? 2 : 1;
	const uint8_t *const luma[] = {yuv->luma, yuv->below};
	struct shifts shifts;
	struct planes planes;
	const uint8_t *first = is_red_first(format) ? planes.red : planes.blue;
	const uint8_t *third = is_red_first(format) ? planes.blue : planes.red;

	for (size_t done = 0; done < count; done += BLOCK) {
		const size_t pixels = count - done < BLOCK ? count - done : BLOCK;
		const size_t pairs = (pixels + 1) / 2;

		if (yuv->chroma_step == 1)
			compute_shifts(&shifts, yuv, done / 2, 1, pairs);
		else if (yuv->chroma_step == 2)
			compute_shifts(&shifts, yuv, done / 2, 2, pairs);
		else
			compute_shifts(&shifts, yuv, done / 2, yuv->chroma_step, pairs);
		for (unsigned row = 0; row < rows; row++) {
			const uint8_t *from = luma[row] + done * yuv->luma_step;
			uint8_t *out = to[row] + done * pixel;

			if (yuv->luma_step == 1)
				compute_colours(&planes, &shifts, from, 1, pixels);
			else
				compute_colours(&planes, &shifts, from, yuv->luma_step, pixels);
			if (pixel == 3)
				weave_three(out, first, planes.green, third, pixels);
			else
				weave_four(out, first, planes.green, third, pixels);
		}
	}
}

WIDE void rows_grey(uint8_t *to, const struct rows_yuv *yuv, size_t count)
{
	for (size_t i = 0; i < count; i++)
		to[i] = component((int16_t)(yuv->luma[i * yuv->luma_step] * LIGHT + shift_of(0)));
}

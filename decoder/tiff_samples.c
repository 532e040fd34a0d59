/*
 * tiff_samples.c - see tiff.h: signed and unsigned integers of 1 to 32 bits, and floats, as grey,
 * RGB, CMYK or L*a*b*, with or without alpha. Measurements rarely use the range of their type:
 * signed or 32-bit values, and floats outside of 0 to 1, are stretched from their smallest value to
 * their largest.
 */
#ifdef HAVE_LIBTIFF
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "colour.h"
#include "tiff.h"
#include "translate.h"

struct samples {
	TIFF *file;
	uint32_t width, height;
	uint16_t bits, format, photometric;
	uint16_t count;     /* samples per pixel in the file */
	uint16_t used;      /* number of these that are colours: 1, 3 or 4 */
	uint16_t kept;      /* the same, and alpha, if there is one */
	bool is_multiplied; /* the colours are multiplied by alpha */
	bool is_planar;     /* one component after the other */
	float *values;      /* width * height * kept */
};

/* ---- one sample ------------------------------------------------------------------------------ */

/* A float of a sign, an exponent and `bits` of mantissa. */
static float short_float(uint32_t value, int bits, int exponent_bits)
{
	const int most = (1 << exponent_bits) - 1, bias = most / 2;
	const int exponent = (int)(value >> bits) & most;
	const uint32_t mantissa = value & ((1u << bits) - 1);
	float result;

	if (exponent == most)
		result = mantissa == 0 ? INFINITY : NAN;
	else if (exponent == 0)
		result = ldexpf((float)mantissa, 1 - bias - bits);
	else
		result = ldexpf((float)(mantissa | 1u << bits), exponent - bias - bits);
	return (value >> (bits + exponent_bits) & 1u) != 0 ? -result : result;
}

static float float_at(const uint8_t *row, size_t i, uint16_t bits)
{
	uint32_t value = 0;
	uint16_t half;
	double precise;
	float real;

	switch (bits) {
	case 16: memcpy(&half, row + i * 2, 2); return short_float(half, 10, 5);
	case 24:
		for (size_t byte = 0; byte < 3; byte++) {
			const bool is_little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

			value |= (uint32_t)row[i * 3 + byte] << 8 * (is_little ? byte : 2 - byte);
		}
		return short_float(value, 16, 7);
	case 32: memcpy(&real, row + i * 4, 4); return real;
	default: memcpy(&precise, row + i * 8, 8); return (float)precise;
	}
}

/* Sample `i` of a row, with any number of bits, in this machine's byte order. */
static float sample_at(const struct samples *samples, const uint8_t *row, size_t i)
{
	const bool has_sign = samples->format == SAMPLEFORMAT_INT;
	const uint16_t bits = samples->bits;
	uint32_t value = 0;

	if (samples->format == SAMPLEFORMAT_IEEEFP)
		return float_at(row, i, bits);
	if (bits == 16 || bits == 32) {
		uint16_t half;

		memcpy(bits == 16 ? (void *)&half : &value, row + i * bits / 8, bits / 8);
		if (bits == 16)
			value = half;
	} else {
		for (size_t bit = i * bits; bit < (i + 1) * bits; bit++)
			value = value << 1 | ((uint32_t)row[bit / 8] >> (7 - bit % 8) & 1u);
	}
	if (has_sign)
		return (float)((int32_t)(value << (32 - bits)) >> (32 - bits));
	return (float)value;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* A row of a strip or tile: `width` pixels from `x` on; `plane`: the component, if planar. */
static void take_row(struct samples *samples, const uint8_t *row, uint32_t x, uint32_t y,
	uint32_t width, uint16_t plane)
{
	for (uint32_t i = 0; i < width && x + i < samples->width; i++) {
		float *to = samples->values + ((size_t)y * samples->width + x + i) * samples->kept;

		if (samples->is_planar)
			to[plane] = sample_at(samples, row, i);
		else
			for (uint16_t c = 0; c < samples->kept; c++)
				to[c] = sample_at(samples, row, (size_t)i * samples->count + c);
	}
}

static bool read_strips(struct samples *samples, uint8_t *row, uint16_t plane)
{
	for (uint32_t y = 0; y < samples->height; y++) {
		if (TIFFReadScanline(samples->file, row, y, plane) != 1)
			return false;
		take_row(samples, row, 0, y, samples->width, plane);
	}
	return true;
}

static bool read_tiles(struct samples *samples, uint8_t *tile, uint16_t plane)
{
	const size_t pitch = (size_t)TIFFTileRowSize(samples->file);
	uint32_t width = 0, height = 0;

	TIFFGetField(samples->file, TIFFTAG_TILEWIDTH, &width);
	TIFFGetField(samples->file, TIFFTAG_TILELENGTH, &height);
	if (width == 0 || height == 0)
		return false;
	for (uint32_t y = 0; y < samples->height; y += height)
		for (uint32_t x = 0; x < samples->width; x += width) {
			if (TIFFReadTile(samples->file, tile, x, y, 0, plane) < 0)
				return false;
			for (uint32_t i = 0; i < height && y + i < samples->height; i++)
				take_row(samples, tile + i * pitch, x, y + i, width, plane);
		}
	return true;
}

static bool read_values(struct samples *samples)
{
	const bool is_tiled = TIFFIsTiled(samples->file) != 0;
	const tmsize_t size =
		is_tiled ? TIFFTileSize(samples->file) : TIFFScanlineSize(samples->file);
	const uint16_t planes = samples->is_planar ? samples->kept : 1;
	/* Checks that a row has as many bytes as the header implies. */
	const uint64_t row = ((uint64_t)samples->width * samples->bits *
					     (samples->is_planar ? 1 : samples->count) +
				     7) /
			     8;
	uint8_t *buffer =
		size > 0 && (is_tiled || (uint64_t)size >= row) ? malloc((size_t)size) : NULL;
	bool is_read = buffer != NULL;

	for (uint16_t plane = 0; is_read && plane < planes; plane++)
		is_read = is_tiled ? read_tiles(samples, buffer, plane)
				   : read_strips(samples, buffer, plane);
	free(buffer);
	return is_read;
}

/* ---- the range ------------------------------------------------------------------------------- */

static void find_range(const struct samples *samples, float *least, float *most)
{
	const size_t count = (size_t)samples->width * samples->height * samples->kept;
	const bool is_whole = samples->format == SAMPLEFORMAT_UINT && samples->bits < 32;

	*least = 0;
	*most = is_whole ? (float)((1u << samples->bits) - 1) : 1;
	if (is_whole)
		return;
	float low = INFINITY, high = -INFINITY;
	for (size_t i = 0; i < count; i++) {
		if (i % samples->kept >= samples->used || !isfinite(samples->values[i]))
			continue;
		low = fminf(low, samples->values[i]);
		high = fmaxf(high, samples->values[i]);
	}
	if (low > high || (samples->format == SAMPLEFORMAT_IEEEFP && low >= 0 && high <= 1))
		return;
	*least = low;
	*most = high > low ? high : low + 1;
}

static uint32_t to_byte(float value, float least, float most)
{
	const float scaled = (value - least) / (most - least);

	return scaled >= 1 ? 255 : scaled > 0 ? (uint32_t)(scaled * 255 + 0.5f) : 0;
}

/* Alpha is 1 for floats, and the largest number for integers, where the pixel is opaque. */
static uint32_t alpha_of(const struct samples *samples, const float *values)
{
	if (samples->kept == samples->used)
		return 255;
	if (samples->format == SAMPLEFORMAT_IEEEFP)
		return to_byte(values[samples->used], 0, 1);
	return to_byte(values[samples->used], 0,
		ldexpf(1, samples->bits - (samples->format == SAMPLEFORMAT_INT)) - 1);
}

static uint32_t word_of(const struct samples *samples, const float *values, float least, float most)
{
	const uint32_t alpha = alpha_of(samples, values);
	uint32_t bytes[4] = {0};

	for (uint16_t c = 0; c < samples->used; c++)
		bytes[c] = to_byte(values[c], least, most);
	if (samples->photometric == PHOTOMETRIC_MINISWHITE)
		bytes[0] = 255 - bytes[0];
	if (samples->used == 1)
		bytes[1] = bytes[2] = bytes[0];
	if (samples->used == 4) /* inks: the light that remains */
		for (int c = 0; c < 3; c++)
			bytes[c] = ((255 - bytes[c]) * (255 - bytes[3]) + 127) / 255;
	for (int c = 0; c < 3 && samples->is_multiplied && alpha > 0; c++) {
		bytes[c] = (bytes[c] * 255 + alpha / 2) / alpha;
		bytes[c] = bytes[c] < 255 ? bytes[c] : 255;
	}
	return alpha << 24 | bytes[0] << 16 | bytes[1] << 8 | bytes[2];
}

static void make_words(const struct reading *reading, const struct samples *samples, uint32_t *to)
{
	const size_t count = (size_t)samples->width * samples->height;
	float least, most;

	find_range(samples, &least, &most);
	for (size_t i = 0; i < count; i++)
		to[i] = word_of(samples, samples->values + i * samples->kept, least, most);
	if (samples->format != SAMPLEFORMAT_UINT || samples->bits >= 32)
		reading_note_with(reading, N_("values %s to %s"), "%g\n%g", (double)least,
			(double)most);
}

static bool is_lab(const struct samples *samples)
{
	return samples->photometric == PHOTOMETRIC_CIELAB ||
	       samples->photometric == PHOTOMETRIC_ICCLAB;
}

/*
 * A sample as colour_of_lab() takes it: 255 or 65535 is the largest L. a and b are signed numbers
 * in CIELAB, and begin at -128 in ICCLAB, whose values of 16 bits are 256 times those of 8.
 */
static uint16_t lab_of(const struct samples *samples, float value, uint16_t c)
{
	const bool is_wide = samples->bits == 16;
	const uint32_t half = is_wide ? 32768 : 128;
	uint32_t bits = (uint32_t)value;
	float scaled = is_wide ? 1 : 257;

	if (samples->photometric == PHOTOMETRIC_CIELAB && c > 0)
		bits ^= half;
	if (is_wide && (samples->photometric == PHOTOMETRIC_ICCLAB || c > 0))
		scaled = 257.0f / 256;
	scaled *= (float)bits;
	return scaled < 65535 ? (uint16_t)lroundf(scaled) : 65535;
}

static bool make_lab(const struct reading *reading, const struct samples *samples, uint32_t *to)
{
	const size_t count = (size_t)samples->width * samples->height;
	uint16_t *lab = malloc(count * 3 * sizeof(*lab));

	for (size_t i = 0; lab != NULL && i < count; i++)
		for (uint16_t c = 0; c < 3; c++)
			lab[i * 3 + c] = lab_of(samples, samples->values[i * samples->kept + c], c);
	const bool is_made = lab != NULL && colour_of_lab(lab, to, count);
	free(lab);
	for (size_t i = 0; is_made && i < count; i++)
		to[i] = (to[i] & 0xffffff) | alpha_of(samples, samples->values + i * samples->kept)
						     << 24;
	return is_made || reading_fail_memory(reading);
}

/* True if the first sample after the colours is alpha. */
static void find_alpha(struct samples *samples)
{
	uint16_t count = 0, *extra = NULL;

	TIFFGetFieldDefaulted(samples->file, TIFFTAG_EXTRASAMPLES, &count, &extra);
	const bool has_alpha =
		count > 0 && samples->count > samples->used && extra[0] != EXTRASAMPLE_UNSPECIFIED;

	samples->kept = (uint16_t)(samples->used + has_alpha);
	samples->is_multiplied = has_alpha && extra[0] == EXTRASAMPLE_ASSOCALPHA;
}

/* false: the kind is not supported here either. */
static bool describe(struct samples *samples)
{
	uint16_t planar = PLANARCONFIG_CONTIG;

	samples->photometric = PHOTOMETRIC_MINISBLACK;
	TIFFGetFieldDefaulted(samples->file, TIFFTAG_BITSPERSAMPLE, &samples->bits);
	TIFFGetFieldDefaulted(samples->file, TIFFTAG_SAMPLEFORMAT, &samples->format);
	TIFFGetFieldDefaulted(samples->file, TIFFTAG_SAMPLESPERPIXEL, &samples->count);
	TIFFGetFieldDefaulted(samples->file, TIFFTAG_PLANARCONFIG, &planar);
	TIFFGetField(samples->file, TIFFTAG_PHOTOMETRIC, &samples->photometric);
	samples->is_planar = planar == PLANARCONFIG_SEPARATE;
	switch (samples->photometric) {
	case PHOTOMETRIC_MINISWHITE:
	case PHOTOMETRIC_MINISBLACK: samples->used = 1; break;
	case PHOTOMETRIC_RGB: samples->used = 3; break;
	case PHOTOMETRIC_CIELAB:
	case PHOTOMETRIC_ICCLAB:
		samples->used = 3;
		samples->format = SAMPLEFORMAT_UINT; /* whatever it says */
		if (!colour_has_lab() || (samples->bits != 8 && samples->bits != 16))
			return false;
		break;
	case PHOTOMETRIC_SEPARATED: samples->used = 4; break;
	default: return false;
	}
	find_alpha(samples);
	if (samples->format == SAMPLEFORMAT_VOID)
		samples->format = SAMPLEFORMAT_UINT;
	const bool is_float = samples->format == SAMPLEFORMAT_IEEEFP;
	return samples->count >= samples->used && samples->count <= 64 &&
	       (is_float ? samples->bits == 16 || samples->bits == 24 || samples->bits == 32 ||
				       samples->bits == 64
			 : (samples->format == SAMPLEFORMAT_UINT ||
				   samples->format == SAMPLEFORMAT_INT) &&
				       samples->bits >= 1 && samples->bits <= 32);
}

uint32_t *tiff_samples(const struct reading *reading, TIFF *file, uint32_t width, uint32_t height)
{
	struct samples samples = {.file = file, .width = width, .height = height};
	const size_t count = (size_t)width * height;
	uint32_t *words = NULL;

	if (!describe(&samples))
		return NULL;
	samples.values = calloc(count * samples.kept, sizeof(float));
	if (samples.values == NULL)
		reading_fail_memory(reading);
	else if (read_values(&samples) && (words = malloc(count * 4)) == NULL)
		reading_fail_memory(reading);
	if (words != NULL && !is_lab(&samples)) {
		make_words(reading, &samples, words);
	} else if (words != NULL && !make_lab(reading, &samples, words)) {
		free(words);
		words = NULL;
	}
	free(samples.values);
	return words;
}
#else
extern int tiff_samples_are_left_to_sdl;
#endif

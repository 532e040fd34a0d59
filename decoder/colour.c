/*
 * colour.c - see colour.h. Most profiles consist of a curve per component and a matrix: these are
 * applied with tables, in one or two nanoseconds per pixel. Three tables, one per component,
 * combine the curve and the matrix: an entry holds the component's share of all three results in a
 * 64-bit word, so adding three words applies the matrix. A last table converts linear light to
 * sRGB.
 *
 * lcms2 applies all other profiles (colour tables, inks).
 */
#include "colour.h"

#include <string.h>

#ifdef HAVE_LCMS2
#include <lcms2.h>
#include <math.h>
#include <stdlib.h>

#define FIELD      21 /* bits for each of the three results */
#define FIELD_MASK ((UINT64_C(1) << FIELD) - 1)
#define ONE        8191 /* the value 1 of linear light */
#define RANGE_MAX  (1 << 17)

struct colour_way {
	enum { WAY_MATRIX, WAY_LEVELS, WAY_TRANSFORM } kind;
	uint64_t light[3][256]; /* of red, green and blue */
	uint8_t *srgb[3];       /* indexed by the sum of a result's fields */
	uint32_t levels[256];   /* grey */
	cmsHTRANSFORM transform;
	uint32_t opaque; /* set in all pixels after the transform, which ignores alpha */
};

/* The profile of the last file: photographs in a folder usually share one. */
static struct {
	void *profile;
	size_t size;
	enum colour_rows kind;
	struct colour_way way;
	bool is_needed;
} cached;

/* ---- making tables --------------------------------------------------------------------------- */

static double encode_srgb(double light)
{
	if (light <= 0)
		return 0;
	if (light >= 1)
		return 255;
	return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055);
}

static void invert(const double m[3][3], double to[3][3])
{
	const double determinant = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
				   m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
				   m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) {
			const int a = (j + 1) % 3, b = (j + 2) % 3, c = (i + 1) % 3,
				  d = (i + 2) % 3;

			to[i][j] = (m[a][c] * m[b][d] - m[a][d] * m[b][c]) / determinant;
		}
}

/* Columns: the XYZ of red, green and blue, relative to D50. false: the profile does not say. */
static bool read_matrix(cmsHPROFILE profile, double matrix[3][3])
{
	static const cmsTagSignature tags[] = {
		cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag};

	for (int i = 0; i < 3; i++) {
		const cmsCIEXYZ *xyz = cmsReadTag(profile, tags[i]);

		if (xyz == NULL)
			return false;
		matrix[0][i] = xyz->X;
		matrix[1][i] = xyz->Y;
		matrix[2][i] = xyz->Z;
	}
	return true;
}

/* From linear light of the profile to that of sRGB. */
static bool find_matrix(cmsHPROFILE profile, double result[3][3])
{
	cmsHPROFILE srgb = cmsCreate_sRGBProfile();
	double from[3][3], to[3][3], back[3][3];
	bool is_there = srgb != NULL && read_matrix(profile, from) && read_matrix(srgb, to);

	if (srgb != NULL)
		cmsCloseProfile(srgb);
	if (!is_there)
		return false;
	invert(to, back);
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) {
			result[i][j] = 0;
			for (int k = 0; k < 3; k++)
				result[i][j] += back[i][k] * from[k][j];
			if (!(fabs(result[i][j]) < 8))
				return false;
		}
	return true;
}

/* The sums of one result, from `least` to `most`, as sRGB. false: no memory. */
static bool make_srgb(uint8_t **table, int least, int most)
{
	*table = malloc((size_t)(most - least) + 1);
	for (int i = least; *table != NULL && i <= most; i++)
		(*table)[i - least] = (uint8_t)(encode_srgb((double)i / ONE) + 0.5);
	return *table != NULL;
}

static bool make_tables(struct colour_way *way, double curves[3][256], double matrix[3][3])
{
	memset(way->light, 0, sizeof(way->light));
	for (int result = 0; result < 3; result++) {
		int least = 0, most = 0;

		for (int component = 0; component < 3; component++) {
			int values[256], low = INT32_MAX, high = INT32_MIN;

			for (int i = 0; i < 256; i++) {
				values[i] = (int)lrint(curves[component][i] *
						       matrix[result][component] * ONE);
				low = values[i] < low ? values[i] : low;
				high = values[i] > high ? values[i] : high;
			}
			for (int i = 0; i < 256; i++)
				way->light[component][i] |= (uint64_t)(values[i] - low)
							    << FIELD * result;
			least += low;
			most += high;
		}
		if (most - least > RANGE_MAX || !make_srgb(&way->srgb[result], least, most))
			return false;
	}
	way->kind = WAY_MATRIX;
	return true;
}

static bool make_matrix_way(struct colour_way *way, cmsHPROFILE profile)
{
	static const cmsTagSignature tags[] = {
		cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
	double curves[3][256], matrix[3][3];

	if (!find_matrix(profile, matrix))
		return false;
	for (int i = 0; i < 3; i++) {
		const cmsToneCurve *curve = cmsReadTag(profile, tags[i]);

		if (curve == NULL)
			return false;
		for (int v = 0; v < 256; v++) {
			const double light = cmsEvalToneCurveFloat(curve, (float)v / 255);

			curves[i][v] = light > 0 ? (light < 1 ? light : 1) : 0;
		}
	}
	return make_tables(way, curves, matrix);
}

static bool make_transform(struct colour_way *way, cmsHPROFILE profile, uint32_t from)
{
	cmsHPROFILE srgb = cmsCreate_sRGBProfile();

	way->kind = WAY_TRANSFORM;
	way->opaque = from == TYPE_BGRA_8 ? 0 : UINT32_C(0xff000000);
	way->transform = srgb != NULL ? cmsCreateTransform(profile, from, srgb, TYPE_BGRA_8,
						INTENT_PERCEPTUAL,
						from == TYPE_BGRA_8 ? cmsFLAGS_COPY_ALPHA : 0)
				      : NULL;
	if (srgb != NULL)
		cmsCloseProfile(srgb);
	return way->transform != NULL;
}

static bool make_levels(struct colour_way *way, cmsHPROFILE profile)
{
	uint8_t greys[256];

	if (!make_transform(way, profile, TYPE_GRAY_8))
		return false;
	for (int i = 0; i < 256; i++)
		greys[i] = (uint8_t)i;
	cmsDoTransform(way->transform, greys, way->levels, 256);
	cmsDeleteTransform(way->transform);
	way->transform = NULL;
	way->kind = WAY_LEVELS;
	return true;
}

static bool make_way(struct colour_way *way, cmsHPROFILE profile, enum colour_rows kind)
{
	const cmsColorSpaceSignature space = cmsGetColorSpace(profile);

	if (kind != COLOUR_RGB)
		return space == cmsSigCmykData &&
		       make_transform(way, profile,
			       kind == COLOUR_CMYK ? TYPE_CMYK_8 : TYPE_CMYK_8_REV);
	if (space == cmsSigGrayData)
		return make_levels(way, profile);
	if (space != cmsSigRgbData)
		return false;
	if (!cmsIsTag(profile, cmsSigAToB0Tag) && make_matrix_way(way, profile))
		return true;
	return make_transform(way, profile, TYPE_BGRA_8);
}

static void free_way(struct colour_way *way)
{
	for (int i = 0; i < 3; i++)
		free(way->srgb[i]);
	if (way->transform != NULL)
		cmsDeleteTransform(way->transform);
	*way = (struct colour_way){0};
}

/* ---- using them ------------------------------------------------------------------------------ */

static void convert_by_matrix(const struct colour_way *way, uint32_t *pixels, size_t count)
{
	const uint64_t *reds = way->light[0], *greens = way->light[1], *blues = way->light[2];
	const uint8_t *r = way->srgb[0], *g = way->srgb[1], *b = way->srgb[2];

	for (size_t i = 0; i < count; i++) {
		const uint32_t pixel = pixels[i];
		const uint64_t light =
			reds[pixel >> 16 & 255] + greens[pixel >> 8 & 255] + blues[pixel & 255];

		pixels[i] = (pixel & UINT32_C(0xff000000)) | (uint32_t)r[light & FIELD_MASK] << 16 |
			    (uint32_t)g[light >> FIELD & FIELD_MASK] << 8 | b[light >> 2 * FIELD];
	}
}

static void convert(const struct colour_way *way, uint32_t *pixels, size_t count)
{
	switch (way->kind) {
	case WAY_MATRIX: convert_by_matrix(way, pixels, count); return;
	case WAY_LEVELS:
		for (size_t i = 0; i < count; i++)
			pixels[i] = (pixels[i] & UINT32_C(0xff000000)) |
				    (way->levels[pixels[i] & 255] & 0xffffff);
		return;
	case WAY_TRANSFORM: break;
	}
	cmsDoTransform(way->transform, pixels, pixels, (cmsUInt32Number)count);
	for (size_t i = 0; i < count; i++)
		pixels[i] |= way->opaque;
}

/* True if the conversion changes any of a grid of colours by more than a rounding error. */
static bool changes(const struct colour_way *way)
{
	for (uint32_t r = 0; r < 256; r += 17)
		for (uint32_t g = 0; g < 256; g += 17)
			for (uint32_t b = 0; b < 256; b += 17) {
				const uint32_t was = UINT32_C(0xff000000) | r << 16 | g << 8 | b;
				uint32_t is = was;

				if (way->kind == WAY_LEVELS && (r != g || g != b))
					continue;
				convert(way, &is, 1);
				for (int shift = 0; shift < 24; shift += 8)
					if (abs((int)(was >> shift & 255) -
						    (int)(is >> shift & 255)) > 1)
						return true;
			}
	return false;
}

static bool is_cached(const void *profile, size_t size, enum colour_rows kind)
{
	return cached.profile != NULL && cached.size == size && cached.kind == kind &&
	       memcmp(cached.profile, profile, size) == 0;
}

/* Caches the transform of this profile under its key. */
static void cache(cmsHPROFILE profile, enum colour_rows kind, const void *key, size_t size)
{
	free_way(&cached.way);
	free(cached.profile);
	cached.profile = malloc(size);
	cached.size = size;
	cached.kind = kind;
	if (cached.profile != NULL)
		memcpy(cached.profile, key, size);
	cached.is_needed = make_way(&cached.way, profile, kind) &&
			   (kind != COLOUR_RGB || changes(&cached.way));
	if (cached.way.kind == WAY_TRANSFORM && cached.way.transform == NULL)
		cached.is_needed = false;
}

/* ---- the sink -------------------------------------------------------------------------------- */

static struct colour *colour_of(struct raster_sink *sink)
{
	return (struct colour *)(void *)sink;
}

static bool begin(struct raster_sink *sink, const struct raster_shape *shape,
	char reason[TEXT_REASON_MAX])
{
	struct colour *colour = colour_of(sink);

	colour->width = shape->width;
	return colour->to->begin(colour->to, shape, reason);
}

static uint32_t *room(struct raster_sink *sink, uint32_t *rows)
{
	struct colour *colour = colour_of(sink);

	colour->rows = colour->to->room(colour->to, rows);
	return colour->rows;
}

static void put(struct raster_sink *sink, uint32_t rows)
{
	struct colour *colour = colour_of(sink);

	if (colour->way != NULL)
		convert(colour->way, colour->rows, (size_t)rows * colour->width);
	colour->to->put(colour->to, rows);
}

static void open_sink(struct colour *colour, const struct reading *reading)
{
	*colour = (struct colour){.sink = {begin, room, put}, .to = reading->sink};
}

bool colour_by_profile(struct colour *colour, const struct reading *reading, enum colour_rows kind,
	const void *profile, size_t size)
{
	open_sink(colour, reading);
	if (profile == NULL || size < 128)
		return false;
	if (!is_cached(profile, size, kind)) {
		cmsHPROFILE opened = cmsOpenProfileFromMem(profile, (cmsUInt32Number)size);

		if (opened == NULL)
			return false;
		cache(opened, kind, profile, size);
		cmsCloseProfile(opened);
	}
	if (cached.is_needed)
		colour->way = &cached.way;
	return cached.is_needed;
}

bool colour_by_numbers(struct colour *colour, const struct reading *reading,
	const struct colour_numbers *numbers)
{
	const cmsCIExyY white = {numbers->white[0], numbers->white[1], 1};
	const cmsCIExyYTRIPLE primaries = {{numbers->red[0], numbers->red[1], 1},
		{numbers->green[0], numbers->green[1], 1}, {numbers->blue[0], numbers->blue[1], 1}};

	open_sink(colour, reading);
	if (!is_cached(numbers, sizeof(*numbers), COLOUR_RGB)) {
		const double srgb[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
		cmsToneCurve *curve = numbers->gamma > 0
					      ? cmsBuildGamma(NULL, numbers->gamma)
					      : cmsBuildParametricToneCurve(NULL, 4, srgb);
		cmsToneCurve *const curves[] = {curve, curve, curve};
		cmsHPROFILE profile =
			curve != NULL ? cmsCreateRGBProfile(&white, &primaries, curves) : NULL;

		if (profile != NULL)
			cache(profile, COLOUR_RGB, numbers, sizeof(*numbers));
		if (curve != NULL)
			cmsFreeToneCurve(curve);
		if (profile == NULL)
			return false;
		cmsCloseProfile(profile);
	}
	if (cached.is_needed)
		colour->way = &cached.way;
	return cached.is_needed;
}

bool colour_has_lab(void)
{
	return true;
}

bool colour_of_lab(const uint16_t *lab, uint32_t *words, size_t count)
{
	cmsHPROFILE from = cmsCreateLab4Profile(NULL);
	cmsHPROFILE srgb = cmsCreate_sRGBProfile();
	cmsHTRANSFORM transform = from != NULL && srgb != NULL
					  ? cmsCreateTransform(from, TYPE_Lab_16, srgb, TYPE_BGRA_8,
						    INTENT_PERCEPTUAL, 0)
					  : NULL;

	if (from != NULL)
		cmsCloseProfile(from);
	if (srgb != NULL)
		cmsCloseProfile(srgb);
	if (transform == NULL)
		return false;
	cmsDoTransform(transform, lab, words, (cmsUInt32Number)count);
	cmsDeleteTransform(transform);
	for (size_t i = 0; i < count; i++)
		words[i] |= UINT32_C(0xff000000);
	return true;
}
#else
struct colour_way {
	int unused;
};

static bool begin(struct raster_sink *sink, const struct raster_shape *shape,
	char reason[TEXT_REASON_MAX])
{
	struct raster_sink *to = ((struct colour *)(void *)sink)->to;

	return to->begin(to, shape, reason);
}

static uint32_t *room(struct raster_sink *sink, uint32_t *rows)
{
	struct raster_sink *to = ((struct colour *)(void *)sink)->to;

	return to->room(to, rows);
}

static void put(struct raster_sink *sink, uint32_t rows)
{
	struct raster_sink *to = ((struct colour *)(void *)sink)->to;

	to->put(to, rows);
}

bool colour_by_profile(struct colour *colour, const struct reading *reading, enum colour_rows kind,
	const void *profile, size_t size)
{
	(void)kind, (void)profile, (void)size;
	*colour = (struct colour){.sink = {begin, room, put}, .to = reading->sink};
	return false;
}

bool colour_by_numbers(struct colour *colour, const struct reading *reading,
	const struct colour_numbers *numbers)
{
	(void)numbers;
	return colour_by_profile(colour, reading, COLOUR_RGB, NULL, 0);
}

bool colour_has_lab(void)
{
	return false;
}

bool colour_of_lab(const uint16_t *lab, uint32_t *words, size_t count)
{
	(void)lab, (void)words, (void)count;
	return false;
}
#endif

struct reading colour_reading(const struct reading *reading, struct colour *colour)
{
	struct reading with = *reading;

	with.sink = &colour->sink;
	return with;
}

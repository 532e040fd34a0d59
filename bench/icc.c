/*
 * icc.c - measures the conversion of a photograph's colours to sRGB on one core: from Display
 * P3, as most telephones write it, by the decoder's tables. Compares it with lcms2 alone, and with
 * a copy of the same pixels, which no conversion can beat. Converts piece by piece, as a decoder
 * does.
 *
 *	bench-icc ROUNDS MEGAPIXELS
 *
 * Prints the medians in ms of processor time: by the tables, by lcms2, of the copy.
 */
#include <lcms2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "colour.h"

#define PIECE      ((size_t)128 << 10) /* pixels */
#define ROUNDS_MAX 1000

enum way { BY_TABLES, BY_LCMS2, COPY, WAYS };

static const struct colour_numbers display_p3 = {
	.white = {0.3127, 0.3290},
	.red = {0.680, 0.320},
	.green = {0.265, 0.690},
	.blue = {0.150, 0.060},
};

static uint32_t source[PIECE], piece[PIECE]; /* what is converted is overwritten */

/* Of this core alone: other programs on the machine do not count. */
static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ---- a sink that hands out the piece, and a transform of lcms2 ------------------------------- */

static bool begin(struct raster_sink *sink, const struct raster_shape *shape,
	char reason[TEXT_REASON_MAX])
{
	(void)sink, (void)shape, (void)reason;
	return true;
}

static uint32_t *room(struct raster_sink *sink, uint32_t *rows)
{
	(void)sink;
	*rows = 1;
	return piece;
}

static void put(struct raster_sink *sink, uint32_t rows)
{
	(void)sink, (void)rows;
}

static cmsHTRANSFORM make_transform(void)
{
	const struct colour_numbers *p3 = &display_p3;
	const double srgb[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
	const cmsCIExyY white = {p3->white[0], p3->white[1], 1};
	const cmsCIExyYTRIPLE primaries = {{p3->red[0], p3->red[1], 1},
		{p3->green[0], p3->green[1], 1}, {p3->blue[0], p3->blue[1], 1}};
	cmsToneCurve *curve = cmsBuildParametricToneCurve(NULL, 4, srgb);
	cmsToneCurve *const curves[] = {curve, curve, curve};

	return cmsCreateTransform(cmsCreateRGBProfile(&white, &primaries, curves), TYPE_BGRA_8,
		cmsCreate_sRGBProfile(), TYPE_BGRA_8, INTENT_PERCEPTUAL, cmsFLAGS_COPY_ALPHA);
}

/* Gradients with a little noise: neighbours are alike, as in photographs. Rows of 1024 pixels. */
static void make_photograph(void)
{
	uint32_t state = 1;

	for (uint32_t i = 0; i < PIECE; i++) {
		const uint32_t x = i % 1024, y = i / 1024;

		state = state * 1664525u + 1013904223u;
		source[i] = UINT32_C(0xff000000) | (x / 5 + (state >> 28)) << 16 |
			    (y + 60 + (state >> 24 & 15)) << 8 |
			    ((x + y) / 6 + 20 + (state >> 20 & 15));
	}
}

/* ---- measuring ------------------------------------------------------------------------------- */

static void convert_piece(enum way way, struct colour *colour, cmsHTRANSFORM transform)
{
	uint32_t rows = 1;
	uint32_t *to = colour->sink.room(&colour->sink, &rows);

	memcpy(to, source, sizeof(source));
	if (way == BY_TABLES)
		colour->sink.put(&colour->sink, rows);
	else if (way == BY_LCMS2)
		cmsDoTransform(transform, to, to, PIECE);
	__asm__ volatile("" : : "r"(to) : "memory"); /* the compiler must not leave it out */
}

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

int main(int argc, char **argv)
{
	static double ms[WAYS][ROUNDS_MAX];
	const int rounds = argc == 3 ? atoi(argv[1]) : 0;
	const size_t pieces = argc == 3 ? (size_t)atoi(argv[2]) * 1000000 / PIECE : 0;
	struct raster_sink sink = {begin, room, put};
	const struct raster_shape shape = {PIECE, 1, PIECE, 1, 1};
	struct reading reading = {.sink = &sink};
	struct colour colour;
	cmsHTRANSFORM transform = make_transform();

	if (rounds < 1 || rounds > ROUNDS_MAX || pieces == 0 || transform == NULL ||
		!colour_by_numbers(&colour, &reading, &display_p3)) {
		fprintf(stderr, "usage: bench-icc ROUNDS MEGAPIXELS\n");
		return 2;
	}
	colour.sink.begin(&colour.sink, &shape, NULL);
	make_photograph();
	for (int round = 0; round < rounds; round++)
		for (int way = 0; way < WAYS; way++) {
			const double start = now_ms();

			for (size_t i = 0; i < pieces; i++)
				convert_piece((enum way)way, &colour, transform);
			ms[way][round] = now_ms() - start;
		}
	for (int way = 0; way < WAYS; way++) {
		qsort(ms[way], (size_t)rounds, sizeof(double), compare);
		printf("%s%.3f", way > 0 ? " " : "", ms[way][rounds / 2]);
	}
	printf("\n");
	return 0;
}

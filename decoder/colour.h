/*
 * colour.h - converts colours from a file's colour space to sRGB, which screens and slots use,
 * before they reach the sink. lcms2 reads ICC profiles; without it colours are unchanged.
 */
#ifndef VITRINE_DECODER_COLOUR_H
#define VITRINE_DECODER_COLOUR_H

#include "reader.h"

/* The kinds of rows to which a profile applies. */
enum colour_rows {
	COLOUR_RGB,      /* words 0xAARRGGBB, as a sink takes them; also grey */
	COLOUR_CMYK,     /* bytes C M Y K, which are converted to such words */
	COLOUR_CMYK_REV, /* the same, 255 for no ink */
};

struct colour {
	struct raster_sink sink; /* pass the rows to this sink */
	struct raster_sink *to;
	const struct colour_way *way; /* NULL: no conversion */
	uint32_t *rows;               /* the rows that were handed out */
	uint32_t width;
};

/*
 * Makes `colour` a sink between a reader and reading->sink. If the profile is missing (NULL), is
 * that of sRGB, or cannot be used, rows are not changed. true: rows will be converted.
 */
bool colour_by_profile(struct colour *colour, const struct reading *reading, enum colour_rows kind,
	const void *profile, size_t size);

/*
 * The colour space of a file that gives it in numbers: white point and primaries as CIE xy, 0:
 * those of sRGB.
 */
struct colour_numbers {
	double white[2], red[2], green[2], blue[2];
	double gamma; /* of the file's values, such as 2.2; 0: that of sRGB */
};
bool colour_by_numbers(struct colour *colour, const struct reading *reading,
	const struct colour_numbers *numbers);

/* True if colour_of_lab() can be used. */
bool colour_has_lab(void);

/*
 * Converts L*a*b*, three values per pixel, to opaque words: 0 to 65535 for L of 0 to 100, and for a
 * and b of -128 to 127, as ICC profiles of version 4 have it. false: no memory.
 */
bool colour_of_lab(const uint16_t *lab, uint32_t *words, size_t count);

/* A copy of the reading, with this sink instead of its own. */
struct reading colour_reading(const struct reading *reading, struct colour *colour);

#endif

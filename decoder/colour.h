/*
 * colour.h - converts colours of a file's colour space to sRGB, which screens and slots use, on the
 * way to a sink. lcms2 reads ICC profiles; without it colours are unchanged.
 */
#ifndef VITRINE_DECODER_COLOUR_H
#define VITRINE_DECODER_COLOUR_H

#include "reader.h"

/* The rows of which a profile says what they mean. */
enum colour_rows {
	COLOUR_RGB,      /* words 0xAARRGGBB, as a sink takes them; of greys, too */
	COLOUR_CMYK,     /* bytes C M Y K, which become those words */
	COLOUR_CMYK_REV, /* the same, 255 for no ink */
};

struct colour {
	struct raster_sink sink; /* put the rows in here */
	struct raster_sink *to;
	const struct colour_way *way; /* NULL: as they are */
	uint32_t *rows;               /* that were handed out */
	uint32_t width;
};

/*
 * Makes `colour` a sink between a reader and reading->sink. Where the profile is missing (NULL), sRGB's,
 * or of no use, rows pass as they are. true: rows will be converted.
 */
bool colour_by_profile(struct colour *colour, const struct reading *reading, enum colour_rows kind,
	const void *profile, size_t size);

/* The same where a file says it in numbers: white and primaries as CIE xy, 0: sRGB's. */
struct colour_numbers {
	double white[2], red[2], green[2], blue[2];
	double gamma; /* of the file's values: 2.2; 0: as sRGB */
};
bool colour_by_numbers(struct colour *colour, const struct reading *reading,
	const struct colour_numbers *numbers);

/* The reading with this sink in place of its own. */
struct reading colour_reading(const struct reading *reading, struct colour *colour);

#endif

/*
 * tiff.c - TIFF by libtiff: the first page. libtiff itself converts most kinds to 32-bit words,
 * tiff_samples.c the others (floats, depths that libtiff does not support). The first message is
 * the reason.
 */
#ifdef HAVE_LIBTIFF
#include "tiff.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "colour.h"
#include "translate.h"

struct tiff {
	const struct reading *reading;
	TIFF *file;
	uint64_t at;
};

static char first_message[128]; /* from libtiff, about this file */

/* ---- libtiff calls these --------------------------------------------------------------------- */

static void keep_message(const char *module, const char *format, va_list arguments)
{
	(void)module;
	if (first_message[0] == '\0')
		vsnprintf(first_message, sizeof(first_message), format, arguments);
}

static tmsize_t read_bytes(thandle_t handle, void *to, tmsize_t size)
{
	struct tiff *tiff = handle;
	const struct raster_source *source = tiff->reading->source;
	uint64_t left = tiff->at < source->size ? source->size - tiff->at : 0;
	size_t count = (uint64_t)size < left ? (size_t)size : (size_t)left;

	memcpy(to, source->bytes + (left > 0 ? tiff->at : 0), count);
	tiff->at += count;
	return (tmsize_t)count;
}

static tmsize_t write_nothing(thandle_t handle, void *from, tmsize_t size)
{
	(void)handle, (void)from, (void)size;
	return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence)
{
	struct tiff *tiff = handle;

	if (whence == SEEK_CUR)
		offset += tiff->at;
	else if (whence == SEEK_END)
		offset += tiff->reading->source->size;
	return tiff->at = offset;
}

static int close_nothing(thandle_t handle)
{
	(void)handle;
	return 0;
}

static toff_t size_of(thandle_t handle)
{
	return ((struct tiff *)handle)->reading->source->size;
}

static int map(thandle_t handle, void **base, toff_t *size)
{
	const struct raster_source *source = ((struct tiff *)handle)->reading->source;

	*base = (void *)(uintptr_t)source->bytes; /* libtiff opens the file for reading only */
	*size = source->size;
	return 1;
}

static void unmap(thandle_t handle, void *base, toff_t size)
{
	(void)handle, (void)base, (void)size;
}

static TIFF *open_file(struct tiff *tiff)
{
	TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
	const uint64_t limit = tiff->reading->source->limit;
	TIFF *file;

	if (options == NULL)
		return NULL;
	TIFFOpenOptionsSetMaxSingleMemAlloc(options,
		limit < INT64_MAX / 2 ? (tmsize_t)limit + 65536 : (tmsize_t)(INT64_MAX / 2));
	first_message[0] = '\0';
	TIFFSetErrorHandler(keep_message);
	TIFFSetWarningHandler(NULL);
	file = TIFFClientOpenExt("image", "r", tiff, read_bytes, write_nothing, seek, close_nothing,
		size_of, map, unmap, options);
	TIFFOpenOptionsFree(options);
	return file;
}

/* ---- the pixels ------------------------------------------------------------------------------ */

/* True if a part of the pixels is beyond the end of the file. */
static bool is_cut(const struct tiff *tiff)
{
	const uint32_t count = TIFFIsTiled(tiff->file) ? TIFFNumberOfTiles(tiff->file)
						       : TIFFNumberOfStrips(tiff->file);

	for (uint32_t i = 0; i < count && i < 1u << 20; i++)
		if (TIFFGetStrileOffset(tiff->file, i) + TIFFGetStrileByteCount(tiff->file, i) >
			tiff->reading->source->size)
			return true;
	return false;
}

static bool fail_file(const struct tiff *tiff)
{
	if (tiff->file != NULL && is_cut(tiff))
		return reading_fail_cut(tiff->reading);
	return reading_fail_library(tiff->reading,
		first_message[0] != '\0' ? first_message : N_("libtiff gives no reason"));
}

static uint16_t photometric_of(TIFF *file)
{
	uint16_t photometric = PHOTOMETRIC_RGB;

	TIFFGetField(file, TIFFTAG_PHOTOMETRIC, &photometric);
	return photometric;
}

/* What the fourth component of libtiff's words is. */
enum fourth {
	FOURTH_MULTIPLIED, /* alpha, by which the colours are multiplied */
	FOURTH_STRAIGHT,   /* alpha, by which they are not */
	FOURTH_NO_ALPHA,   /* anything: the file does not say what */
};

/*
 * libtiff would multiply the colours by an alpha that is not yet a factor of them, which loses most
 * of the colours of translucent pixels. So the directory in memory now says that it is one: libtiff
 * then leaves the colours as they are in the file.
 */
static enum fourth fourth_of(TIFF *file)
{
	uint16_t count = 0, *extra = NULL;

	TIFFGetFieldDefaulted(file, TIFFTAG_EXTRASAMPLES, &count, &extra);
	if (count > 0 && extra[0] == EXTRASAMPLE_UNSPECIFIED)
		return FOURTH_NO_ALPHA;
	if (count == 0 || extra[0] != EXTRASAMPLE_UNASSALPHA)
		return FOURTH_MULTIPLIED;
	extra[0] = EXTRASAMPLE_ASSOCALPHA;
	return FOURTH_STRAIGHT;
}

/* Takes libtiff's words 0xAABBGGRR. */
static void straighten(uint32_t *pixels, size_t count, enum fourth fourth)
{
	for (size_t i = 0; i < count; i++) {
		const uint32_t r = TIFFGetR(pixels[i]), g = TIFFGetG(pixels[i]),
			       b = TIFFGetB(pixels[i]),
			       a = fourth == FOURTH_NO_ALPHA ? 255 : TIFFGetA(pixels[i]);

		pixels[i] = a == 255 || fourth != FOURTH_MULTIPLIED
				    ? a << 24 | r << 16 | g << 8 | b
				    : a << 24 | straight_alpha(r, a) << 16 |
					      straight_alpha(g, a) << 8 | straight_alpha(b, a);
	}
}

/* Decodes what libtiff supports; NULL: the reason is set. */
static uint32_t *read_words(const struct tiff *tiff, uint32_t width, uint32_t height)
{
	const size_t count = (size_t)width * height;
	uint32_t *pixels = malloc(count * 4);

	if (pixels == NULL) {
		reading_fail_memory(tiff->reading);
		return NULL;
	}
	const enum fourth fourth = fourth_of(tiff->file);
	if (TIFFReadRGBAImageOriented(tiff->file, width, height, pixels, ORIENTATION_TOPLEFT, 1)) {
		straighten(pixels, count, fourth);
		return pixels;
	}
	fail_file(tiff);
	free(pixels);
	return NULL;
}

static uint32_t orientation_of(TIFF *file)
{
	uint16_t orientation = 1;

	TIFFGetFieldDefaulted(file, TIFFTAG_ORIENTATION, &orientation);
	return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/* The orientation that remains: libtiff mirrors what it converts, but does not rotate it. */
static uint32_t orientation_left(uint32_t orientation)
{
	static const uint32_t left[] = {1, 1, 1, 1, 1, 5, 7, 5, 7};

	return left[orientation];
}

/*
 * True if libtiff converts this kind correctly. It reads signed integers as unsigned, loses the
 * alpha of inks and of 16-bit greys, misplaces pixels in a tile of grey with alpha that extends
 * beyond the right edge of the image, accepts inks of 16 bits, which it then cannot convert, and
 * converts L*a*b* for a monitor of its own.
 */
static bool suits_libtiff(const struct tiff *tiff, char why[1024])
{
	uint16_t bits = 8, format = SAMPLEFORMAT_UINT, count = 1;
	const uint16_t photometric = photometric_of(tiff->file);

	TIFFGetFieldDefaulted(tiff->file, TIFFTAG_BITSPERSAMPLE, &bits);
	TIFFGetFieldDefaulted(tiff->file, TIFFTAG_SAMPLEFORMAT, &format);
	TIFFGetFieldDefaulted(tiff->file, TIFFTAG_SAMPLESPERPIXEL, &count);
	if ((format == SAMPLEFORMAT_INT && photometric <= PHOTOMETRIC_RGB) ||
		(photometric == PHOTOMETRIC_SEPARATED && (bits == 16 || count > 4)) ||
		(photometric <= PHOTOMETRIC_MINISBLACK && count > 1) ||
		(photometric == PHOTOMETRIC_CIELAB && colour_has_lab()))
		return false;
	return TIFFRGBAImageOK(tiff->file, why);
}

/* Decodes the page. *orientation receives the orientation that remains. */
static uint32_t *read_pixels(const struct tiff *tiff, uint32_t width, uint32_t height,
	uint32_t *orientation)
{
	char why[1024] = N_("its samples have an unusual depth");
	uint32_t *pixels;

	*orientation = orientation_of(tiff->file);
	if (suits_libtiff(tiff, why)) {
		*orientation = orientation_left(*orientation);
		return read_words(tiff, width, height);
	}
	pixels = tiff_samples(tiff->reading, tiff->file, width, height);
	if (pixels == NULL && is_cut(tiff))
		reading_fail_cut(tiff->reading);
	else if (pixels == NULL && tiff->reading->reason[0] == '\0')
		reading_fail_kind(tiff->reading, first_message[0] != '\0' ? first_message : why);
	return pixels;
}

static void take_colours(const struct tiff *tiff, struct colour *colour)
{
	const uint16_t photometric = photometric_of(tiff->file);
	uint32_t size = 0;
	void *profile = NULL;

	if (photometric == PHOTOMETRIC_SEPARATED || photometric == PHOTOMETRIC_CIELAB ||
		photometric == PHOTOMETRIC_ICCLAB ||
		!TIFFGetField(tiff->file, TIFFTAG_ICCPROFILE, &size, &profile))
		profile = NULL; /* it has already been converted to RGB */
	colour_by_profile(colour, tiff->reading, COLOUR_RGB, profile, size);
}

static bool read_page(const struct tiff *tiff)
{
	const struct reading *reading = tiff->reading;
	uint32_t width = 0, height = 0, orientation;
	struct colour colour;

	TIFFGetField(tiff->file, TIFFTAG_IMAGEWIDTH, &width);
	TIFFGetField(tiff->file, TIFFTAG_IMAGELENGTH, &height);
	if (width == 0 || height == 0)
		return reading_fail(reading, N_("has no pixels"));
	if (!size_limit_allows(reading->source->limit, width, height, reading->source->size,
		    reading->reason))
		return false;
	uint32_t *pixels = read_pixels(tiff, width, height, &orientation);
	if (pixels == NULL)
		return false;
	take_colours(tiff, &colour);
	const struct reading coloured = colour_reading(reading, &colour);
	const bool has_begun = reading_begin(&coloured, width, height, orientation);
	if (has_begun)
		reading_put_rows(&coloured, pixels, width, width, height);
	free(pixels);
	return has_begun;
}

bool tiff_read(const struct reading *reading)
{
	struct tiff tiff = {.reading = reading};

	tiff.file = open_file(&tiff);
	if (tiff.file == NULL)
		return fail_file(&tiff);
	uint32_t kind = 0;
	TIFFGetField(tiff.file, TIFFTAG_SUBFILETYPE, &kind);
	bool is_read = read_page(&tiff);
	if (is_read && (kind & FILETYPE_REDUCEDIMAGE) != 0)
		reading_note(reading, N_("a preview only: dcraw_emu (package libraw-bin) "
					 "converts the photograph"));
	const uint32_t pages = is_read ? TIFFNumberOfDirectories(tiff.file) : 1;
	if (pages > 1)
		reading_note_with(reading, N_("first of %s pages"), "%u", pages);
	TIFFClose(tiff.file);
	return is_read;
}
#else
extern int tiff_is_left_to_sdl;
#endif

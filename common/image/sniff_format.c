/*
 * sniff_format.c - names the format of a file by its first bytes, or guesses by its name that it
 * holds an image. The part of sniff.h that needs tables.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "sniff.h"

struct magic {
	enum sniff_format format;
	size_t offset;
	size_t size;
	const char *bytes;
};

#define MAGIC(format, offset, bytes)                                                               \
	{                                                                                          \
		(format), (offset), sizeof(bytes) - 1, (bytes)                                     \
	}

static const struct magic magics[] = {
	MAGIC(SNIFF_PNG, 0, "\x89PNG\r\n\x1a\n"),
	MAGIC(SNIFF_JPEG, 0, "\xff\xd8\xff"),
	MAGIC(SNIFF_GIF, 0, "GIF87a"),
	MAGIC(SNIFF_GIF, 0, "GIF89a"),
	MAGIC(SNIFF_WEBP, 8, "WEBPVP8"),
	MAGIC(SNIFF_TIFF, 0, "II*\0"),
	MAGIC(SNIFF_TIFF, 0, "MM\0*"),
	MAGIC(SNIFF_TIFF, 0, "II+\0"),
	MAGIC(SNIFF_TIFF, 0, "MM\0+"),
	MAGIC(SNIFF_QOI, 0, "qoif"),
	MAGIC(SNIFF_XCF, 0, "gimp xcf "),
	MAGIC(SNIFF_XPM, 0, "/* XPM */"),
	MAGIC(SNIFF_OTHER, 8, "ILBM"),
	MAGIC(SNIFF_OTHER, 8, "PBM "),
	MAGIC(SNIFF_OTHER, 0, "P7 332"),
	MAGIC(SNIFF_OTHER, 0, "\0\0\1\0"), /* ICO */
	MAGIC(SNIFF_AVIF, 4, "ftypavif"),
	MAGIC(SNIFF_AVIF, 4, "ftypavis"),
	MAGIC(SNIFF_OTHER, 0, "\xff\x0a"), /* JPEG XL */
	MAGIC(SNIFF_OTHER, 0, "\0\0\0\x0cJXL "),
};

/* "BM" alone would be many a text file: the size of the second header must be a known one. */
static bool is_bmp(const uint8_t *bytes, size_t size)
{
	static const uint8_t sizes[] = {12, 40, 52, 56, 64, 108, 124};

	return size >= 18 && memcmp(bytes, "BM", 2) == 0 && bytes[14] != 0 &&
	       memchr(sizes, bytes[14], sizeof(sizes)) != NULL &&
	       memcmp(bytes + 15, "\0\0\0", 3) == 0;
}

/* Portable bitmaps, greymaps and pixmaps: "P6" and white space. */
static bool is_pnm(const uint8_t *bytes, size_t size)
{
	return size >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' &&
	       isspace(bytes[2]);
}

static bool is_pcx(const uint8_t *bytes, size_t size)
{
	return size >= 128 && bytes[0] == 10 && bytes[1] <= 5 && bytes[2] == 1 && bytes[3] <= 8;
}

static bool is_svg(const uint8_t *bytes, size_t size)
{
	return size > 0 && (bytes[0] == '<' || bytes[0] == 0xef || isspace(bytes[0])) &&
	       memmem(bytes, size, "<svg", 4) != NULL;
}

enum sniff_format sniff_format(const uint8_t *bytes, size_t size)
{
	if (size > SNIFF_BYTES)
		size = SNIFF_BYTES;
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		const struct magic *magic = &magics[i];

		if (size >= magic->offset + magic->size &&
			memcmp(bytes + magic->offset, magic->bytes, magic->size) == 0)
			return magic->format;
	}
	if (is_bmp(bytes, size))
		return SNIFF_BMP;
	if (is_svg(bytes, size))
		return SNIFF_SVG;
	return is_pnm(bytes, size) || is_pcx(bytes, size) ? SNIFF_OTHER : SNIFF_UNKNOWN;
}

bool sniff_is_image_name(const char *name)
{
	static const char *const endings[] = {"png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp",
		"dib", "webp", "tif", "tiff", "svg", "xpm", "avif", "heic", "heif", "jxl", "qoi",
		"pnm", "ppm", "pgm", "pbm", "xcf", "tga", "ico", "cur", "pcx", "lbm", "iff"};
	const char *dot = strrchr(name, '.');

	if (dot == NULL || dot == name)
		return false;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (strcasecmp(dot + 1, endings[i]) == 0)
			return true;
	return false;
}

/* format.c - see format.h. */
#include "format.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BY_CONVERT "convert FILE image.png (package imagemagick)"

static const struct format_info formats[FORMATS] = {
	[FORMAT_UNKNOWN] = {"unknown", "application/octet-stream", "", FORMAT_NO_DECODER, NULL},
	[FORMAT_PNG] = {"PNG", "image/png", "png\0apng\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_JPEG] = {"JPEG", "image/jpeg", "jpg\0jpeg\0jpe\0jfif\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_GIF] = {"GIF", "image/gif", "gif\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_BMP] = {"BMP", "image/bmp", "bmp\0dib\0", FORMAT_BY_SDL, NULL},
	[FORMAT_WEBP] = {"WebP", "image/webp", "webp\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_TIFF] = {"TIFF", "image/tiff", "tif\0tiff\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_HEIC] = {"HEIC", "image/heic", "heic\0heif\0hif\0", FORMAT_BY_HEIF,
		"heif-convert FILE image.png (package libheif-examples)"},
	[FORMAT_AVIF] = {"AVIF", "image/avif", "avif\0", FORMAT_BY_HEIF,
		"heif-convert FILE image.png (package libheif-examples)"},
	[FORMAT_JXL] = {"JPEG XL", "image/jxl", "jxl\0", FORMAT_BY_JXL,
		"djxl FILE image.png (package libjxl-tools)"},
	[FORMAT_SVG] = {"SVG", "image/svg+xml", "svg\0", FORMAT_BY_SVG, NULL},
	[FORMAT_SVGZ] = {"SVG", "image/svg+xml-compressed", "svgz\0", FORMAT_BY_SVG, NULL},
	[FORMAT_PPM] = {"PPM", "image/x-portable-pixmap", "ppm\0pnm\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_PGM] = {"PGM", "image/x-portable-graymap", "pgm\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_PBM] = {"PBM", "image/x-portable-bitmap", "pbm\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_PAM] = {"PAM", "image/x-portable-arbitrarymap", "pam\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_ICO] = {"icon", "image/vnd.microsoft.icon", "ico\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_CUR] = {"cursor", "image/x-win-bitmap", "cur\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_QOI] = {"QOI", "image/qoi", "qoi\0", FORMAT_BY_SDL, NULL},
	[FORMAT_TGA] = {"TGA", "image/x-tga", "tga\0icb\0vda\0vst\0", FORMAT_BY_SDL, NULL},
	[FORMAT_XPM] = {"XPM", "image/x-xpixmap", "xpm\0", FORMAT_BY_DECODER, NULL},
	[FORMAT_XCF] = {"XCF", "image/x-xcf", "xcf\0", FORMAT_BY_SDL, NULL},
	[FORMAT_PCX] = {"PCX", "image/x-pcx", "pcx\0", FORMAT_BY_SDL, NULL},
	[FORMAT_ILBM] = {"IFF ILBM", "image/x-ilbm", "iff\0lbm\0ilbm\0", FORMAT_BY_SDL, NULL},
	[FORMAT_XV] = {"XV thumbnail", "image/x-xv-thumbnail", "", FORMAT_BY_SDL, NULL},
	[FORMAT_PSD] = {"Photoshop", "image/vnd.adobe.photoshop", "psd\0psb\0", FORMAT_NO_DECODER,
		BY_CONVERT},
	[FORMAT_JP2] = {"JPEG 2000", "image/jp2", "jp2\0j2k\0jpx\0jpf\0j2c\0", FORMAT_NO_DECODER,
		"opj_decompress -i FILE -o image.png (package libopenjp2-tools)"},
	[FORMAT_EXR] = {"OpenEXR", "image/x-exr", "exr\0", FORMAT_NO_DECODER, BY_CONVERT},
	[FORMAT_HDR] = {"Radiance HDR", "image/vnd.radiance", "hdr\0", FORMAT_NO_DECODER,
		BY_CONVERT},
	[FORMAT_PFM] = {"PFM", "image/x-portable-floatmap", "pfm\0", FORMAT_NO_DECODER, BY_CONVERT},
	[FORMAT_DDS] = {"DDS", "image/x-dds", "dds\0", FORMAT_NO_DECODER, BY_CONVERT},
	[FORMAT_ICNS] = {"macOS icon", "image/x-icns", "icns\0", FORMAT_NO_DECODER,
		"icns2png -x FILE (package icnsutils)"},
	[FORMAT_SGI] = {"SGI", "image/x-sgi", "sgi\0rgb\0bw\0", FORMAT_NO_DECODER, BY_CONVERT},
	[FORMAT_SUN] = {"Sun raster", "image/x-sun-raster", "ras\0", FORMAT_NO_DECODER, BY_CONVERT},
	[FORMAT_FITS] = {"FITS", "image/fits", "fits\0fit\0fts\0", FORMAT_NO_DECODER, BY_CONVERT},
	[FORMAT_DICOM] = {"DICOM", "application/dicom", "dcm\0", FORMAT_NO_DECODER,
		"dcm2pnm FILE image.ppm (package dcmtk)"},
	[FORMAT_DJVU] = {"DjVu", "image/vnd.djvu", "djvu\0djv\0", FORMAT_NO_DECODER,
		"ddjvu -format=ppm -page=1 FILE image.ppm (package djvulibre-bin)"},
};

struct magic {
	enum format format;
	size_t offset;
	size_t size;
	const char *bytes;
};

#define MAGIC(format, offset, bytes)                                                               \
	{                                                                                          \
		(format), (offset), sizeof(bytes) - 1, (bytes)                                     \
	}

static const struct magic magics[] = {
	MAGIC(FORMAT_PNG, 0, "\x89PNG\r\n\x1a\n"),
	MAGIC(FORMAT_JPEG, 0, "\xff\xd8\xff"),
	MAGIC(FORMAT_GIF, 0, "GIF87a"),
	MAGIC(FORMAT_GIF, 0, "GIF89a"),
	MAGIC(FORMAT_WEBP, 8, "WEBPVP8"),
	MAGIC(FORMAT_TIFF, 0, "II*\0"),
	MAGIC(FORMAT_TIFF, 0, "MM\0*"),
	MAGIC(FORMAT_TIFF, 0, "II+\0"),
	MAGIC(FORMAT_TIFF, 0, "MM\0+"),
	MAGIC(FORMAT_QOI, 0, "qoif"),
	MAGIC(FORMAT_XCF, 0, "gimp xcf "),
	MAGIC(FORMAT_ILBM, 8, "ILBM"),
	MAGIC(FORMAT_ILBM, 8, "PBM "),
	MAGIC(FORMAT_XV, 0, "P7 332"),
	MAGIC(FORMAT_PAM, 0, "P7\n"),
	MAGIC(FORMAT_PAM, 0, "P7\r\n"),
	MAGIC(FORMAT_PFM, 0, "Pf\n"),
	MAGIC(FORMAT_PFM, 0, "PF\n"),
	MAGIC(FORMAT_JXL, 0, "\xff\x0a"),
	MAGIC(FORMAT_JXL, 0, "\0\0\0\x0cJXL \r\n\x87\n"),
	MAGIC(FORMAT_PSD, 0, "8BPS\0"),
	MAGIC(FORMAT_JP2, 0, "\0\0\0\x0cjP  \r\n\x87\n"),
	MAGIC(FORMAT_JP2, 0, "\xff\x4f\xff\x51"),
	MAGIC(FORMAT_EXR, 0, "v/1\x01"),
	MAGIC(FORMAT_HDR, 0, "#?RADIANCE"),
	MAGIC(FORMAT_HDR, 0, "#?RGBE"),
	MAGIC(FORMAT_DDS, 0, "DDS |\0\0\0"),
	MAGIC(FORMAT_ICNS, 0, "icns\0"),
	MAGIC(FORMAT_SGI, 0, "\x01\xda\0\1\0"),
	MAGIC(FORMAT_SGI, 0, "\x01\xda\1\1\0"),
	MAGIC(FORMAT_SUN, 0, "\x59\xa6\x6a\x95"),
	MAGIC(FORMAT_FITS, 0, "SIMPLE  ="),
	MAGIC(FORMAT_DICOM, 128, "DICM"),
	MAGIC(FORMAT_DJVU, 0, "AT&TFORM"),
};

/* ---- formats that need more than magic bytes ------------------------------------------------- */

/* Decoders accept bytes between SOI and the first marker, but there must be such a marker. */
static bool is_jpeg_behind_junk(const uint8_t *bytes, size_t size)
{
	return size > 4 && bytes[0] == 0xff && bytes[1] == 0xd8 &&
	       (memmem(bytes, size, "\xff\xdb\0", 3) != NULL ||
		       memmem(bytes, size, "\xff\xe0\0\x10JFIF", 8) != NULL);
}

/* Many a text file begins with "BM", so the size of the second header must be a known one, too. */
static bool is_bmp(const uint8_t *bytes, size_t size)
{
	static const uint8_t sizes[] = {12, 16, 40, 52, 56, 64, 108, 124};

	return size >= 18 && memcmp(bytes, "BM", 2) == 0 && bytes[14] != 0 &&
	       memchr(sizes, bytes[14], sizeof(sizes)) != NULL &&
	       memcmp(bytes + 15, "\0\0\0", 3) == 0;
}

/* Icons and cursors: a list of at least one image, whose entry has a byte that is 0, or 255. */
static enum format icon_format(const uint8_t *bytes, size_t size)
{
	if (size < 22 || bytes[0] != 0 || bytes[1] != 0 || bytes[3] != 0 || bytes[4] == 0 ||
		bytes[5] != 0 || (bytes[9] != 0 && bytes[9] != 0xff))
		return FORMAT_UNKNOWN;
	return bytes[2] == 1 ? FORMAT_ICO : bytes[2] == 2 ? FORMAT_CUR : FORMAT_UNKNOWN;
}

/* Portable bitmaps, greymaps and pixmaps: "P6", and white space or a comment. */
static enum format pnm_format(const uint8_t *bytes, size_t size)
{
	static const enum format by_digit[] = {FORMAT_PBM, FORMAT_PGM, FORMAT_PPM};

	if (size < 3 || bytes[0] != 'P' || bytes[1] < '1' || bytes[1] > '6' ||
		!(isspace(bytes[2]) || bytes[2] == '#'))
		return FORMAT_UNKNOWN;
	return by_digit[(bytes[1] - '1') % 3];
}

static bool is_pcx(const uint8_t *bytes, size_t size)
{
	return size >= 128 && bytes[0] == 10 && bytes[1] <= 5 && bytes[2] == 1 && bytes[3] <= 8;
}

/*
 * Looks for known brands in a file of the HEIF family: the major brand, then the compatible ones.
 */
static enum format heif_format(const uint8_t *bytes, size_t size)
{
	static const char heic[] = "heic heix hevc hevx heim heis hevm hevs ";
	static const char family[] = "mif1 msf1 miaf avif avis ";
	char brand[6] = "xxxx ";
	bool is_family = false;

	if (size < 16 || memcmp(bytes + 4, "ftyp", 4) != 0)
		return FORMAT_UNKNOWN;
	size_t end = (size_t)bytes[2] << 8 | bytes[3];
	if (end > size)
		end = size;
	for (size_t at = 8; at + 4 <= end; at += at == 8 ? 8 : 4) {
		memcpy(brand, bytes + at, 4);
		if (memchr(brand, '\0', 4) != NULL)
			continue;
		if (strstr(heic, brand) != NULL && (at == 8 || is_family))
			return FORMAT_HEIC;
		if (strncmp(brand, "avi", 3) == 0 && (at == 8 || is_family))
			return FORMAT_AVIF;
		is_family |= at == 8 && strstr(family, brand) != NULL;
	}
	return is_family ? FORMAT_HEIC : FORMAT_UNKNOWN;
}

/* An XPM file has a comment that says so; it need not be the first comment. */
static bool is_xpm(const uint8_t *bytes, size_t size)
{
	const uint8_t *at = bytes, *end = bytes + size;

	while (at < end && isspace(*at))
		at++;
	while (end - at >= 9 && memcmp(at, "/*", 2) == 0) {
		if (memcmp(at, "/* XPM */", 9) == 0)
			return true;
		at = memmem(at + 2, (size_t)(end - at - 2), "*/", 2);
		if (at == NULL)
			return false;
		for (at += 2; at < end && isspace(*at); at++)
			continue;
	}
	return false;
}

/* TGA has no magic bytes: every field of its header must make sense. */
static bool is_tga(const uint8_t *bytes, size_t size)
{
	if (size < 19 || bytes[1] > 1 || (bytes[17] & 0xc0) != 0 || (bytes[17] & 0x0f) > 8 ||
		(bytes[12] | bytes[13]) == 0 || (bytes[14] | bytes[15]) == 0)
		return false;
	const uint8_t type = bytes[2] & 0xf7, depth = bytes[16];
	if (bytes[1] == 1)
		return type == 1 && depth == 8 && bytes[7] >= 15 && bytes[7] <= 32 &&
		       (bytes[5] | bytes[6]) != 0 && bytes[6] <= 1 && (bytes[3] | bytes[4]) == 0;
	if (memcmp(bytes + 3, "\0\0\0\0\0", 5) != 0)
		return false;
	return (type == 2 && (depth == 15 || depth == 16 || depth == 24 || depth == 32)) ||
	       (type == 3 && depth == 8);
}

/* ---- SVG: the first element of an XML text --------------------------------------------------- */

/* A text with one byte per character, or in UTF-16, of which only the ASCII characters matter. */
struct text16 {
	const uint8_t *bytes;
	size_t length; /* in characters */
	size_t step;
	size_t low; /* the offset of a character's low byte */
};

static struct text16 text16_of(const uint8_t *bytes, size_t size)
{
	if (size >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe)
		return (struct text16){bytes + 2, (size - 2) / 2, 2, 0};
	if (size >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff)
		return (struct text16){bytes + 2, (size - 2) / 2, 2, 1};
	if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		return (struct text16){bytes + 3, size - 3, 1, 0};
	if (size >= 2 && bytes[0] == '<' && bytes[1] == '\0') /* UTF-16 without a byte order mark */
		return (struct text16){bytes, size / 2, 2, 0};
	if (size >= 2 && bytes[0] == '\0' && bytes[1] == '<')
		return (struct text16){bytes, size / 2, 2, 1};
	return (struct text16){bytes, size, 1, 0};
}

/* The character at `i`; '\0' after the end. */
static int at16(const struct text16 *text, size_t i)
{
	return i < text->length ? text->bytes[i * text->step + text->low] : '\0';
}

static bool begins16(const struct text16 *text, size_t i, const char *word)
{
	for (; *word != '\0'; word++, i++)
		if (at16(text, i) != *word)
			return false;
	return true;
}

/* The position after the next `word`, searched from `i` on; the text's length if there is none. */
static size_t behind16(const struct text16 *text, size_t i, const char *word)
{
	while (i < text->length && !begins16(text, i, word))
		i++;
	return i < text->length ? i + strlen(word) : text->length;
}

/*
 * The position after a DOCTYPE, which may have declarations in brackets, and any characters in
 * quotes.
 */
static size_t behind_doctype(const struct text16 *text, size_t i)
{
	bool is_inside = false;

	for (; i < text->length; i++) {
		const int character = at16(text, i);

		if (character == '"' || character == '\'')
			i = behind16(text, i + 1, character == '"' ? "\"" : "'") - 1;
		else if (begins16(text, i, "<!--"))
			i = behind16(text, i, "-->") - 1;
		else if (character == '[' || character == ']')
			is_inside = character == '[';
		else if (character == '>' && !is_inside)
			return i + 1;
	}
	return text->length;
}

/* True if the name at `i` is "svg", or a prefix, ":" and "svg". */
static bool is_svg_name(const struct text16 *text, size_t i)
{
	size_t start = i;

	while (isalnum(at16(text, i)) || at16(text, i) == '_' || at16(text, i) == '-')
		i++;
	if (at16(text, i) == ':')
		start = ++i;
	return begins16(text, start, "svg") &&
	       (isspace(at16(text, start + 3)) || at16(text, start + 3) == '>' ||
		       at16(text, start + 3) == '/');
}

enum svg { SVG_NO, SVG_YES, SVG_UNDECIDED /* the bytes end before the first element */ };

static enum svg svg_by_bytes(const uint8_t *bytes, size_t size)
{
	const struct text16 text = text16_of(bytes, size);
	bool is_xml = false;

	for (size_t i = 0; i < text.length;) {
		if (isspace(at16(&text, i))) {
			i++;
			continue;
		}
		if (at16(&text, i) != '<')
			return SVG_NO;
		if (begins16(&text, i, "<?"))
			i = behind16(&text, i, "?>");
		else if (begins16(&text, i, "<!--"))
			i = behind16(&text, i, "-->");
		else if (begins16(&text, i, "<!"))
			i = behind_doctype(&text, i);
		else
			return is_svg_name(&text, i + 1) ? SVG_YES : SVG_NO;
		is_xml = true;
	}
	return is_xml ? SVG_UNDECIDED : SVG_NO;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static enum format format_by_magic(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		const struct magic *magic = &magics[i];

		if (size >= magic->offset + magic->size &&
			memcmp(bytes + magic->offset, magic->bytes, magic->size) == 0)
			return magic->format;
	}
	return FORMAT_UNKNOWN;
}

static enum format format_by_look(const uint8_t *bytes, size_t size)
{
	enum format format = heif_format(bytes, size);

	if (format == FORMAT_UNKNOWN)
		format = icon_format(bytes, size);
	if (format == FORMAT_UNKNOWN)
		format = pnm_format(bytes, size);
	if (format != FORMAT_UNKNOWN)
		return format;
	if (is_bmp(bytes, size))
		return FORMAT_BMP;
	if (is_xpm(bytes, size))
		return FORMAT_XPM;
	if (is_pcx(bytes, size))
		return FORMAT_PCX;
	if (is_jpeg_behind_junk(bytes, size))
		return FORMAT_JPEG;
	return is_tga(bytes, size) ? FORMAT_TGA : FORMAT_UNKNOWN;
}

enum format format_of(const uint8_t *bytes, size_t size, const char *name)
{
	enum format format = format_by_magic(bytes, size);

	if (format == FORMAT_UNKNOWN)
		format = format_by_look(bytes, size);
	if (format != FORMAT_UNKNOWN || size == 0)
		return format;
	const enum format by_name = format_of_name(name);
	const enum svg svg = svg_by_bytes(bytes, size);
	if (svg == SVG_YES || (svg == SVG_UNDECIDED && by_name == FORMAT_SVG))
		return FORMAT_SVG;
	if ((by_name == FORMAT_SVGZ || by_name == FORMAT_SVG) && size > 2 && bytes[0] == 0x1f &&
		bytes[1] == 0x8b)
		return FORMAT_SVGZ;
	if (by_name == FORMAT_XPM && memmem(bytes, size, "char", 4) != NULL)
		return FORMAT_XPM; /* named .xpm, but without the comment */
	return by_name == FORMAT_TGA ? FORMAT_TGA : FORMAT_UNKNOWN;
}

static bool is_among(const char *endings, const char *ending)
{
	for (; *endings != '\0'; endings += strlen(endings) + 1)
		if (strcasecmp(endings, ending) == 0)
			return true;
	return false;
}

enum format format_of_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot == NULL || dot == name || dot[1] == '\0')
		return FORMAT_UNKNOWN;
	for (int format = FORMAT_PNG; format < FORMATS; format++)
		if (is_among(formats[format].endings, dot + 1))
			return (enum format)format;
	return FORMAT_UNKNOWN;
}

enum format format_of_type(const char *type)
{
	for (int format = FORMAT_PNG; format < FORMATS; format++)
		if (strcasecmp(formats[format].type, type) == 0)
			return (enum format)format;
	return FORMAT_UNKNOWN;
}

const struct format_info *format_info(enum format format)
{
	return &formats[format < FORMATS ? format : FORMAT_UNKNOWN];
}

const char *format_article(enum format format)
{
	const char *name = format_info(format)->name;

	if (name[0] == 'S' && isupper(name[1])) /* pronounced "ess vee gee" */
		return "an";
	return strchr("AEIOXi", name[0]) != NULL ? "an" : "a";
}

char *format_names(char text[FORMAT_NAMES_MAX], bool (*is_wanted)(enum format format, int data),
	int data)
{
	const char *last = "";
	size_t used = 0;

	text[0] = '\0';
	for (int format = FORMAT_PNG; format < FORMATS; format++) {
		const char *name = formats[format].name;

		if (strcmp(name, last) == 0 || !is_wanted((enum format)format, data))
			continue;
		used += (size_t)snprintf(text + used, FORMAT_NAMES_MAX - used, "%s%s",
			used > 0 ? ", " : "", name);
		if (used >= FORMAT_NAMES_MAX)
			break;
		last = name;
	}
	return text;
}

bool format_is_decoded(enum format format)
{
	return format_info(format)->decoder != FORMAT_NO_DECODER;
}

bool format_is_image_name(const char *name)
{
	return format_is_decoded(format_of_name(name));
}

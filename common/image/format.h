/*
 * format.h - the one table of image formats: what their files begin with, how their names end,
 * their media type, and the program that decodes them. Windows, command, relay and decoder all ask
 * here. Only magic bytes are looked at; headers are parsed in the decoder's process. Pure; any
 * thread.
 */
#ifndef VITRINE_IMAGE_FORMAT_H
#define VITRINE_IMAGE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum format {
	FORMAT_UNKNOWN,
	FORMAT_PNG,
	FORMAT_JPEG,
	FORMAT_GIF,
	FORMAT_BMP,
	FORMAT_WEBP,
	FORMAT_TIFF,
	FORMAT_HEIC,
	FORMAT_AVIF,
	FORMAT_JXL,
	FORMAT_SVG,
	FORMAT_SVGZ,
	FORMAT_PPM,
	FORMAT_PGM,
	FORMAT_PBM,
	FORMAT_PAM,
	FORMAT_ICO,
	FORMAT_CUR,
	FORMAT_QOI,
	FORMAT_TGA,
	FORMAT_XPM,
	FORMAT_XCF,
	FORMAT_PCX,
	FORMAT_ILBM,
	FORMAT_XV,
	/* Known only by name: Vitrine does not open them. */
	FORMAT_PSD,
	FORMAT_JP2,
	FORMAT_EXR,
	FORMAT_HDR,
	FORMAT_PFM,
	FORMAT_DDS,
	FORMAT_ICNS,
	FORMAT_SGI,
	FORMAT_SUN,
	FORMAT_FITS,
	FORMAT_DICOM,
	FORMAT_DJVU,
	FORMATS
};

/* The programs that decode; each has its own libraries, and may not be installed. */
enum format_decoder {
	FORMAT_NO_DECODER,
	FORMAT_BY_DECODER, /* vitrine-decoder */
	FORMAT_BY_HEIF,    /* vitrine-decoder-heif … */
	FORMAT_BY_JXL,
	FORMAT_BY_SDL,
	FORMAT_BY_SVG, /* if it is missing, vitrine-decoder-sdl draws what it can */
	FORMAT_DECODERS
};

struct format_info {
	const char *name;    /* "JPEG XL" */
	const char *type;    /* "image/jxl" */
	const char *endings; /* "jpg", "jpeg", "": the usual one first */
	enum format_decoder decoder;
	const char *cure; /* a command that converts it to a supported format; NULL: not needed */
};

/* Enough bytes of a file for format_of(). */
#define FORMAT_BYTES 4096

/*
 * The format by a file's first bytes (FORMAT_BYTES of them, or all there are), and for the few that
 * have no magic bytes by its name, which may be "".
 */
enum format format_of(const uint8_t *bytes, size_t size, const char *name);

/* The format by a file's extension: .png, .JPG …; FORMAT_UNKNOWN: not that of an image. */
enum format format_of_name(const char *name);

/* The format of a media type; FORMAT_UNKNOWN: not a known one. */
enum format format_of_type(const char *type);

/* The format's entry in the table. Never NULL. */
const struct format_info *format_info(enum format format);

/* "a" or "an", before its name. */
const char *format_article(enum format format);

/*
 * The names of the formats for which is_wanted(format, data) is true, each once: "PNG, JPEG".
 * Returns `text`, which has FORMAT_NAMES_MAX bytes.
 */
#define FORMAT_NAMES_MAX 512
char *format_names(char text[FORMAT_NAMES_MAX], bool (*is_wanted)(enum format format, int data),
	int data);

/* True if Vitrine has a program that decodes it (which may not be installed). */
bool format_is_decoded(enum format format);

/* True if a file name has the extension of a format that is decoded. */
bool format_is_image_name(const char *name);

#endif

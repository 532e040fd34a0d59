/*
 * sniff.h - what the bytes of a file say: its format, how many pixels it promises, how many frames
 * it has, where its EXIF block lies. Nothing is decoded and nothing is believed: the numbers serve
 * to refuse early and to say why. decode and collect call it. Any thread.
 */
#ifndef VITRINE_UI_SNIFF_H
#define VITRINE_UI_SNIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sniff_format {
	SNIFF_UNKNOWN,
	SNIFF_PNG,
	SNIFF_JPEG,
	SNIFF_GIF,
	SNIFF_BMP,
	SNIFF_WEBP,
	SNIFF_TIFF,
	SNIFF_QOI,
	SNIFF_SVG,
	SNIFF_XCF,
	SNIFF_XPM,
	SNIFF_AVIF,
	SNIFF_OTHER, /* an image format of which nothing more is known here */
};

/* Enough bytes of a file for sniff_format(). */
#define SNIFF_BYTES 512

/* All pointers point into the bytes that were looked at; NULL: not there. */
struct sniff {
	enum sniff_format format;
	uint64_t width; /* pixels of the first frame; 0: not known */
	uint64_t height;
	uint32_t frames;           /* 1 if it is not animated, or not known to be */
	bool cut_short;            /* PNG, QOI, SVG: a whole file would end otherwise */
	bool damaged;              /* XPM: not what its reader can be trusted with */
	uint32_t components;       /* JPEG: 4 is CMYK; else 0 */
	bool adobe;                /* JPEG: Adobe wrote it, so that CMYK is inverted */
	uint16_t tiff_orientation; /* TIFF: of the file itself; else 0 */
	const uint8_t *exif;       /* JPEG, PNG, WebP: the EXIF block, a small TIFF file */
	size_t exif_size;
	const uint8_t *frame; /* animated WebP: the chunks of the first frame */
	size_t frame_size;
};

/* The format by the first bytes (SNIFF_BYTES of them, or all there are). */
enum sniff_format sniff_format(const uint8_t *bytes, size_t size);

/*
 * Looks at a file, or at the beginning of one. Never reads outside of the bytes, and takes time in
 * proportion to them at most.
 */
struct sniff sniff_bytes(const uint8_t *bytes, size_t size);

/* Whether a file's name ends like an image's: .png, .JPG … (some formats have no magic bytes). */
bool sniff_is_image_name(const char *name);

#endif

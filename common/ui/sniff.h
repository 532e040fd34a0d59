/*
 * sniff.h - what the first bytes of a file say: its format, how many pixels it promises, and how
 * many frames it has. Nothing is decoded and nothing is believed: the numbers are only used to
 * refuse early and to say why. decode and collect call it.
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
	SNIFF_OTHER, /* an image format of which nothing more is known here */
};

/* Enough bytes of a file for sniff_format(). */
#define SNIFF_BYTES 512

struct sniff {
	enum sniff_format format;
	uint64_t width; /* pixels; 0: not known */
	uint64_t height;
	uint32_t frames; /* 1 if it is not animated, or not known to be */
};

/* The format by the first bytes (SNIFF_BYTES of them, or all there are). */
enum sniff_format sniff_format(const uint8_t *bytes, size_t size);

/* Looks at a whole file. Bounded by its size; never reads outside of it. */
struct sniff sniff_file(const uint8_t *bytes, size_t size);

/* Whether a file's name ends like an image's: .png, .JPG … (for formats without magic bytes). */
bool sniff_is_image_name(const char *name);

#endif

/*
 * film_format.h - converts pixels of any format of vitrine.h to frames of a stream for other
 * programs: YUV4MPEG2, raw pixels, or concatenated JPEGs. Pure, except for the JPEG encoder; any
 * thread.
 */
#ifndef VITRINE_TOOLS_FILM_FORMAT_H
#define VITRINE_TOOLS_FILM_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pixels.h"
#include "text.h"

enum film_kind {
	FILM_NONE,
	FILM_Y4M,  /* video and grey unchanged, colours as 4:2:0 of limited range */
	FILM_RAW,  /* only the rows of every plane, without gaps */
	FILM_JPEG, /* one file after another */
};

/* "y4m", "raw", "mjpeg"; false: none of them. */
bool film_kind_of(const char *text, enum film_kind *kind);

/* ffmpeg's name of a format of vitrine.h, as for -pix_fmt: "yuv420p". */
const char *film_pixel_format(uint32_t format);

#define FILM_HEADER_MAX 128

/*
 * The bytes before the first frame: the header of YUV4MPEG2 with `fps` frames per second; "" for
 * the other kinds. Returns `header`.
 */
const char *film_header(char header[FILM_HEADER_MAX], enum film_kind kind,
	const struct pixels *pixels, double fps);

/* The number of bytes of one frame, including its header; for JPEG the maximum. */
size_t film_frame_size(enum film_kind kind, const struct pixels *pixels);

/* Writes the frame (not of FILM_JPEG) to `frame`, which has room for it. Returns the bytes used. */
size_t film_frame(uint8_t *frame, enum film_kind kind, const struct pixels *pixels);

#endif

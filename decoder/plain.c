/*
 * plain.c - vitrine-decoder's readers: the common formats. If a library is missing, SDL_image's
 * reader is used.
 */
#include "animation.h"
#include "reader.h"

#ifndef HAVE_LIBPNG
#define png_read sdl_read
#endif
#ifndef HAVE_LIBWEBP
#define webp_read sdl_read
#endif
#ifndef HAVE_LIBTIFF
#define tiff_read sdl_read
#endif
#ifndef HAVE_LIBGIF
#define gif_read sdl_read
#endif
#ifndef HAVE_LIBJPEG
#define jpeg_read sdl_read
#endif

static reader *reader_of(enum format format)
{
	switch (format) {
	case FORMAT_PNG: return png_read;
	case FORMAT_JPEG: return jpeg_read;
	case FORMAT_GIF: return gif_read;
	case FORMAT_WEBP: return webp_read;
	case FORMAT_TIFF: return tiff_read;
	case FORMAT_PPM:
	case FORMAT_PGM:
	case FORMAT_PBM:
	case FORMAT_PAM: return pnm_read;
	case FORMAT_ICO:
	case FORMAT_CUR: return icon_read;
	case FORMAT_XPM: return xpm_read;
	case FORMAT_BMP:
	case FORMAT_QOI:
	case FORMAT_SVG:
	case FORMAT_SVGZ:
	case FORMAT_TGA:
	case FORMAT_XCF:
	case FORMAT_PCX:
	case FORMAT_ILBM:
	case FORMAT_XV: return sdl_read;
	default: return NULL;
	}
}

const struct reader_set plain_readers = {
	.start = sdl_start,
	.reader_of = reader_of,
	.animate = animation_read,
	.forget = animation_forget,
};

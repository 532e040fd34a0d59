/*
 * plain.c - vitrine-decoder's readers: the formats that need no SDL. SDL loads about fifty
 * libraries for sound and windows, so only vitrine-decoder-sdl has it (sdl.c), unless a library is
 * missing here and SDL_image's reader takes its place.
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

#if defined(HAVE_LIBPNG) && defined(HAVE_LIBWEBP) && defined(HAVE_LIBTIFF) &&                      \
	defined(HAVE_LIBGIF) && defined(HAVE_LIBJPEG)
#define START NULL
#else
#define START sdl_start
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
	default: return NULL;
	}
}

const struct reader_set plain_readers = {
	.start = START,
	.reader_of = reader_of,
	.animate = animation_read,
	.forget = animation_forget,
};

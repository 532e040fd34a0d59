/*
 * raster.h - the bytes of an image file become rows of pixels, in this process: SDL_image and
 * libjpeg do the work, so whatever is wrong with them happens here. The decoder's process calls it,
 * and nobody who has a window or a channel to lose; those go through decode.h.
 *
 * What SDL_image does not look at (truncation, promises of the header, orientation) is done here.
 * Reasons are one line without the file's name: "ends too early: the file is truncated".
 */
#ifndef VITRINE_UI_RASTER_H
#define VITRINE_UI_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picture.h"
#include "text.h"

struct raster_source {
	const uint8_t *bytes; /* they do not change meanwhile */
	size_t size;
	const char *type; /* for SDL_image, where bytes do not tell; "": they do */
	uint64_t limit;   /* bytes that the pixels may take */
	/* A reduced image will do that is, upright, no smaller than this; 0: all of its pixels. */
	uint32_t least_width;
	uint32_t least_height;
};

struct raster_shape {
	uint32_t width; /* of the rows that will come, as they lie in the file */
	uint32_t height;
	uint32_t whole_width; /* of the image in the file; more than the above if it was reduced */
	uint32_t whole_height;
	uint32_t orientation; /* 1 to 8, as EXIF counts: how the rows are to be placed */
};

/* Where the rows go, from the top of the file to its bottom: 0xAARRGGBB, alpha straight. */
struct raster_sink {
	/* Once, before any row. false: not to be had; `reason` says why. */
	bool (*begin)(struct raster_sink *sink, const struct raster_shape *shape,
		char reason[TEXT_REASON_MAX]);
	/* A place for the next rows, without gaps; *rows: at most so many, of them at least 1. */
	uint32_t *(*room)(struct raster_sink *sink, uint32_t *rows);
	/* So many rows were written there. */
	void (*put)(struct raster_sink *sink, uint32_t rows);
};

struct raster_result {
	bool is_opaque;
	char note[PICTURE_NOTE_MAX]; /* "first of 12 frames", or "" */
};

/*
 * Once in main, before SDL allocates anything and before there is a second thread: puts the limit on
 * single allocations under SDL, and has SDL_image load its format libraries.
 */
void raster_start(void);

/* false: `reason` says why; what the sink got is of no use then. */
bool raster_decode(const struct raster_source *source, struct raster_sink *sink,
	struct raster_result *result, char reason[TEXT_REASON_MAX]);

#endif

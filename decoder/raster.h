/*
 * raster.h - turns the bytes of an image file into rows of pixels in this process, so that any
 * fault of the format libraries happens here. Only the decoder process calls it; programs with a
 * window or a channel use decode.h.
 *
 * It also checks what the libraries do not check: the size in the header, truncation, orientation.
 * Reasons are one line without the file's name: "ends too early: the file is truncated".
 */
#ifndef VITRINE_DECODER_RASTER_H
#define VITRINE_DECODER_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"
#include "picture.h"
#include "text.h"

struct raster_source {
	const uint8_t *bytes; /* they do not change meanwhile */
	size_t size;
	enum format format; /* as the parent found it */
	uint64_t limit;     /* bytes that the pixels may take */
	/* A reduced image will do that, turned or not, fills this box; 0: all of its pixels. */
	uint32_t box_width;
	uint32_t box_height;
	bool animates;  /* only this frame of an animation is wanted */
	uint32_t frame; /* from 0 on */
	bool is_kept; /* with `animates`: the bytes are those of the request before, which animated */
};

/* What a file's header says; 0: not known before it is decoded. */
struct raster_header {
	uint64_t width;
	uint64_t height;
	bool ends_early; /* the mark that ends a whole file is missing */
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
	bool is_damaged;             /* pixels are missing, or may be wrong: the note says so */
	bool is_incomplete;          /* … because the file ends early */
	char note[PICTURE_NOTE_MAX]; /* "first of 12 frames", or "" */
	uint32_t frames;             /* of the file: 1 if it is not an animation */
	uint32_t duration_ms;        /* how long this one is shown */
};

struct reader_set; /* reader.h: what this program can read */

/*
 * Once in main, before there is a second thread: limits what the libraries may allocate at once, and
 * has them load what they need, since the decoder cannot open a file later.
 */
void raster_start(const struct reader_set *set);

/* Looks at a file, or, if it is not `whole`, at the beginning of one. Takes no memory. */
void raster_look(struct raster_header *header, const struct raster_source *source, bool whole);

/* false: `reason` says why; what the sink got is of no use then. */
bool raster_decode(const struct raster_source *source, struct raster_sink *sink,
	struct raster_result *result, char reason[TEXT_REASON_MAX]);

/* The bytes of the last animation go away. */
void raster_forget(void);

#endif

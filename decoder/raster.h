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
	const uint8_t *bytes; /* must not change during decoding */
	size_t size;
	enum format format; /* as determined by the parent */
	uint64_t limit;     /* bytes that the pixels may take */
	/* The result need only fill this box, upright or not; 0: all pixels. */
	uint32_t box_width;
	uint32_t box_height;
	bool animates;  /* decode only this frame of an animation */
	uint32_t frame; /* from 0 on */
	bool is_kept;   /* with `animates`: the bytes are those of the previous request */
};

/* The facts in a file's header; 0: unknown before the file is decoded. */
struct raster_header {
	uint64_t width;
	uint64_t height;
	bool ends_early; /* the mark that ends a whole file is missing */
};

struct raster_shape {
	uint32_t width; /* of the rows to come, in the orientation of the file */
	uint32_t height;
	uint32_t whole_width; /* of the image in the file; larger than the above if it is reduced */
	uint32_t whole_height;
	uint32_t orientation; /* 1 to 8, as in EXIF: where the rows belong */
};

/* Receives the rows, in the order of the file: 0xAARRGGBB with straight alpha. */
struct raster_sink {
	/* Called once, before any row. false: the memory cannot be had; `reason` says why. */
	bool (*begin)(struct raster_sink *sink, const struct raster_shape *shape,
		char reason[TEXT_REASON_MAX]);
	/*
	 * Returns memory for the next rows, without gaps; *rows is reduced to the number that fit,
	 * at least 1.
	 */
	uint32_t *(*room)(struct raster_sink *sink, uint32_t *rows);
	/* Reports that this many rows were written there. */
	void (*put)(struct raster_sink *sink, uint32_t rows);
};

struct raster_result {
	bool is_opaque;
	bool is_damaged;             /* pixels are missing, or may be wrong: the note says so */
	bool is_incomplete;          /* … because the file ends early */
	char note[PICTURE_NOTE_MAX]; /* "first of 12 frames", or "" */
	uint32_t frames;             /* of the file: 1 if it is not an animation */
	uint32_t duration_ms;        /* how long this frame is shown */
};

struct reader_set; /* see reader.h */

/*
 * Call once in main, before there is a second thread: limits single allocations of the libraries,
 * and makes them load what they need, because the decoder cannot open files later.
 */
void raster_start(const struct reader_set *set);

/*
 * Reads the header of a file, of which `source` has only the beginning unless it is `whole`.
 * Allocates nothing.
 */
void raster_look(struct raster_header *header, const struct raster_source *source, bool whole);

/* Decodes the file. false: `reason` says why, and the rows in the sink must be discarded. */
bool raster_decode(const struct raster_source *source, struct raster_sink *sink,
	struct raster_result *result, char reason[TEXT_REASON_MAX]);

/* Call before the bytes of the last animation are freed. */
void raster_forget(void);

#endif

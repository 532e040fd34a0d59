/*
 * reader.h - what the readers of single formats share. A reader turns a file into rows by one library.
 * raster.c chooses it, after it has looked at the header and found that the promise may be kept.
 */
#ifndef VITRINE_DECODER_READER_H
#define VITRINE_DECODER_READER_H

#include "raster.h"
#include "size_limit.h"
#include "sniff.h"

/* A file that is being decoded. */
struct reading {
	const struct raster_source *source;
	const struct sniff *sniff; /* of the source's bytes */
	struct raster_sink *sink;
	struct raster_result *result; /* zeroed */
	char *reason;                 /* TEXT_REASON_MAX bytes */
};

/* false: reading->reason says why. */
typedef bool reader(const struct reading *reading);

/* What a program that decodes can read: plain.c has the common formats, the others those of one library. */
struct reader_set {
	void (*start)(void);                      /* NULL: nothing is to be loaded beforehand */
	reader *(*reader_of)(enum format format); /* NULL: this program cannot read it */
	reader *animate;                          /* a frame of an animation; NULL: none moves */
	void (*forget)(void);                     /* with `animate`: what is kept between frames */
	unsigned needs;                           /* enum confine_needs */
};

extern const struct reader_set plain_readers, heif_readers, jxl_readers, svg_readers;

/* ---- steps that all readers take ------------------------------------------------------------- */

/* Asks for the memory of width x height pixels, and begins. false: the limit, or no memory. */
bool reading_begin(const struct reading *reading, uint32_t width, uint32_t height,
	uint32_t orientation);

/* The same for an image that is reduced while it is decoded. */
bool reading_begin_shape(const struct reading *reading, const struct raster_shape *shape);

/* Hands over whole rows that lie `pitch` words apart. Clears result->is_opaque if one is not. */
void reading_put_rows(const struct reading *reading, const uint32_t *rows, size_t pitch,
	uint32_t width, uint32_t height);

/* Rows that the file does not have. */
void reading_put_grey(const struct reading *reading, uint32_t width, uint32_t height);

/* True if all of them are opaque. */
bool reading_are_opaque(const uint32_t *pixels, size_t count);

/* Adds to the note, behind what it has. */
__attribute__((format(printf, 2, 3))) void reading_note(const struct reading *reading,
	const char *format, ...);

/* Notes that the file ends before the last row. */
void reading_note_incomplete(const struct reading *reading);

/* Notes that pixels may be wrong, and what the library says; NULL: nothing. */
void reading_note_damaged(const struct reading *reading, const char *message);

/* Sets the reason. Returns false. */
__attribute__((format(printf, 2, 3))) bool reading_fail(const struct reading *reading,
	const char *format, ...);

/* Sets the reason that a whole file would be longer. Returns false. */
bool reading_fail_cut(const struct reading *reading);

/* The same for the want of memory. */
bool reading_fail_memory(const struct reading *reading);

/* Notes how many frames it has, if there are several. */
void reading_note_frames(const struct reading *reading, uint32_t frames);

/* ---- the readers ----------------------------------------------------------------------------- */

reader png_read, jpeg_read, gif_read, webp_read, tiff_read, pnm_read, icon_read, sdl_read, xpm_read;

/* Once: SDL_image loads its libraries, and the limit on single allocations is put under SDL. */
void sdl_start(void);

/* An image within another file: an icon's. */
bool reading_part(const struct reading *reading, enum format format, const uint8_t *bytes,
	size_t size);

#endif

/*
 * reader.h - shared by the readers of the formats. A reader turns a file into rows with one
 * library. raster.c chooses the reader, after it has read the header and the limit has allowed the
 * size.
 */
#ifndef VITRINE_DECODER_READER_H
#define VITRINE_DECODER_READER_H

#include "file_header.h"
#include "raster.h"
#include "size_limit.h"

/* A file that is being decoded. */
struct reading {
	const struct raster_source *source;
	const struct file_header *header; /* the header of the source's bytes */
	struct raster_sink *sink;
	struct raster_result *result; /* zeroed */
	char *reason;                 /* TEXT_REASON_MAX bytes */
};

/* false: reading->reason says why. */
typedef bool reader(const struct reading *reading);

/*
 * The formats that a decoder program can read: plain.c has the common formats, each other program
 * those of one library.
 */
struct reader_set {
	void (*start)(void);                      /* loads what is needed; may be NULL */
	reader *(*reader_of)(enum format format); /* NULL: this program cannot read it */
	reader *animate;                          /* reads a frame of an animation; may be NULL */
	void (*forget)(void);                     /* frees what `animate` keeps */
	unsigned needs;                           /* enum confine_needs */
};

extern const struct reader_set plain_readers, sdl_readers, heif_readers, jxl_readers, svg_readers;

/* ---- steps that all readers take ------------------------------------------------------------- */

/* Begins the sink for width x height pixels. false: they exceed the limit, or no memory. */
bool reading_begin(const struct reading *reading, uint32_t width, uint32_t height,
	uint32_t orientation);

/* The same for an image that is reduced while it is decoded. */
bool reading_begin_shape(const struct reading *reading, const struct raster_shape *shape);

/* Passes on whole rows, `pitch` words apart. Clears result->is_opaque if a pixel is not opaque. */
void reading_put_rows(const struct reading *reading, const uint32_t *rows, size_t pitch,
	uint32_t width, uint32_t height);

/* Passes on grey rows for those that are missing in the file. */
void reading_put_grey(const struct reading *reading, uint32_t width, uint32_t height);

/* A component that was multiplied by `alpha`, of 0 to 255; 0 where the pixel is transparent. */
static inline uint32_t straight_alpha(uint32_t component, uint32_t alpha)
{
	uint32_t straight = alpha > 0 ? (component * 255 + alpha / 2) / alpha : 0;

	return straight < 255 ? straight : 255;
}

/* True if all pixels are opaque. */
bool reading_are_opaque(const uint32_t *pixels, size_t count);

/*
 * Appends to the note. Notes and reasons are translatable (translatable.h): N_("text") with a "%s"
 * for each word. `words`: as for translatable_write().
 */
void reading_note(const struct reading *reading, const char *text);
__attribute__((format(printf, 3, 4))) void reading_note_with(const struct reading *reading,
	const char *text, const char *words, ...);

/* Notes that the file ends before the last row. */
void reading_note_incomplete(const struct reading *reading);

/* Notes that pixels may be wrong, with the library's message; NULL: there is none. */
void reading_note_damaged(const struct reading *reading, const char *message);

/* Sets the reason. Returns false. */
bool reading_fail(const struct reading *reading, const char *text);
__attribute__((format(printf, 3, 4))) bool reading_fail_with(const struct reading *reading,
	const char *text, const char *words, ...);

/* The reason is what a library says of the file. Returns false. */
bool reading_fail_library(const struct reading *reading, const char *message);

/* The same: the file is whole, but of a kind that its library does not open. */
bool reading_fail_kind(const struct reading *reading, const char *message);

/* Sets the reason that the file is truncated. Returns false. */
bool reading_fail_cut(const struct reading *reading);

/* The same if there is not enough memory. */
bool reading_fail_memory(const struct reading *reading);

/* Notes how many frames it has, if there are several. */
void reading_note_frames(const struct reading *reading, uint32_t frames);

/* ---- the readers ----------------------------------------------------------------------------- */

reader png_read, jpeg_read, gif_read, webp_read, tiff_read, pnm_read, icon_read, sdl_read, xpm_read;

/* Call once: makes SDL_image load its libraries, and installs the limit on single allocations. */
void sdl_start(void);

/* Reads an image within another file, such as an icon. */
bool reading_part(const struct reading *reading, enum format format, const uint8_t *bytes,
	size_t size);

#endif

/*
 * encode.h - pixels of any format of vitrine.h as a PNG or JPEG file, by libpng and libjpeg. It
 * writes to a descriptor and knows nothing of names (see newfile.h). Takes seconds for large
 * images; any thread.
 */
#ifndef VITRINE_IMAGE_ENCODE_H
#define VITRINE_IMAGE_ENCODE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "pixels.h"
#include "text.h"

/* How to write the image; all zeros: unchanged. */
struct encode_way {
	int orientation;   /* 1 to 8: turned.h; 0: as it is */
	bool is_fast;      /* PNG: a larger file, in a fraction of the time */
	atomic_uint *rows; /* counts the rows that are done; NULL: not wanted */
};

/*
 * Lossless; alpha stays straight. `way` may be NULL. false: `reason` says why; discard what was
 * written.
 */
bool encode_png(int fd, const struct pixels *pixels, const struct encode_way *way,
	char reason[TEXT_REASON_MAX]);

/* The same as JPEG, of `quality` 1 to 100: smaller, but not the same pixels, and without alpha. */
bool encode_jpeg(int fd, const struct pixels *pixels, const struct encode_way *way, int quality,
	char reason[TEXT_REASON_MAX]);

#endif

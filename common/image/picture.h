/*
 * picture.h - one decoded image in memory, with what is known of its file. It is immutable once
 * made and counted by reference, so the tray, the view and the publishing thread share it without a
 * copy. The loader creates pictures; dropping the last reference frees the pixels.
 */
#ifndef VITRINE_IMAGE_PICTURE_H
#define VITRINE_IMAGE_PICTURE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "pixels.h"

#define PICTURE_NOTE_MAX 64

struct picture {
	struct pixels pixels; /* upright; XR24, or AR24 if some pixel is not opaque */
	uint64_t bytes;       /* memory the pixels take: what a budget counts */
	uint32_t width; /* of the image in the file, upright; a thumbnail's pixels are fewer */
	uint32_t height;
	uint32_t frames;             /* of an animation, of which this is one; else 0 or 1 */
	uint32_t duration_ms;        /* how long this frame is shown; 0: not known */
	uint64_t file_size;          /* bytes */
	struct timespec mtime;       /* of the file, when it was read */
	char note[PICTURE_NOTE_MAX]; /* "first of 12 frames", or "" */
	bool is_damaged;             /* pixels are missing, or may be wrong: the note says so */
	bool is_incomplete;          /* … because the file ends early */
	const char *path;            /* as it was asked for: any bytes, not only UTF-8 */
	const char *name;            /* its last part, within path */
	/* private */
	atomic_uint references;
	void *memory;
	void (*release)(void *memory);
};

/*
 * Makes a picture with one reference, around pixels that lie in `memory`; release(memory) is called
 * when the last reference goes (never, if this fails). `path` is copied; the rest of the fields is
 * the caller's to fill, before anybody else sees the picture. NULL: no memory.
 */
struct picture *picture_new(const struct pixels *pixels, const char *path, void *memory,
	void (*release)(void *memory));

/* One more reference; returns `picture`. Any thread that holds one. */
struct picture *picture_ref(struct picture *picture);

/* One reference less; the last frees it. Any thread; NULL is allowed. */
void picture_unref(struct picture *picture);

#endif

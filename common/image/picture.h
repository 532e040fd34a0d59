/*
 * picture.h - one decoded image in memory, and facts about its file. It does not change once it is
 * complete, and it is reference-counted, so the tray, the view and the publishing thread share it
 * without a copy. The loader creates pictures; releasing the last reference frees the pixels.
 */
#ifndef VITRINE_IMAGE_PICTURE_H
#define VITRINE_IMAGE_PICTURE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "pixels.h"

#define PICTURE_NOTE_MAX 128

struct picture {
	struct pixels pixels; /* upright; XR24, or AR24 if some pixel is not opaque */
	uint64_t bytes;       /* memory of the pixels, as counted against a budget */
	uint32_t width; /* of the image in the file, upright; a thumbnail's pixels are fewer */
	uint32_t height;
	uint32_t frames;             /* of the animation of which this is one; otherwise 0 or 1 */
	uint32_t duration_ms;        /* how long this frame is shown; 0: not known */
	uint64_t file_size;          /* bytes */
	struct timespec mtime;       /* of the file, when it was read */
	char note[PICTURE_NOTE_MAX]; /* "first of 12 frames", or "" */
	bool is_damaged;             /* pixels are missing, or may be wrong: the note says so */
	bool is_incomplete;          /* … because the file ends early */
	const char *path;            /* as it was requested: any bytes, not only UTF-8 */
	const char *name;            /* its last part, within path */
	/* private */
	atomic_uint references;
	void *memory;
	void (*release)(void *memory);
};

/*
 * Makes a picture with one reference, whose pixels are in `memory`; release(memory) is called when
 * the last reference is released (never, if this fails). `path` is copied; the caller fills in the
 * other fields before any other thread sees the picture. NULL: no memory.
 */
struct picture *picture_new(const struct pixels *pixels, const char *path, void *memory,
	void (*release)(void *memory));

/* Adds a reference; returns `picture`. Any thread that holds a reference. */
struct picture *picture_ref(struct picture *picture);

/* Releases a reference; the last one frees the picture. Any thread; NULL is allowed. */
void picture_unref(struct picture *picture);

#endif

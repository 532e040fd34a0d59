/*
 * frames.h - a stream of pictures out of a descriptor, one frame after the other: YUV4MPEG2,
 * concatenated PAM, PGM and PPM, concatenated JPEGs, or raw pixels whose shape was told. First
 * frames_next() says what comes, so that a slot of that size can be claimed, then frames_fill() reads
 * it straight into the slot. Everything in a stream is untrusted: a number that cannot be true, or a
 * stream that ends too early, gives a reason, never more than was asked for. For one thread.
 *
 * Video becomes YU12 of limited range, whatever it was: 4:2:2 and 4:4:4 lose chroma as they are read,
 * full range is narrowed. Grey becomes R8, colours XB24, with alpha AB24, JPEG what its decoder makes.
 */
#ifndef VITRINE_UI_FRAMES_H
#define VITRINE_UI_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picture.h"
#include "text.h"
#include "vitrine.h"

/* "nv12", "yu12" or "yuv420p", "bgra" … : what raw frames may be. False: none of them. */
bool frames_format(const char *text, uint32_t *format);
/* All those names, for messages: "yuv420p, nv12, …". */
#define FRAMES_FORMATS "yuv420p, nv12, gray, rgba, rgb0, bgra, bgr0"

/* Whether the image is a frame of a stream. */
bool frames_has(const struct vitrine_image *image);

struct decoder;

struct frames_options {
	const char *name; /* of the frames; must outlive them */
	int fd;           /* remains the caller's */
	int woken;        /* readable: stop; -1: nobody asks */
	uint32_t format;  /* raw frames: VITRINE_NV12 …; 0: the first bytes tell */
	uint32_t width;
	uint32_t height;
	bool may_be_file;        /* what is no stream is one file, and the only frame */
	bool animates;           /* of a file that is an animation, its frames are the stream */
	bool loops;              /* … which begins again at its end */
	uint64_t limit;          /* bytes that a file may have, and a picture that is decoded */
	struct decoder *decoder; /* for JPEG and files; remains the caller's */
};

enum frames_result {
	FRAMES_OK,
	FRAMES_END,     /* between two frames: this was all */
	FRAMES_STALLED, /* nothing came for as long as was given; call again */
	FRAMES_STOPPED, /* `woken` is readable */
	FRAMES_BAD,     /* frames_reason() says why; nothing more can be had of it */
};

struct frames;

/* Reads nothing yet. NULL: no memory. */
struct frames *frames_open(const struct frames_options *options);
void frames_close(struct frames *frames); /* NULL is allowed */

/* Sleeps until there is something to read: the next frame, the rest of this one, or the end. */
enum frames_result frames_wait(struct frames *frames, int64_t patience_ns);

/* Waits for the next frame, and describes it; *image has the size of the slot that it needs. */
enum frames_result frames_next(struct frames *frames, struct vitrine_image *image);

/*
 * Reads the frame into `slot`, which has image->size bytes. After FRAMES_STALLED (no byte for
 * `patience_ns`) it can go on in another slot that what was there has been copied to.
 */
enum frames_result frames_fill(struct frames *frames, void *slot, int64_t patience_ns);

/* Reads the rest of the frame, and throws it away. */
enum frames_result frames_skip(struct frames *frames);

const char *frames_reason(const struct frames *frames); /* one line without the stream's name */

/* "YUV4MPEG2", "PNM", "JPEG", "raw", "file", "animation"; "" before the first frame. */
const char *frames_kind(const struct frames *frames);

/* Frames a second, as the stream says of the frame that is next; 0: it does not. */
double frames_rate(const struct frames *frames);

#endif

/*
 * frames.h - reads a stream of pictures from a descriptor, frame by frame: YUV4MPEG2, concatenated
 * PNM and PAM, concatenated JPEGs and PNGs, or raw pixels of a given shape. First frames_next()
 * describes the next frame, so that a slot of its size can be claimed; then frames_fill() reads it
 * directly into the slot. Everything in a stream is untrusted: an impossible number, or a stream
 * that ends too early, gives a reason, and no more bytes are read than requested. For one thread.
 *
 * Video becomes YU12 of limited range, whatever it was: 4:2:2 and 4:4:4 lose chroma as they are
 * read, full range is narrowed, another matrix is changed. Grey becomes R8, colours XB24 or XR24,
 * with alpha AB24, JPEG and PNG what their decoder makes; one of these that cannot be opened is
 * passed over.
 */
#ifndef VITRINE_STREAM_FRAMES_H
#define VITRINE_STREAM_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picture.h"
#include "text.h"
#include "vitrine.h"

/* "nv12", "rgb24" … : what raw frames may be, by its FourCC. False: none of them. */
bool frames_format(const char *text, uint32_t *format);
/* All those names, for messages: "yuv420p, nv12, …". */
#define FRAMES_FORMATS                                                                             \
	"rgb24, bgr24, rgba, rgb0, bgra, bgr0, gray, gray16le, yuv420p, yuv422p, nv12, nv21, "     \
	"yuyv422, uyvy422"

/* What luma and chroma mean. A window takes them for BT.709 from 720 rows up, for BT.601 below. */
enum frames_matrix { FRAMES_OWN_MATRIX, FRAMES_BT601, FRAMES_BT709, FRAMES_BT2020 };
/* OWN: what the stream says, else limited for video and full for grey. */
enum frames_range { FRAMES_OWN_RANGE, FRAMES_LIMITED, FRAMES_FULL };

/* Whether the image is a frame of a stream. */
bool frames_has(const struct vitrine_image *image);

struct decoder;

struct frames_options {
	const char *name; /* of the frames; must outlive them */
	int fd;           /* remains the caller's */
	int woken;        /* readable: stop; -1: none */
	uint32_t format;  /* raw frames: of frames_format(); 0: the first bytes tell */
	uint32_t width;
	uint32_t height;
	size_t strides
		[3]; /* raw frames: bytes of a row of pixels, of chroma; 0: there are no gaps */
	enum frames_matrix matrix;
	enum frames_range range;
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

/* "YUV4MPEG2", "PNM", "JPEG", "PNG", "raw", "file", "animation"; "" before the first frame. */
const char *frames_kind(const struct frames *frames);

/* So many pictures could not be opened until now; frames_reason() has why the last one could not. */
uint64_t frames_damaged(const struct frames *frames);

/* Frames a second, as the stream says of the frame that is next; 0: it does not. */
double frames_rate(const struct frames *frames);

#endif

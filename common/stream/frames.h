/*
 * frames.h - reads a stream of pictures from a descriptor, frame by frame: YUV4MPEG2, concatenated
 * PNM and PAM, concatenated images of a format that tells their length (JPEG, PNG, BMP, WebP, QOI),
 * or raw pixels of a given format and size. First frames_next() describes the next frame, so that a
 * slot of its size can be claimed; then frames_fill() reads it directly into the slot. Everything
 * in a stream is untrusted: an impossible number, or a stream that ends too early, gives a reason,
 * and no more bytes are read than requested. For one thread.
 *
 * Video becomes YU12 (raw nv12 and nv21: NV12) of limited range: chroma of 4:2:2 and 4:4:4 is
 * reduced, full range is narrowed, and another matrix is converted. Grey becomes R8, colours BG24
 * or RG24, with alpha AB24; images become what their decoder produces. One that cannot be
 * decoded is skipped.
 */
#ifndef VITRINE_STREAM_FRAMES_H
#define VITRINE_STREAM_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picture.h"
#include "text.h"
#include "vitrine.h"

/* The FourCC of a raw frame format such as "nv12" or "rgb24". False: unknown name. */
bool frames_format(const char *text, uint32_t *format);
/* All those names, for messages: "yuv420p, nv12, …". */
#define FRAMES_FORMATS                                                                             \
	"rgb24, bgr24, rgba, rgb0, bgra, bgr0, gray, gray16le, yuv420p, yuv422p, nv12, nv21, "     \
	"yuyv422, uyvy422"

/* How luma and chroma are defined. A window assumes BT.709 from 720 rows up, BT.601 below. */
enum frames_matrix { FRAMES_OWN_MATRIX, FRAMES_BT601, FRAMES_BT709, FRAMES_BT2020 };
/* OWN: as the stream says; otherwise limited for video and full for grey. */
enum frames_range { FRAMES_OWN_RANGE, FRAMES_LIMITED, FRAMES_FULL };

/* True if the image is a frame of a stream. */
bool frames_has(const struct vitrine_image *image);

/* True if both are frames, of one publisher: the second belongs to the stream of the first. */
bool frames_follow(const struct vitrine_image *before, const struct vitrine_image *image);

struct decoder;

struct frames_options {
	const char *name; /* of the frames; must outlive them */
	int fd;           /* remains the caller's */
	int woken;        /* stop when it becomes readable; -1: none */
	uint32_t format;  /* raw frames: from frames_format(); 0: detect by the first bytes */
	uint32_t width;
	uint32_t height;
	size_t strides[3]; /* raw frames: bytes per row of pixels and of chroma; 0: no gaps */
	enum frames_matrix matrix;
	enum frames_range range;
	bool may_be_file;        /* data that is not a stream is one file, and the only frame */
	bool animates;           /* play a file that is an animation: its frames are the stream */
	bool loops;              /* play the animation again and again */
	uint64_t limit;          /* maximum size in bytes of a file, and of a decoded picture */
	struct decoder *decoder; /* for JPEG and files; remains the caller's */
};

enum frames_result {
	FRAMES_OK,
	FRAMES_END,     /* the stream ended between two frames */
	FRAMES_STALLED, /* no byte arrived within the given time; call again */
	FRAMES_STOPPED, /* `woken` is readable */
	FRAMES_BAD,     /* frames_reason() says why; the stream cannot be read further */
};

struct frames;

/* Reads nothing yet. NULL: no memory. */
struct frames *frames_open(const struct frames_options *options);
void frames_close(struct frames *frames); /* NULL is allowed */

/* Sleeps until something can be read: the next frame, the rest of this one, or the end. */
enum frames_result frames_wait(struct frames *frames, int64_t patience_ns);

/* Waits for the next frame and describes it; *image has the size of the slot that it needs. */
enum frames_result frames_next(struct frames *frames, struct vitrine_image *image);

/*
 * Reads the frame into `slot`, which has image->size bytes. After FRAMES_STALLED (no byte for
 * `patience_ns`) it can continue in another slot that holds a copy of what was read.
 */
enum frames_result frames_fill(struct frames *frames, void *slot, int64_t patience_ns);

/* Reads and discards the rest of the frame. */
enum frames_result frames_skip(struct frames *frames);

const char *frames_reason(const struct frames *frames); /* one line without the stream's name */

/*
 * "YUV4MPEG2", "PNM", "JPEG", "PNG", "BMP", "WebP", "QOI", "raw", "file", "animation"; "" before
 * the first frame.
 */
const char *frames_kind(const struct frames *frames);

/*
 * The number of pictures so far that could not be decoded; frames_reason() is about the last one.
 */
uint64_t frames_damaged(const struct frames *frames);

/* Frames per second, as the stream says about the next frame; 0: it does not say. */
double frames_rate(const struct frames *frames);

#endif

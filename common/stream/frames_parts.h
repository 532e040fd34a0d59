/*
 * frames_parts.h - what the files behind frames.h share: the stream while it is read. A frame's
 * payload has one to three parts, each with rows of one length. Rows go straight into the slot, or
 * through a function that converts them. Only those files include this.
 */
#ifndef VITRINE_STREAM_FRAMES_PARTS_H
#define VITRINE_STREAM_FRAMES_PARTS_H

#include "feed.h"
#include "frames.h"
#include "pnm.h"

#define FRAMES_PARTS     3
#define FRAMES_SNIFFED   12 /* bytes: "RIFF....AVI " is the longest signature */
#define FRAMES_PNG_MAGIC "\x89PNG\r\n\x1a\n"
#define FRAMES_SIDE_MOST (UINT32_C(1) << 24) /* as the library */

struct frames_part {
	size_t row_bytes;
	uint32_t rows;
	size_t offset; /* of the part in the slot */
	/*
	 * NULL: rows are read into the slot unchanged, without gaps. Otherwise one row has `bytes`
	 * bytes.
	 */
	void (*put)(struct frames *frames, const struct frames_part *part, uint32_t row,
		uint8_t *bytes, uint8_t *slot); /* converts a row; may change the bytes */
};

struct frames_kind {
	const char *name;
	/* Reads what precedes a frame's payload, and describes the image and its parts. */
	enum frames_result (*next)(struct frames *frames);
	/* Called when the payload is complete, to finish the frame in the slot. May be NULL. */
	void (*finish)(struct frames *frames, uint8_t *slot);
};

extern const struct frames_kind frames_y4m, frames_pnm, frames_jpeg, frames_png, frames_bmp,
	frames_webp, frames_qoi, frames_raw, frames_file, frames_animation;

struct frames {
	struct frames_options options;
	const struct frames_kind *kind; /* NULL: the first bytes have not been examined */
	struct feed feed;
	struct vitrine_image image; /* the next frame */
	uint64_t count;             /* number of frames described */
	char reason[TEXT_REASON_MAX];
	uint8_t begin[FRAMES_SNIFFED]; /* of the stream */
	size_t begin_size;

	struct frames_part parts[FRAMES_PARTS];
	size_t part_count;
	size_t part;         /* current position: the part */
	uint32_t row;        /* the row in it */
	size_t row_done;     /* bytes of that row already read */
	uint8_t *row_memory; /* holds a row to be converted; grows */
	size_t row_size;

	uint8_t table[256]; /* planes: converts a byte */

	/* Planes: YUV4MPEG2, raw frames */
	uint32_t width, height; /* 0: the header has not been read */
	uint32_t chroma_x,
		chroma_y;  /* luma samples per chroma sample in each direction; 0: no chroma */
	bool is_full;      /* range */
	uint32_t bits;     /* bits per sample; more than 8: two bytes, the low one first */
	bool is_by_ffmpeg; /* YUV4MPEG2: its header has a field of ffmpeg's */
	double rate;
	uint16_t *sums; /* a row of chroma before it is averaged */

	struct pnm pnm; /* PNM: header of the current frame */

	/* JPEG, file: the bytes, and the decoded picture. */
	uint8_t *bytes;
	size_t size, room;
	struct picture *picture; /* NULL: the bytes are the frame */
	uint64_t damaged;        /* number of pictures skipped because they could not be decoded */
	bool is_joined;          /* the stream began within a picture: start with the next one */

	/* Animation */
	struct decode *animation; /* its file; NULL: not opened yet */
	uint32_t frame;           /* number of the next frame */
	uint32_t total;           /* total number of frames; 0: not known yet */
};

/* Describes an image with pixels of this format. FRAMES_BAD: impossible size. */
enum frames_result frames_describe(struct frames *frames, uint32_t width, uint32_t height,
	uint32_t format);

/* Adds a part; with `put`, allocates memory for a row. FRAMES_BAD: no memory. */
enum frames_result frames_add_part(struct frames *frames, const struct frames_part *part);

/*
 * Adds the planes of YU12, NV12 or R8, with frames->bits per sample, frames->chroma_x and chroma_y.
 * Strides: bytes per row of luma and of chroma; 0: no gaps.
 */
enum frames_result frames_add_planes(struct frames *frames, const size_t strides[FRAMES_PARTS]);
/* Converts the range and matrix of the frame in the slot to those that the windows assume. */
void frames_finish_yuv(struct frames *frames, uint8_t *slot);

/* Sets the reason. Returns FRAMES_BAD. */
__attribute__((format(printf, 2, 3))) enum frames_result frames_refuse(struct frames *frames,
	const char *format, ...);

/* Reports what the stream is, by its first bytes, and the remedy. Returns FRAMES_BAD. */
enum frames_result frames_refuse_unknown(struct frames *frames);

/* True if `woken` is readable, which requests the end; for decode_wish. */
bool frames_is_stopped(void *frames);

/* Translates a feed_result inside of a frame, where no stream may end. */
enum frames_result frames_inside(struct frames *frames, enum feed_result result);

/* JPEG and file: makes room for one more byte. False: no memory, or the limit is reached. */
bool frames_grow(struct frames *frames, size_t by);
/* Frees the bytes and the picture. */
void frames_forget(struct frames *frames);
/* Decodes the bytes and describes the result: the rows are in memory, so nothing more is read. */
enum frames_result frames_decode(struct frames *frames);

/* True if the options and the first bytes of a file say that it is to be played. */
bool frames_animates(const struct frames_options *options, const uint8_t *bytes, size_t size);

#endif

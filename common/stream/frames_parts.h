/*
 * frames_parts.h - what the files of frames.h share: the stream as it is being read. A frame's payload
 * is one to three parts, each of rows of one length, that go straight into the slot or by way of a
 * function that turns them into what the slot is to have. Nobody else includes this.
 */
#ifndef VITRINE_STREAM_FRAMES_PARTS_H
#define VITRINE_STREAM_FRAMES_PARTS_H

#include "feed.h"
#include "frames.h"

#define FRAMES_PARTS     3
#define FRAMES_SNIFFED   12 /* bytes: "RIFF....AVI " is the longest that is looked for */
#define FRAMES_PNG_MAGIC "\x89PNG\r\n\x1a\n"
#define FRAMES_SIDE_MOST (UINT32_C(1) << 24) /* as the library */

struct frames_part {
	size_t row_bytes;
	uint32_t rows;
	size_t offset; /* of the part in the slot */
	/* NULL: the rows go there as they are, without gaps. Else: `bytes` are one row. */
	void (*put)(struct frames *frames, const struct frames_part *part, uint32_t row,
		uint8_t *bytes, uint8_t *slot); /* may change the bytes */
};

struct frames_kind {
	const char *name;
	/* Reads what is before a frame's payload, and describes image and parts. */
	enum frames_result (*next)(struct frames *frames);
	/* May be NULL. The payload is whole: what is left to be done in the slot. */
	void (*finish)(struct frames *frames, uint8_t *slot);
};

extern const struct frames_kind frames_y4m, frames_pnm, frames_jpeg, frames_png, frames_raw,
	frames_file, frames_animation;

struct frames {
	struct frames_options options;
	const struct frames_kind *kind; /* NULL: the first bytes were not looked at yet */
	struct feed feed;
	struct vitrine_image image; /* the frame that is next */
	uint64_t count;             /* of frames that were described */
	char reason[TEXT_REASON_MAX];
	uint8_t begin[FRAMES_SNIFFED]; /* of the stream */
	size_t begin_size;

	struct frames_part parts[FRAMES_PARTS];
	size_t part_count;
	size_t part;         /* where the reading stands: in this part, */
	uint32_t row;        /* in this row, */
	size_t row_done;     /* behind so many of its bytes */
	uint8_t *row_memory; /* for a row that is put; grows */
	size_t row_size;

	uint8_t table[256]; /* PNM, grey: what a byte becomes */

	/* Planes: YUV4MPEG2, raw frames */
	uint32_t width, height; /* 0: its header was not read yet */
	uint32_t chroma_x,
		chroma_y; /* pixels of luma that one of chroma stands for; 0: there is none */
	bool is_full;     /* range */
	uint32_t bits;    /* of a sample; more than 8: in two bytes, the low one first */
	double rate;
	uint16_t *sums; /* of a row of chroma, before it is averaged */

	uint32_t depth; /* PNM: samples a pixel … */
	bool is_wide;   /* … of two bytes */
	uint32_t most;  /* … from 0 to this */

	/* JPEG, file: the bytes, and what they became. */
	uint8_t *bytes;
	size_t size, room;
	struct picture *picture; /* NULL: the bytes are the frame */
	uint64_t damaged;        /* so many could not be opened, and were passed over */
	bool is_joined;          /* in the middle of a picture: it begins with the next one */

	/* Animation */
	struct decode *animation; /* its file; NULL: not opened yet */
	uint32_t frame;           /* the next one's number */
	uint32_t total;           /* so many has it; 0: not known yet */
};

/* Describes pixels of this shape; FRAMES_BAD: nobody could have that. */
enum frames_result frames_describe(struct frames *frames, uint32_t width, uint32_t height,
	uint32_t format);

/* Adds a part; with `put`, makes room for a row. FRAMES_BAD: no memory. */
enum frames_result frames_add_part(struct frames *frames, const struct frames_part *part);

/*
 * Adds the planes of YU12, NV12 or R8, of frames->bits a sample, with frames->chroma_x and chroma_y.
 * Strides: the bytes of a row of luma and of chroma; 0: there are no gaps.
 */
enum frames_result frames_add_planes(struct frames *frames, const size_t strides[FRAMES_PARTS]);
/* Makes of the frame in the slot what the windows take it for: its range, its matrix. */
void frames_finish_yuv(struct frames *frames, uint8_t *slot);

/* A row of three bytes a pixel, as it is. */
void frames_put_rgb(struct frames *frames, const struct frames_part *part, uint32_t row,
	uint8_t *bytes, uint8_t *slot);

/* Sets the reason. Returns FRAMES_BAD. */
__attribute__((format(printf, 2, 3))) enum frames_result frames_refuse(struct frames *frames,
	const char *format, ...);

/* Says what the stream is, by its first bytes, and the cure. Returns FRAMES_BAD. */
enum frames_result frames_refuse_unknown(struct frames *frames);

/* Whether `woken` is readable, which asks for the end; for decode_wish. */
bool frames_is_stopped(void *frames);

/* What a feed_result means inside of a frame, where no stream may end. */
enum frames_result frames_inside(struct frames *frames, enum feed_result result);

/* "640" and no more than that; false: no number, or beyond `most`. */
bool frames_number(const char *text, uint32_t most, uint32_t *number);

/* JPEG and file: makes the bytes one larger. False: no memory, or the limit is reached. */
bool frames_grow(struct frames *frames, size_t by);
/* Lets go of them. */
void frames_forget(struct frames *frames);
/* Has them decoded, and describes what came of it: the rows are there, nothing is read. */
enum frames_result frames_decode(struct frames *frames);

/* Whether the options and the first bytes of a file say that it is to be played. */
bool frames_animates(const struct frames_options *options, const uint8_t *bytes, size_t size);

#endif

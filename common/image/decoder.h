/*
 * decoder.h - a child process that decodes image files, so that a decoder that crashes, hangs or is
 * taken over by a file affects only that file. The child is the program vitrine-decoder (decoder/).
 * It has no access to the channel and no descriptors except those of one file, of its socket and of
 * memory for pixels; its memory, time and system calls are limited. It is started when it is first
 * needed, kept running, and replaced when it has ended.
 *
 * Some formats have a program of their own, such as vitrine-decoder-heif, so that their libraries
 * are loaded only when needed and may be missing.
 *
 * A decoder is for one thread at a time: each thread that decodes has its own. decode.h calls it.
 */
#ifndef VITRINE_IMAGE_DECODER_H
#define VITRINE_IMAGE_DECODER_H

#include <stdbool.h>
#include <stdint.h>

#include "format.h"
#include "picture.h"
#include "text.h"

#define DECODER_TIMEOUT_NS INT64_C(30000000000) /* default, per file */

struct decoder;

struct decoder_options {
	/* Its path; NULL: the installed vitrine-decoder. Others are beside it. Must outlive it. */
	const char *program;
	uint64_t memory;    /* bytes that the pixels of a file may take: --memory */
	int64_t timeout_ns; /* how long a file may take; 0: DECODER_TIMEOUT_NS */
};

struct decoder_request {
	int file;           /* read from its beginning, whatever its offset is */
	uint64_t file_size; /* bytes */
	uint64_t limit;     /* bytes that the pixels may take; at most options.memory */
	enum format format; /* which must be one that is decoded */
	uint32_t box_width; /* the result need only fill this box; 0: all pixels */
	uint32_t box_height;
	bool animates;     /* a frame of an animation; requesting frames in order is cheapest */
	uint32_t frame;    /* from 0 on */
	uint64_t identity; /* with `animates`: the same in all requests about one file */
	bool looks;        /* read only the header: the answer has width, height and ends_early */
	/*
	 * Called once, when the header is known; `need` is the most memory in bytes that decoding
	 * uses at any time. May sleep. false: the picture is no longer wanted. May be NULL.
	 */
	bool (*admits)(void *data, uint64_t need);
	/* Called several times a second; true: the picture is no longer wanted. May be NULL. */
	bool (*gives_up)(void *data);
	void *data;
};

struct decoder_answer {
	void *pixels; /* upright, 4 bytes each, rows without gaps; the caller frees them */
	uint32_t width;
	uint32_t height;
	uint32_t whole_width; /* of the image in the file, upright */
	uint32_t whole_height;
	bool is_opaque;
	bool is_damaged;      /* pixels are missing, or may be wrong: the note says so */
	bool is_incomplete;   /* … because the file ends early */
	uint32_t frames;      /* of the file: more than 1 for an animation */
	uint32_t duration_ms; /* of the requested frame */
	bool ends_early;      /* after a look: the end mark of the file is missing */
	char note[PICTURE_NOTE_MAX];
};

/* Starts no process yet. NULL: no memory. */
struct decoder *decoder_create(const struct decoder_options *options);

/* Kills the processes. NULL is allowed. */
void decoder_destroy(struct decoder *decoder);

/*
 * Decodes. false: `reason` says why; one line without the file's name. `decoder` may be NULL, which
 * is a reason: there was no memory for it.
 */
bool decoder_run(struct decoder *decoder, const struct decoder_request *request,
	struct decoder_answer *answer, char reason[TEXT_REASON_MAX]);

/* True if a format can be decoded here; `program` as in the options. */
enum decoder_presence {
	DECODER_MISSING, /* its program is not installed, or there is none at all */
	DECODER_PARTLY,  /* a drawing is drawn, but without its text and images */
	DECODER_THERE,
};
enum decoder_presence decoder_presence(const char *program, enum format format);

/* The name of the program that decodes all of a format: "vitrine-decoder-heif". */
const char *decoder_program(enum format format);

/* The process for the common formats, for tests; 0: there is none now. */
int decoder_pid(const struct decoder *decoder);

#endif

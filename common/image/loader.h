/*
 * loader.h - decodes files in the background, on all processors, while the window stays responsive.
 * The caller queues jobs and pops results in the order in which they were finished; wake() tells
 * the window's thread that there is one. It keeps no pictures: the caller owns the results that it
 * pops. The memory for results that are unfinished or not yet popped is bounded: a worker waits for
 * room before it decodes.
 *
 * All functions are for one thread (the window's), which created the loader. Only loader_wait() and
 * loader_destroy() sleep.
 */
#ifndef VITRINE_IMAGE_LOADER_H
#define VITRINE_IMAGE_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "collect.h"
#include "picture.h"
#include "text.h"

struct loader;

/* What a job delivers; values can be combined with |. */
enum loader_wants {
	LOADER_THUMBNAIL = 1, /* a small picture */
	LOADER_PIXELS = 2,    /* the whole picture: the job waits for room */
	/* The whole picture, but only if it was decoded whole anyway and there is room for it. */
	LOADER_PIXELS_IF_ROOM = 4,
	LOADER_FILES = 8, /* if it is not an image, its media type and size */
};

enum loader_outcome {
	LOADER_LOADED,   /* picture and thumbnail as wanted */
	LOADER_REFUSED,  /* reason says why */
	LOADER_FILE,     /* it is not an image; file says what it is */
	LOADER_EXPANDED, /* collection holds the files */
};

struct loader_file {
	const char *type; /* its media type, never freed; NULL: it is an image */
	uint64_t size;    /* bytes */
	struct timespec mtime;
};

struct loader_result {
	uint64_t id; /* of the job, as the caller gave it */
	enum loader_outcome outcome;
	struct picture *picture;   /* NULL: not wanted, or no room */
	struct picture *thumbnail; /* NULL: not wanted; a small picture is its own thumbnail */
	struct loader_file file;
	struct collection collection;
	char *path; /* of the job; NULL for LOADER_EXPANDED */
	char reason[TEXT_REASON_MAX];
	uint64_t duration_ns; /* from the start of the work to its end, without the wait for room */
};

struct loader_options {
	/* Bytes that one picture may take: the --memory of the program. */
	uint64_t limit;
	/*
	 * Bytes that unfinished and unpopped pictures may take together; one picture that needs
	 * more is decoded when it is alone.
	 */
	uint64_t room;
	/* The box that thumbnails fit in, in pixels. */
	uint32_t thumbnail_width;
	uint32_t thumbnail_height;
	/* 0: as many as this process has processors. Each has a decoder of its own. */
	uint32_t threads;
	const char *decoder;        /* its program, for decoder_create(); NULL: the installed one */
	int64_t decoder_timeout_ns; /* 0: DECODER_TIMEOUT_NS */
	/*
	 * Called by a worker when the queue of results is no longer empty, for example to push an
	 * SDL event. May be NULL.
	 */
	void (*wake)(void *data);
	void *wake_data;
};

/* Starts the threads, with all signals blocked, but no process yet. NULL: see errno. */
struct loader *loader_create(const struct loader_options *options);

/*
 * Cancels everything, kills the decoders, and frees results that were not popped. NULL is allowed.
 */
void loader_destroy(struct loader *loader);

/*
 * Queues `path`. The result has the same `id`, which the caller chooses (if two jobs share an id,
 * cancel and hurry apply to both). `path` is copied. false: no memory.
 */
bool loader_load(struct loader *loader, uint64_t id, const char *path, unsigned wants);

/*
 * Queues the expansion of `count` paths to files (see collect.h), ahead of all loading. It gives
 * one result. The paths are copied. false: no memory.
 */
bool loader_expand(struct loader *loader, uint64_t id, const char *const paths[], size_t count);

/* Moves the job ahead of all others that have not begun, for example the chosen image. */
void loader_hurry(struct loader *loader, uint64_t id);

/*
 * Cancels the job, whether queued, running or finished: it gives no result. Its decoder is stopped.
 */
void loader_cancel(struct loader *loader, uint64_t id);

/* Cancels all jobs. */
void loader_cancel_all(struct loader *loader);

/*
 * Takes the oldest result; false: there is none now. The caller owns the picture, the thumbnail
 * (one reference each), the collection and the path. loader_result_free() frees them; to keep one,
 * set the member to NULL or {0} first.
 */
bool loader_pop(struct loader *loader, struct loader_result *result);

/* The same, but sleeps until there is a result. false: no job is left. */
bool loader_wait(struct loader *loader, struct loader_result *result);

/* Releases everything in the result and makes it empty. */
void loader_result_free(struct loader_result *result);

struct loader_progress {
	uint32_t done;  /* files finished since the loader was last idle */
	uint32_t total; /* files queued since then; 0: idle */
	bool expanding; /* folders are being searched: the total will grow */
	uint64_t bytes; /* in unfinished and unpopped work, as counted against the room */
};

struct loader_progress loader_progress(struct loader *loader);

#endif

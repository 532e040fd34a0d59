/* film.c - see film.h. */
#include "film.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "encode.h"
#include "frames.h"
#include "monotonic.h"
#include "translate.h"

#define FRAMES_MOST  64
#define FRAMES_LEAST 4
#define PIPE_BYTES   (1 << 20)         /* fewer switches between us and the reader */
#define PART_BYTES   ((size_t)1 << 16) /* a slow reader is seen to read */
#define CLOSE_S      5    /* a reader that takes nothing for so long has stopped reading */
#define AHEAD_S      0.25 /* the most that a stream may be ahead of its clock */

/* A frame that waits for the writer. */
struct entry {
	uint8_t *bytes;
	uint64_t repeats; /* how often the previous frame is first written again */
};

struct film {
	const struct log *log;
	enum film_kind kind;
	double fps;
	pthread_t thread;

	/* the caller's thread only */
	int64_t start_ns;  /* when the first frame was due */
	uint64_t due;      /* number of frames until now, including repeated ones */
	double ahead;      /* number of frames by which it may be ahead of its clock */
	bool is_told;      /* a frame of another size was reported */
	uint8_t *reserved; /* for the next frame; NULL: none yet */
	uint8_t *early;    /* memory for the last frame that came too early … */
	bool has_early;    /* … and there is one, with none newer */
	bool is_early;     /* the next frame is copied there */
	uint64_t added, repeated, skipped, dropped;

	struct vitrine_image first; /* has the size and format of all; size 0: none yet */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct entry entries[FRAMES_MOST]; /* a ring */
	unsigned head, count;
	/* Memory for frames; the last one freed is reused first, so that few are ever touched. */
	uint8_t *spares[FRAMES_MOST];
	unsigned spare_count;
	uint64_t trailing; /* how often the last frame must be written again so far */
	bool is_closing, is_done, has_ended;
	int error;                /* errno of a failed write */
	_Atomic uint64_t written; /* bytes */
};

/* ---- the writer's thread --------------------------------------------------------------------- */

struct writer {
	struct film *film;
	uint8_t *frame; /* the last one, as written */
	size_t size;
	bool has_header;
};

/* Writes everything; returns 0 or errno. */
static int write_all(struct film *film, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	while (size > 0) {
		ssize_t count = write(STDOUT_FILENO, at, size < PART_BYTES ? size : PART_BYTES);

		if (count < 0 && errno != EINTR)
			return errno;
		if (count > 0) {
			at += count;
			size -= (size_t)count;
			film->written += (uint64_t)count;
		}
	}
	return 0;
}

/* Encodes to a file in memory, and takes its bytes. Returns 0 or errno. */
static int make_jpeg(struct writer *writer, const struct pixels *pixels)
{
	char reason[TEXT_REASON_MAX];
	int fd = memfd_create("vitrine", MFD_CLOEXEC);
	bool is_made = fd >= 0 && encode_jpeg(fd, pixels, NULL, FILM_QUALITY_JPEG, reason);
	const off_t size = is_made ? lseek(fd, 0, SEEK_END) : 0;
	uint8_t *frame = size > 0 ? realloc(writer->frame, (size_t)size) : NULL;

	if (frame != NULL) {
		writer->frame = frame;
		writer->size = (size_t)size;
		is_made = pread(fd, frame, writer->size, 0) == size;
	}
	if (fd >= 0)
		close(fd);
	return is_made && frame != NULL ? 0 : ENOMEM;
}

/* Converts a frame, and writes the header before the first one. Returns 0 or errno. */
static int make_frame(struct writer *writer, const uint8_t *bytes)
{
	struct film *film = writer->film;
	const struct pixels pixels = {
		.data = bytes,
		.width = film->first.width,
		.height = film->first.height,
		.pitch = film->first.pitch,
		.format = film->first.format,
	};
	char header[FILM_HEADER_MAX];
	int error = 0;

	if (film->kind == FILM_JPEG)
		return make_jpeg(writer, &pixels);
	if (writer->frame == NULL)
		writer->frame = malloc(film_frame_size(film->kind, &pixels));
	if (writer->frame == NULL)
		return ENOMEM;
	if (!writer->has_header) {
		film_header(header, film->kind, &pixels, film->fps);
		error = write_all(film, header, strlen(header));
		writer->has_header = true;
	}
	writer->size = film_frame(writer->frame, film->kind, &pixels);
	return error;
}

static int repeat_frame(struct writer *writer, uint64_t times)
{
	int error = 0;

	while (times-- > 0 && error == 0)
		error = write_all(writer->film, writer->frame, writer->size);
	return error;
}

/* Waits for an entry to write. false: everything was written, and the stream ends. */
static bool await_entry(struct film *film, struct entry *entry)
{
	bool is_there;

	pthread_mutex_lock(&film->lock);
	while (film->count == 0 && film->trailing == 0 && !film->is_closing)
		pthread_cond_wait(&film->changed, &film->lock);
	is_there = film->count > 0 || film->trailing > 0;
	if (film->count > 0) {
		*entry = film->entries[film->head];
	} else {
		*entry = (struct entry){.repeats = film->trailing};
		film->trailing = 0;
	}
	pthread_mutex_unlock(&film->lock);
	return is_there;
}

/* Frees the entry for a new frame. */
static void finish_entry(struct film *film, const struct entry *entry, int error)
{
	pthread_mutex_lock(&film->lock);
	if (entry->bytes != NULL) {
		film->head = (film->head + 1) % FRAMES_MOST;
		film->count--;
		film->spares[film->spare_count++] = entry->bytes;
	}
	film->error = error;
	film->has_ended = error != 0;
	pthread_mutex_unlock(&film->lock);
}

static void *write_frames(void *data)
{
	struct film *film = data;
	struct writer writer = {.film = film};
	struct entry entry;
	int error = 0;

	while (error == 0 && await_entry(film, &entry)) {
		error = repeat_frame(&writer, entry.repeats);
		if (error == 0 && entry.bytes != NULL)
			error = make_frame(&writer, entry.bytes);
		if (error == 0 && entry.bytes != NULL)
			error = repeat_frame(&writer, 1);
		finish_entry(film, &entry, error);
	}
	free(writer.frame);
	pthread_mutex_lock(&film->lock);
	film->is_done = true;
	pthread_cond_broadcast(&film->changed);
	pthread_mutex_unlock(&film->lock);
	return NULL;
}

/* Memory for the next frame; NULL: there is no room. */
static uint8_t *reserve(struct film *film)
{
	pthread_mutex_lock(&film->lock);
	if (film->reserved == NULL && film->spare_count > 0)
		film->reserved = film->spares[--film->spare_count];
	pthread_mutex_unlock(&film->lock);
	return film->reserved;
}

/* ---- the clock ------------------------------------------------------------------------------- */

/* The number of frames, with a fraction, that the stream should have had before this time. */
static double frames_until(const struct film *film, int64_t ns)
{
	return (double)(ns - film->start_ns) * film->fps / 1e9;
}

/* Makes the writer repeat the last frame, after those that wait. */
static void repeat_last(struct film *film, uint64_t times)
{
	const double most = film->fps * AHEAD_S;

	film->due += times;
	film->repeated += times;
	film->ahead = film->ahead + (double)times < most ? film->ahead + (double)times : most;
	pthread_mutex_lock(&film->lock);
	film->trailing += times;
	pthread_cond_broadcast(&film->changed);
	pthread_mutex_unlock(&film->lock);
}

/*
 * True if a frame of this time is needed. Frames may be early or late by the time of one frame.
 * After a gap, in which the last frame was repeated, delayed frames may arrive all at once: the
 * stream may then get ahead by as many frames as were repeated, so that none is skipped.
 */
static bool is_due(struct film *film, const struct vitrine_image *image)
{
	double exact;

	if (film->due == 0) {
		film->start_ns = monotonic_ns();
		if (frames_until(film, image->published_ns) > -1) /* otherwise it is an old image */
			film->start_ns = image->published_ns;
		return true;
	}
	exact = frames_until(film, image->published_ns);
	if (exact < (double)film->due - 1 - film->ahead)
		return false;
	if (exact > (double)film->due + 1)
		repeat_last(film, (uint64_t)exact - film->due);
	return true;
}

/* Repeats the last frame until now. */
static void repeat_until_now(struct film *film)
{
	const double exact = film->due > 0 ? frames_until(film, monotonic_ns()) : 0;

	if (exact >= (double)film->due + 2)
		repeat_last(film, (uint64_t)exact - film->due - 1);
}

void film_hold(struct film *film)
{
	uint8_t *bytes;

	/* The frame that came too early is now the newest: it is late, but not lost. */
	if (film->has_early && frames_until(film, monotonic_ns()) >= (double)film->due - 1) {
		film->has_early = false;
		bytes = reserve(film);
		film->dropped += bytes == NULL;
		if (bytes != NULL) {
			memcpy(bytes, film->early, (size_t)film->first.size);
			film->is_early = false;
			film_add(film);
		}
	}
	repeat_until_now(film);
}

/* ---- frames ---------------------------------------------------------------------------------- */

static void log_stream(const struct film *film, const struct vitrine_image *image)
{
	static const char *const names[] = {"", "y4m", "raw", "mjpeg"};

	log_event(film->log, "stream", LOG_STR("name", image->name),
		LOG_STR("kind", names[film->kind]),
		LOG_STR("format", film_pixel_format(image->format)), LOG_U64("width", image->width),
		LOG_U64("height", image->height), LOG_REAL("fps", film->fps));
}

/* The first frame: allocates the ring. false: no memory. */
static bool begin(struct film *film, const struct vitrine_image *image)
{
	const uint64_t fitting = FILM_BYTES_MOST / image->size;
	const unsigned room = fitting > FRAMES_MOST    ? FRAMES_MOST
			      : fitting < FRAMES_LEAST ? FRAMES_LEAST
						       : (unsigned)fitting;

	film->early = malloc((size_t)image->size);
	while (film->early != NULL && film->spare_count < room) {
		uint8_t *bytes = malloc((size_t)image->size); /* takes memory when used */

		if (bytes == NULL)
			return false;
		film->spares[film->spare_count++] = bytes;
	}
	film->first = *image;
	log_stream(film, image);
	return film->early != NULL;
}

static bool is_alike(struct film *film, const struct vitrine_image *image)
{
	const struct vitrine_image *first = &film->first;
	char reason[TEXT_REASON_MAX];

	if (image->kind == VITRINE_PIXELS &&
		(first->size == 0 ||
			(image->width == first->width && image->height == first->height &&
				image->format == first->format && image->pitch == first->pitch)))
		return true;
	film->skipped++;
	if (film->is_told)
		return false;
	film->is_told = true;
	if (image->kind != VITRINE_PIXELS)
		snprintf(reason, sizeof(reason),
			_("is a file, not a frame: skipped; `vitrine send --as-pixels` sends "
			  "pixels"));
	else
		snprintf(reason, sizeof(reason),
			_("has %u x %u pixels (%s), but the stream has %u x %u (%s): skipped, like all "
			  "that differ"),
			image->width, image->height, film_pixel_format(image->format), first->width,
			first->height, film_pixel_format(first->format));
	log_error(film->log, image->name, reason);
	return false;
}

void *film_reserve(struct film *film, const struct vitrine_image *image)
{
	uint8_t *bytes;

	if (!is_alike(film, image))
		return NULL;
	if (film->first.size == 0 && !begin(film, image)) {
		pthread_mutex_lock(&film->lock);
		film->has_ended = true;
		film->error = ENOMEM;
		pthread_mutex_unlock(&film->lock);
		return NULL;
	}
	film->skipped += film->has_early; /* it is replaced by this newer one */
	film->has_early = false;
	film->is_early = !is_due(film, image);
	bytes = film->is_early ? film->early : reserve(film);
	film->dropped += bytes == NULL;
	return bytes;
}

void film_add(struct film *film)
{
	if (film->is_early) {
		film->has_early = true;
		return;
	}
	pthread_mutex_lock(&film->lock);
	film->entries[(film->head + film->count) % FRAMES_MOST] =
		(struct entry){.bytes = film->reserved, .repeats = film->trailing};
	film->reserved = NULL;
	film->trailing = 0;
	film->count++;
	pthread_cond_broadcast(&film->changed);
	pthread_mutex_unlock(&film->lock);
	film->due++;
	film->added++;
}

/* ---- creation and end ------------------------------------------------------------------------ */

struct film *film_create(const struct log *log, enum film_kind kind, double fps)
{
	struct film *film = calloc(1, sizeof(*film));

	if (film == NULL)
		return NULL;
	film->log = log;
	film->kind = kind;
	film->fps = fps;
	pthread_mutex_init(&film->lock, NULL);
	pthread_cond_init(&film->changed, NULL);
	fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE_BYTES); /* no effect unless it is a pipe */
	if (pthread_create(&film->thread, NULL, write_frames, film) == 0)
		return film;
	free(film);
	return NULL;
}

bool film_has_ended(struct film *film)
{
	bool has_ended;

	pthread_mutex_lock(&film->lock);
	has_ended = film->has_ended;
	pthread_mutex_unlock(&film->lock);
	return has_ended;
}

/* Waits for CLOSE_S, or until the writer is done. Call with the lock held. */
static void await_writer_once(struct film *film)
{
	struct timespec deadline;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += CLOSE_S;
	while (!film->is_done &&
		pthread_cond_timedwait(&film->changed, &film->lock, &deadline) != ETIMEDOUT)
		continue;
}

/* Waits until the writer is done, however slowly its reader reads; false: it does not read. */
static bool await_writer(struct film *film)
{
	uint64_t before;
	bool is_done;

	pthread_mutex_lock(&film->lock);
	film->is_closing = true;
	pthread_cond_broadcast(&film->changed);
	do {
		before = film->written;
		await_writer_once(film);
	} while (!film->is_done && film->written != before);
	is_done = film->is_done;
	pthread_mutex_unlock(&film->lock);
	return is_done;
}

static void log_end(const struct film *film, uint64_t missed)
{
	log_event(film->log, "stream-ended", LOG_U64("sent", film->added),
		LOG_U64("repeated", film->repeated), LOG_U64("skipped", film->skipped),
		LOG_U64("dropped", film->dropped), LOG_U64("missed", missed),
		LOG_REAL("seconds", (double)film->due / film->fps));
}

bool film_close(struct film *film, uint64_t missed)
{
	bool is_done, is_whole;

	if (film->has_early) { /* the last frame must not be missing */
		film->start_ns -= (int64_t)(1e9 / film->fps);
		film_hold(film);
	}
	film_hold(film);
	is_done = await_writer(film);
	log_end(film, missed);
	if (!is_done) {
		log_error(film->log, _("standard output"),
			_("its reader has stopped reading: the end of the stream was not written"));
		return false; /* the thread still uses the film, until the program ends */
	}
	pthread_join(film->thread, NULL);
	is_whole = film->error == 0;
	if (!is_whole && film->error != EPIPE) /* the reader may close the pipe */
		log_error(film->log, _("standard output"), strerror(film->error));
	is_whole |= film->error == EPIPE;
	for (; film->count > 0; film->count--) /* after an error */
		free(film->entries[film->head++ % FRAMES_MOST].bytes);
	while (film->spare_count > 0)
		free(film->spares[--film->spare_count]);
	free(film->reserved);
	free(film->early);
	pthread_cond_destroy(&film->changed);
	pthread_mutex_destroy(&film->lock);
	free(film);
	return is_whole;
}

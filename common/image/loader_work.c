/*
 * loader_work.c - what the loader's threads do: take a job, load or expand, hand over the result.
 * Two rules bound the memory without a deadlock: a worker reserves memory before it decodes, and a
 * worker may always continue if nothing is reserved.
 */
#include "loader_work.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "decode.h"
#include "format.h"
#include "mediatype.h"
#include "monotonic.h"
#include "slurp.h"
#include "thumbnail.h"
#include "translate.h"

/* ---- room: what is reserved; called with the lock held --------------------------------------- */

static bool fits(const struct loader *loader, uint64_t bytes)
{
	return loader->reserved + bytes <= loader->options.room;
}

/* Changes what a job has reserved, and wakes workers that wait for room. */
void loader_reserve(struct loader *loader, struct loader_job *job, uint64_t bytes)
{
	loader->reserved = loader->reserved - job->reserved + bytes;
	if (bytes < job->reserved)
		pthread_cond_broadcast(&loader->room);
	job->reserved = bytes;
}

/* Sleeps until there is room for the job. false: it is no longer wanted. */
static bool wait_for_room(struct loader *loader, struct loader_job *job, uint64_t bytes)
{
	pthread_mutex_lock(&loader->lock);
	while (!job->cancelled && loader->reserved > 0 && !fits(loader, bytes))
		pthread_cond_wait(&loader->room, &loader->lock);
	bool wanted = !job->cancelled;
	if (wanted)
		loader_reserve(loader, job, bytes);
	pthread_mutex_unlock(&loader->lock);
	return wanted;
}

/* ---- work, without the lock ------------------------------------------------------------------ */

static bool is_reduced(const struct picture *picture)
{
	return picture->width != picture->pixels.width || picture->height != picture->pixels.height;
}

/* Keeps the whole picture in the result if it is wanted and there is room, and counts its bytes. */
static void keep_or_drop_pixels(struct loader *loader, struct loader_job *job)
{
	struct loader_result *result = &job->result;
	uint64_t whole = result->picture->bytes;
	uint64_t small = result->thumbnail != NULL && result->thumbnail != result->picture
				 ? result->thumbnail->bytes
				 : 0;

	pthread_mutex_lock(&loader->lock);
	loader_reserve(loader, job, small);
	bool keep = !is_reduced(result->picture) &&
		    ((job->wants & LOADER_PIXELS) != 0 ||
			    ((job->wants & LOADER_PIXELS_IF_ROOM) != 0 && fits(loader, whole)));
	/* A small picture that is its own thumbnail stays in memory in any case. */
	if (keep || result->thumbnail == result->picture)
		loader_reserve(loader, job, small + whole);
	pthread_mutex_unlock(&loader->lock);
	if (!keep) {
		picture_unref(result->picture);
		result->picture = NULL;
	}
}

/* A job and its state while it is being decoded. */
struct errand {
	struct loader *loader;
	struct loader_job *job;
	uint64_t waited; /* ns waited for room */
};

static bool is_cancelled(void *data)
{
	const struct errand *errand = data;

	return errand->job->cancelled;
}

static bool admit(void *data, uint64_t need)
{
	struct errand *errand = data;
	const uint64_t begun = (uint64_t)monotonic_ns();
	const bool is_wanted = wait_for_room(errand->loader, errand->job, need);

	errand->waited += (uint64_t)monotonic_ns() - begun;
	return is_wanted;
}

/* If only a thumbnail is wanted, the pixels need only fill its box. */
static struct decode_wish wish_of(struct errand *errand)
{
	struct decode_wish wish = {.admits = admit, .gives_up = is_cancelled, .data = errand};

	if ((errand->job->wants & LOADER_PIXELS) == 0) {
		wish.box_width = errand->loader->options.thumbnail_width;
		wish.box_height = errand->loader->options.thumbnail_height;
	}
	return wish;
}

static bool decode_job(struct loader *loader, struct loader_job *job, struct decode *decode,
	struct decoder *decoder, const struct decode_wish *wish)
{
	struct loader_result *result = &job->result;

	result->picture = decode_run(decode, decoder, wish, result->reason);
	if (result->picture == NULL)
		return false;
	if ((job->wants & LOADER_THUMBNAIL) == 0)
		return true;
	result->thumbnail = thumbnail_of(result->picture, loader->options.thumbnail_width,
		loader->options.thumbnail_height);
	if (result->thumbnail != NULL)
		return true;
	picture_unref(result->picture);
	result->picture = NULL;
	strcpy(result->reason, _("not enough memory"));
	return false;
}

/* True if a file's bytes and name both say that it is not an image; decode judges all others. */
static bool is_other_file(struct loader_result *result)
{
	struct slurp slurp;
	char reason[TEXT_REASON_MAX];

	const char *name = text_base_name(result->path);

	if (!slurp_open_any(&slurp, result->path, FORMAT_BYTES, reason))
		return false;
	result->file = (struct loader_file){
		.type = mediatype_of(slurp.bytes, slurp.size, name),
		.size = slurp.file_size,
		.mtime = slurp.mtime,
	};
	const bool is_image = format_is_decoded(format_of(slurp.bytes, slurp.size, name)) ||
			      format_is_image_name(name);
	slurp_close(&slurp);
	if (!is_image)
		return true;
	result->file = (struct loader_file){0};
	return false;
}

static void load(struct loader *loader, struct loader_job *job, struct decoder *decoder)
{
	struct errand errand = {.loader = loader, .job = job};
	const struct decode_wish wish = wish_of(&errand);
	struct loader_result *result = &job->result;
	uint64_t start = (uint64_t)monotonic_ns();
	bool loaded = false;

	result->outcome = LOADER_REFUSED;
	result->path = job->paths[0];
	job->path_count = 0; /* the result now owns the path */
	if ((job->wants & LOADER_FILES) != 0 && is_other_file(result)) {
		result->outcome = LOADER_FILE;
		result->duration_ns = (uint64_t)monotonic_ns() - start;
		return;
	}
	struct decode *decode =
		decode_open(result->path, NULL, loader->options.limit, result->reason);
	if (decode != NULL) {
		loaded = decode_job(loader, job, decode, decoder, &wish);
		decode_close(decode);
	}
	if (loaded) {
		result->outcome = LOADER_LOADED;
		keep_or_drop_pixels(loader, job);
	}
	result->duration_ns = (uint64_t)monotonic_ns() - start - errand.waited;
}

static void expand(struct loader_job *job)
{
	struct collection *collection = &job->result.collection;
	uint64_t start = (uint64_t)monotonic_ns();

	job->result.outcome = LOADER_EXPANDED;
	for (size_t i = 0; i < job->path_count && !job->cancelled; i++)
		if (!collect_path(collection, job->paths[i], &job->cancelled))
			break;
	job->result.duration_ns = (uint64_t)monotonic_ns() - start;
}

/* ---- the threads ----------------------------------------------------------------------------- */

/* Moves a finished job to the results, or forgets it. Returns whether to wake the window. */
static bool finish(struct loader *loader, struct loader_job *job)
{
	bool cancelled, wake;

	pthread_mutex_lock(&loader->lock);
	loader_queue_remove(&loader->running, job);
	cancelled = job->cancelled;
	wake = !cancelled && loader->results.first == NULL;
	if (cancelled || job->result.outcome != LOADER_LOADED)
		loader_reserve(loader, job, 0);
	if (!cancelled) {
		loader_queue_append(&loader->results, job);
		loader->done += job->wants != 0;
	}
	pthread_cond_broadcast(&loader->finished);
	pthread_mutex_unlock(&loader->lock);
	if (cancelled)
		loader_job_free(job);
	return wake;
}

static struct loader_job *next_job(struct loader *loader)
{
	struct loader_job *job;

	pthread_mutex_lock(&loader->lock);
	while (!loader->quit && loader->waiting.first == NULL)
		pthread_cond_wait(&loader->work, &loader->lock);
	job = loader->quit ? NULL : loader->waiting.first;
	if (job != NULL) {
		loader_queue_remove(&loader->waiting, job);
		loader_queue_append(&loader->running, job);
	}
	pthread_mutex_unlock(&loader->lock);
	return job;
}

/* Gives the window's thread priority. On Linux each thread has a nice value of its own. */
#define NICE 10

static struct decoder *make_decoder(const struct loader *loader)
{
	return decoder_create(&(struct decoder_options){
		.program = loader->options.decoder,
		.memory = loader->options.limit,
		.timeout_ns = loader->options.decoder_timeout_ns,
	});
}

void *loader_work(void *data)
{
	struct loader *loader = data;
	struct decoder *decoder = make_decoder(loader);
	struct loader_job *job;

	/* The decoder's process inherits it. */
	setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
	while ((job = next_job(loader)) != NULL) {
		if (job->wants == 0)
			expand(job);
		else
			load(loader, job, decoder);
		if (finish(loader, job) && loader->options.wake != NULL)
			loader->options.wake(loader->options.wake_data);
	}
	decoder_destroy(decoder);
	return NULL;
}

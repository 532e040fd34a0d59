/* saver.c - see saver.h. */
#include "saver.h"

#include <SDL_thread.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "newfile.h"
#include "save.h"
#include "text.h"
#include "translate.h"
#include "turned.h"
#include "worker.h"

enum { QUEUE_MAX = 16 }; /* images with their pixels; more means that the key is held down */

struct job {
	enum saver_kind kind;
	struct history_entry entry; /* with a reference to its picture */
	char *path;                 /* of SAVER_SAVE_AS */
};

struct saver {
	const char *folder;
	struct log *log;
	void (*wake)(void *data);
	void *wake_data;
	struct worker worker;        /* its lock protects the fields below */
	struct job queue[QUEUE_MAX]; /* oldest first */
	size_t queued;
	struct saved results[QUEUE_MAX]; /* oldest first */
	size_t done;
	bool is_working;
	struct saver_progress progress;
	uint32_t rows;         /* of the image being written */
	atomic_uint rows_done; /* counted without the lock */
	bool ending;
};

static void tell(struct saver *saver, const struct saved *saved)
{
	if (!saved->is_saved)
		log_error(saver->log, saved->path, saved->reason);
	else if (saved->kind != SAVER_COPY)
		log_event(saver->log, "saved", LOG_STR("path", saved->path));
	worker_lock(&saver->worker);
	saver->is_working = false;
	if (saver->done < QUEUE_MAX)
		saver->results[saver->done++] = *saved;
	else if (saved->fd >= 0)
		close(saved->fd);
	worker_unlock(&saver->worker);
	saver->wake(saver->wake_data);
}

static bool next(struct saver *saver, struct job *job)
{
	bool has;

	worker_lock(&saver->worker);
	while (saver->queued == 0 && !saver->ending)
		worker_wait(&saver->worker);
	has = saver->queued > 0;
	if (has) {
		*job = saver->queue[0];
		saver->queued--;
		memmove(saver->queue, saver->queue + 1, saver->queued * sizeof(*job));
		saver->is_working = true;
		saver->progress.kind = job->kind;
		memcpy(saver->progress.name, job->entry.image.name, VITRINE_NAME_MAX);
		saver->rows = turned_height(&job->entry.content.pixels, job->entry.orientation);
		atomic_store(&saver->rows_done, 0);
	}
	worker_unlock(&saver->worker);
	return has;
}

/* Makes a PNG of the image in memory, or copies the image's own bytes if they are a PNG. */
static bool copy(const struct job *job, struct encode_way *way, struct saved *saved,
	char reason[TEXT_REASON_MAX])
{
	const struct history_entry *entry = &job->entry;
	bool is_png = entry->image.kind == VITRINE_FILE && entry->orientation == 1 &&
		      strcmp(entry->image.media_type, "image/png") == 0;
	struct newfile file = {.fd = memfd_create("vitrine-copy", MFD_CLOEXEC)};
	int rc = file.fd < 0 ? -errno : 0;

	snprintf(saved->path, sizeof(saved->path), "%s", entry->image.name);
	saved->fd = file.fd;
	way->is_fast = true;
	if (rc == 0 && is_png)
		rc = newfile_write(&file, entry->content.bytes, (size_t)entry->image.size);
	if (rc < 0)
		newfile_reason(reason, rc);
	return rc == 0 && (is_png || encode_png(file.fd, &entry->content.pixels, way, reason));
}

static bool save_entry(struct saver *saver, const struct job *job, struct saved *saved,
	char reason[TEXT_REASON_MAX])
{
	const struct history_entry *entry = &job->entry;
	const struct vitrine_image *image = &entry->image;
	struct encode_way way = {.orientation = entry->orientation, .rows = &saver->rows_done};
	/* A file is saved unchanged, unless the user turned its picture. */
	bool is_file = image->kind == VITRINE_FILE && entry->orientation == 1;
	const struct save_what what = {.pixels = is_file ? NULL : &entry->content.pixels,
		.way = &way,
		.bytes = entry->content.bytes,
		.size = image->size};

	if (job->kind == SAVER_COPY)
		return copy(job, &way, saved, reason);
	if (job->kind == SAVER_SAVE_AS)
		return save_as(job->path, &what, saved->path, reason);
	if (is_file)
		return save_bytes(saver->folder, image->name, entry->content.bytes, image->size,
			saved->path, reason);
	return save_png(saver->folder, image->name, image->sequence, &entry->content.pixels, &way,
		saved->path, reason);
}

static void *work(void *argument)
{
	struct saver *saver = argument;
	struct job job;
	struct saved saved;
	char reason[TEXT_REASON_MAX];

	while (next(saver, &job)) {
		saved.kind = job.kind;
		saved.fd = -1;
		saved.is_saved = save_entry(saver, &job, &saved, reason);
		if (!saved.is_saved) {
			text_print(saved.reason, sizeof(saved.reason),
				job.kind == SAVER_COPY ? _("not copied: %s") : _("not saved: %s"),
				reason);
			if (saved.fd >= 0)
				close(saved.fd);
			saved.fd = -1;
		}
		picture_unref(job.entry.picture);
		free(job.path);
		tell(saver, &saved);
	}
	SDL_TLSCleanup(); /* frees SDL's per-thread error state */
	return NULL;
}

struct saver *saver_create(const char *folder, struct log *log, void (*wake)(void *data),
	void *data)
{
	struct saver *saver = calloc(1, sizeof(*saver));

	if (saver == NULL)
		return NULL;
	saver->folder = folder;
	saver->log = log;
	saver->wake = wake;
	saver->wake_data = data;
	if (worker_start(&saver->worker, work, saver))
		return saver;
	free(saver);
	return NULL;
}

void saver_destroy(struct saver *saver)
{
	if (saver == NULL)
		return;
	worker_lock(&saver->worker);
	saver->ending = true;
	worker_tell(&saver->worker);
	worker_unlock(&saver->worker);
	worker_end(&saver->worker);
	for (size_t i = 0; i < saver->done; i++)
		if (saver->results[i].fd >= 0)
			close(saver->results[i].fd);
	free(saver);
}

bool saver_add(struct saver *saver, enum saver_kind kind, const struct history_entry *entry,
	const char *path)
{
	char *copied = path != NULL ? strdup(path) : NULL;
	bool has_room;

	worker_lock(&saver->worker);
	has_room = saver->queued < QUEUE_MAX && (path == NULL || copied != NULL);
	if (has_room) {
		saver->queue[saver->queued] = (struct job){kind, *entry, copied};
		picture_ref(entry->picture);
		saver->queued++;
		worker_tell(&saver->worker);
	}
	worker_unlock(&saver->worker);
	if (!has_room)
		free(copied);
	return has_room;
}

bool saver_pop(struct saver *saver, struct saved *saved)
{
	bool has;

	worker_lock(&saver->worker);
	has = saver->done > 0;
	if (has) {
		*saved = saver->results[0];
		saver->done--;
		memmove(saver->results, saver->results + 1, saver->done * sizeof(*saved));
	}
	worker_unlock(&saver->worker);
	return has;
}

bool saver_progress(struct saver *saver, struct saver_progress *progress)
{
	bool is_working;

	worker_lock(&saver->worker);
	is_working = saver->is_working;
	*progress = saver->progress;
	progress->per_cent =
		saver->rows == 0
			? 0
			: (unsigned)(UINT64_C(100) * atomic_load(&saver->rows_done) / saver->rows);
	worker_unlock(&saver->worker);
	return is_working;
}

/* saver.c - see saver.h. */
#include "saver.h"

#include <SDL_thread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "save.h"
#include "worker.h"

enum { QUEUE_MAX = 16 }; /* images with their pixels; more means that the key is held down */

struct saver {
	const char *folder;
	struct log *log;
	void (*wake)(void *data);
	void *wake_data;
	struct worker worker;                  /* its lock protects the fields below */
	struct history_entry queue[QUEUE_MAX]; /* oldest first */
	size_t queued;
	struct saved results[QUEUE_MAX]; /* oldest first */
	size_t done;
	bool ending;
};

static void tell(struct saver *saver, const struct saved *saved)
{
	if (saved->is_saved)
		log_event(saver->log, "saved", LOG_STR("path", saved->path));
	else
		log_error(saver->log, saved->path, saved->reason);
	worker_lock(&saver->worker);
	if (saver->done < QUEUE_MAX)
		saver->results[saver->done++] = *saved;
	worker_unlock(&saver->worker);
	saver->wake(saver->wake_data);
}

static bool next(struct saver *saver, struct history_entry *entry)
{
	bool has;

	worker_lock(&saver->worker);
	while (saver->queued == 0 && !saver->ending)
		worker_wait(&saver->worker);
	has = saver->queued > 0;
	if (has) {
		*entry = saver->queue[0];
		saver->queued--;
		memmove(saver->queue, saver->queue + 1, saver->queued * sizeof(*entry));
	}
	worker_unlock(&saver->worker);
	return has;
}

static bool save_entry(const char *folder, const struct history_entry *entry, char path[PATH_MAX],
	char reason[TEXT_REASON_MAX])
{
	const struct vitrine_image *image = &entry->image;

	if (image->kind == VITRINE_FILE)
		return save_bytes(folder, image->name, entry->content.bytes, image->size, path,
			reason);
	return save_png(folder, image->name, image->sequence, &entry->content.pixels, path, reason);
}

static void *work(void *argument)
{
	struct saver *saver = argument;
	struct history_entry entry;
	struct saved saved;
	char reason[TEXT_REASON_MAX];

	while (next(saver, &entry)) {
		saved.is_saved = save_entry(saver->folder, &entry, saved.path, reason);
		if (!saved.is_saved)
			snprintf(saved.reason, sizeof(saved.reason), "not saved: %s", reason);
		picture_unref(entry.picture);
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
	free(saver);
}

bool saver_save(struct saver *saver, const struct history_entry *entry)
{
	bool has_room;

	worker_lock(&saver->worker);
	has_room = saver->queued < QUEUE_MAX;
	if (has_room) {
		saver->queue[saver->queued] = *entry;
		picture_ref(entry->picture);
		saver->queued++;
		worker_tell(&saver->worker);
	}
	worker_unlock(&saver->worker);
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

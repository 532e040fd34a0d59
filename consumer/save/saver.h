/*
 * saver.h - the thread that saves images as PNG and files unchanged, one after the other, and
 * writes images for the clipboard. It logs `saved` or prints the reason for a failure; the window
 * fetches the results. Functions are for the window's thread.
 */
#ifndef VITRINE_CONSUMER_SAVER_H
#define VITRINE_CONSUMER_SAVER_H

#include <limits.h>
#include <stdbool.h>

#include "history.h"
#include "log.h"
#include "text.h"

struct saver;

enum saver_kind {
	SAVER_SAVE,    /* in the folder, next to existing files */
	SAVER_SAVE_AS, /* under the name that the user chose */
	SAVER_COPY,    /* a PNG in memory */
};

struct saved {
	enum saver_kind kind;
	bool is_saved;
	int fd;              /* of a copy, to be closed; otherwise -1 */
	char path[PATH_MAX]; /* absolute; after a failure, the folder; for a copy, the name */
	char reason[TEXT_REASON_MAX + 16]; /* why it was not saved */
};

/* `folder` and `log` must outlive it; `wake` is called when there is a result. NULL: see errno. */
struct saver *saver_create(const char *folder, struct log *log, void (*wake)(void *data),
	void *data);

/* Finishes all queued images, then ends. NULL is allowed. */
void saver_destroy(struct saver *saver);

/*
 * Queues an image with a reference of its own; `path` (copied) is where SAVER_SAVE_AS saves it.
 * false: the queue is full, or no memory.
 */
bool saver_add(struct saver *saver, enum saver_kind kind, const struct history_entry *entry,
	const char *path);

/* Gets the oldest result; false: none. */
bool saver_pop(struct saver *saver, struct saved *saved);

struct saver_progress {
	enum saver_kind kind;
	char name[VITRINE_NAME_MAX];
	unsigned per_cent;
};

/* How much of the current image is written; false: no image is being written. */
bool saver_progress(struct saver *saver, struct saver_progress *progress);

#endif

/*
 * saver.h - the thread that saves images as PNG and files unchanged, one after the other. It logs
 * `saved` or prints the reason for a failure; the window fetches the results. Functions are for the
 * window's thread.
 */
#ifndef VITRINE_CONSUMER_SAVER_H
#define VITRINE_CONSUMER_SAVER_H

#include <limits.h>
#include <stdbool.h>

#include "history.h"
#include "log.h"
#include "text.h"

struct saver;

struct saved {
	bool is_saved;
	char path[PATH_MAX];               /* path of the file, or on failure of the folder */
	char reason[TEXT_REASON_MAX + 16]; /* why it was not saved */
};

/* `folder` and `log` must outlive it; `wake` is called when there is a result. NULL: see errno. */
struct saver *saver_create(const char *folder, struct log *log, void (*wake)(void *data),
	void *data);

/* Finishes all queued images, then ends. NULL is allowed. */
void saver_destroy(struct saver *saver);

/* Queues an image with a reference of its own. false: the queue is full. */
bool saver_save(struct saver *saver, const struct history_entry *entry);

/* Gets the oldest result; false: none. */
bool saver_pop(struct saver *saver, struct saved *saved);

#endif

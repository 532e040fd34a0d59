/*
 * saver.h - the thread that saves images, as PNG, and files as they came, one after the other. It logs `saved` and prints why
 * one was not; results wait to be popped by the window. Functions are for the window's thread.
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
	char path[PATH_MAX];               /* of the file; if it was not saved, of the folder */
	char reason[TEXT_REASON_MAX + 16]; /* why it was not saved */
};

/* `folder` and `log` must outlive it; `wake` is called when there is a result. NULL: errno. */
struct saver *saver_create(const char *folder, struct log *log, void (*wake)(void *data),
	void *data);

/* Finishes what it was asked for, then ends. NULL is allowed. */
void saver_destroy(struct saver *saver);

/* Queues an image; takes a reference of its own. false: the queue is full. */
bool saver_save(struct saver *saver, const struct history_entry *entry);

/* Takes the oldest result; false: there is none. */
bool saver_pop(struct saver *saver, struct saved *saved);

#endif

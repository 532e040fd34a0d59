/*
 * watch.h - tells which images appear in a folder: files that were written and closed, or renamed
 * into it (not into folders in it). Names of unfinished files (.x, x~, x.part, x.tmp, x.crdownload)
 * and names that are no image's are passed over. The folder may not be there yet, or go away and
 * come back. A thread of its own; the functions are for one thread (the window's), none sleeps.
 */
#ifndef VITRINE_PRODUCER_WATCH_H
#define VITRINE_PRODUCER_WATCH_H

#include <stdbool.h>

enum watch_news {
	WATCH_FILE, /* path was written */
	WATCH_GONE, /* the folder is not there; it is looked for once a second */
	WATCH_BACK, /* the folder is there (again): look at what is in it */
	WATCH_LOST, /* too much at once, some files were not told: look at what is in it */
};

struct watch_event {
	enum watch_news news;
	char *path;  /* of the file, or the folder; the caller frees it */
	int problem; /* gone: an errno that says why */
};

struct watch;

/* Starts to watch `folder`. The first event is WATCH_BACK or WATCH_GONE. NULL: errno. */
struct watch *watch_create(const char *folder, void (*wake)(void *data), void *wake_data);
void watch_destroy(struct watch *watch); /* NULL is allowed */

/* Takes the oldest event; false: there is none. */
bool watch_pop(struct watch *watch, struct watch_event *event);

/* Whether a file of this name is told. For tests too. */
bool watch_wants(const char *name);

#endif

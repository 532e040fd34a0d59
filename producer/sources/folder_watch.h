/*
 * folder_watch.h - tells which images appear in a folder: files that were written and closed, or renamed
 * into it (not into folders in it). Names of unfinished files (.x, x~, x.part, x.tmp, x.crdownload)
 * and names that are no image's are passed over. The folder may not be there yet, or go away and
 * come back. A thread of its own; the functions are for one thread (the window's), none sleeps.
 */
#ifndef VITRINE_PRODUCER_FOLDER_WATCH_H
#define VITRINE_PRODUCER_FOLDER_WATCH_H

#include <stdbool.h>

enum folder_news {
	FOLDER_FILE, /* path was written */
	FOLDER_GONE, /* the folder is not there; it is looked for once a second */
	FOLDER_BACK, /* the folder is there (again): look at what is in it */
	FOLDER_LOST, /* too much at once, some files were not told: look at what is in it */
};

struct folder_event {
	enum folder_news news;
	char *path;  /* of the file, or the folder; the caller frees it */
	int problem; /* gone: an errno that says why */
};

struct folder_watch;

/* Starts to watch `folder`. The first event is FOLDER_BACK or FOLDER_GONE. NULL: errno. */
struct folder_watch *folder_watch_create(const char *folder, void (*wake)(void *data),
	void *wake_data);
void folder_watch_destroy(struct folder_watch *watch); /* NULL is allowed */

/* Takes the oldest event; false: there is none. */
bool folder_watch_pop(struct folder_watch *watch, struct folder_event *event);

/* Whether a file of this name is told. For tests too. */
bool folder_watch_wants(const char *name);

#endif

/*
 * folder_watch.h - reports images that appear in a folder or its subfolders: files that were
 * written and closed, renamed or linked into it. It reports the same files as a dropped folder
 * would give (collect.h): images by their names or first bytes, links, and files in subfolders. It
 * ignores hidden names, and names of unfinished files (x~, x.part, x.tmp, x.crdownload). The folder
 * may be missing at first, or disappear and come back. It has a thread of its own; the functions
 * are for one thread (the window's), and none sleeps.
 */
#ifndef VITRINE_PRODUCER_FOLDER_WATCH_H
#define VITRINE_PRODUCER_FOLDER_WATCH_H

#include <stdbool.h>

enum folder_news {
	FOLDER_FILE, /* path was written */
	FOLDER_GONE, /* the folder is missing; it is checked once a second */
	FOLDER_BACK, /* the folder is there (again): read its contents */
	FOLDER_READ, /* a subfolder appeared, or events were lost: read the contents of path */
};

struct folder_event {
	enum folder_news news;
	char *path;  /* of the file or the folder; the caller frees it */
	int problem; /* FOLDER_GONE: an errno with the reason */
};

struct folder_watch;

/* Starts to watch `folder`. The first event is FOLDER_BACK or FOLDER_GONE. NULL: errno. */
struct folder_watch *folder_watch_create(const char *folder, void (*wake)(void *data),
	void *wake_data);
void folder_watch_destroy(struct folder_watch *watch); /* NULL is allowed */

/* Takes the oldest event; false: there is none. */
bool folder_watch_pop(struct folder_watch *watch, struct folder_event *event);

/* True unless the name is hidden or is that of an unfinished file. Also for tests. */
bool folder_watch_wants(const char *name);

#endif

/*
 * chooser.h - the desktop's file chooser, as a child process: zenity, else kdialog. A thread reads
 * what was chosen, so the window lives on; one dialog at a time. All functions are for one thread
 * (the window's); none sleeps but chooser_destroy(), until the child that it ended is gone.
 */
#ifndef VITRINE_PRODUCER_CHOOSER_H
#define VITRINE_PRODUCER_CHOOSER_H

#include <stdbool.h>
#include <stddef.h>

struct chooser;

/* NULL: no memory. `wake` is called on another thread when a dialog was closed. */
struct chooser *chooser_create(void (*wake)(void *data), void *wake_data);
void chooser_destroy(struct chooser *chooser); /* closes an open dialog. NULL is allowed */

enum chooser_start {
	CHOOSER_STARTED,
	CHOOSER_IS_OPEN, /* the one that was started before */
	CHOOSER_MISSING, /* no such program is installed */
	CHOOSER_FAILED,  /* errno says why */
};

enum chooser_start chooser_open(struct chooser *chooser);

/* A dialog that was closed: the paths chosen in it. */
struct chosen {
	char **paths; /* may be none: it was cancelled */
	size_t count;
	int status;          /* of the child: not 0 or 1 is a failure, 128 + n a signal */
	const char *program; /* its name */
};

/* Takes what was chosen; false: no dialog was closed. The caller ends it with chosen_free(). */
bool chooser_pop(struct chooser *chooser, struct chosen *chosen);
void chosen_free(struct chosen *chosen);

#endif

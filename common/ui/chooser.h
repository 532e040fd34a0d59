/*
 * chooser.h - the desktop's file chooser as a child process: zenity, otherwise kdialog. The window
 * stays responsive; one dialog at a time. All functions are for one thread (the window's); none
 * sleeps except chooser_destroy(), until the child has ended.
 */
#ifndef VITRINE_UI_CHOOSER_H
#define VITRINE_UI_CHOOSER_H

#include <stdbool.h>
#include <stddef.h>

struct chooser;

/* NULL: out of memory. `wake` is called on another thread when a dialog was closed. */
struct chooser *chooser_create(void (*wake)(void *data), void *wake_data);
void chooser_destroy(struct chooser *chooser); /* closes an open dialog. NULL is allowed */

enum chooser_start {
	CHOOSER_STARTED,
	CHOOSER_IS_OPEN, /* a dialog is already open */
	CHOOSER_MISSING, /* no such program is installed */
	CHOOSER_FAILED,  /* errno says why */
};

/* Asks for files to open, any number of them. */
enum chooser_start chooser_open(struct chooser *chooser, const char *title);
/* Asks where to save a file, and suggests `path`. The dialog asks before a file is replaced. */
enum chooser_start chooser_save(struct chooser *chooser, const char *title, const char *path);

/* The paths chosen in a dialog that was closed. */
struct chosen {
	char **paths; /* none if the dialog was cancelled */
	size_t count;
	int status;          /* of the child: not 0 or 1 is a failure, 128 + n a signal */
	const char *program; /* its name */
};

/* Gets the chosen paths; false: no dialog was closed. The caller frees them with chosen_free(). */
bool chooser_pop(struct chooser *chooser, struct chosen *chosen);
void chosen_free(struct chosen *chosen);

#endif

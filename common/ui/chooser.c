/* chooser.c - see chooser.h. */
#include "chooser.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "helper.h"

enum { ARGUMENTS_MAX = 10 };

/* A dialog that can be started in one program. */
struct dialog {
	const char *arguments[ARGUMENTS_MAX]; /* the first is the program */
	const char *separator; /* of paths in the output; "//" occurs in no path from a chooser */
};

struct chooser {
	struct helper *helper;
	const char *program;
	const char *separator;
};

struct chooser *chooser_create(void (*wake)(void *data), void *wake_data)
{
	struct chooser *chooser = calloc(1, sizeof(*chooser));

	if (chooser == NULL)
		return NULL;
	chooser->helper = helper_create(wake, wake_data);
	if (chooser->helper != NULL)
		return chooser;
	free(chooser);
	return NULL;
}

void chooser_destroy(struct chooser *chooser)
{
	if (chooser == NULL)
		return;
	helper_destroy(chooser->helper);
	free(chooser);
}

/* ---- starting ------------------------------------------------------------------------------ */

/* Starts the first of two programs that is installed. */
static enum chooser_start start(struct chooser *chooser, const struct dialog dialogs[2])
{
	int rc = ENOENT;

	if (helper_is_running(chooser->helper))
		return CHOOSER_IS_OPEN;
	for (int i = 0; i < 2 && rc == ENOENT; i++) {
		char *arguments[ARGUMENTS_MAX];

		for (int k = 0; k < ARGUMENTS_MAX; k++)
			arguments[k] = (char *)(uintptr_t)dialogs[i].arguments[k];
		chooser->program = dialogs[i].arguments[0];
		chooser->separator = dialogs[i].separator;
		rc = helper_start(chooser->helper, arguments, -1, HELPER_COLLECT);
	}
	errno = rc;
	if (rc == 0)
		return CHOOSER_STARTED;
	return rc == ENOENT ? CHOOSER_MISSING : CHOOSER_FAILED;
}

enum chooser_start chooser_open(struct chooser *chooser, const char *title)
{
	char zenity_title[128];
	const struct dialog dialogs[2] = {
		{{"zenity", "--file-selection", "--multiple", "--separator=//", zenity_title},
			"//"},
		{{"kdialog", "--getopenfilename", ".", "", "--multiple", "--separate-output",
			 "--title", title},
			"\n"},
	};

	snprintf(zenity_title, sizeof(zenity_title), "--title=%s", title);
	return start(chooser, dialogs);
}

enum chooser_start chooser_save(struct chooser *chooser, const char *title, const char *path)
{
	char zenity_title[128];
	char zenity_path[PATH_MAX + sizeof("--filename=")];
	const struct dialog dialogs[2] = {
		{{"zenity", "--file-selection", "--save", "--confirm-overwrite", zenity_path,
			 zenity_title},
			"//"},
		{{"kdialog", "--getsavefilename", path, "--title", title}, "\n"},
	};

	snprintf(zenity_title, sizeof(zenity_title), "--title=%s", title);
	snprintf(zenity_path, sizeof(zenity_path), "--filename=%s", path);
	return start(chooser, dialogs);
}

/* ---- the end ------------------------------------------------------------------------------- */

/* Splits the output, which ends in a newline, into paths. False: out of memory. */
static bool cut(char *text, const char *separator, struct chosen *chosen)
{
	size_t length = strlen(text);

	if (length > 0 && text[length - 1] == '\n')
		text[length - 1] = '\0';
	while (*text != '\0') {
		char *end = strstr(text, separator);

		if (end != NULL)
			*end = '\0';
		if (!grow_texts(&chosen->paths, &chosen->count, text))
			return false;
		if (end == NULL)
			break;
		text = end + strlen(separator);
	}
	return true;
}

bool chooser_pop(struct chooser *chooser, struct chosen *chosen)
{
	struct helper_end end;

	if (!helper_pop(chooser->helper, &end))
		return false;
	*chosen = (struct chosen){.status = end.status, .program = chooser->program};
	if (end.output != NULL && end.status == 0)
		cut(end.output, chooser->separator, chosen);
	free(end.output);
	return true;
}

void chosen_free(struct chosen *chosen)
{
	grow_free_texts(chosen->paths, chosen->count);
	*chosen = (struct chosen){0};
}

/*
 * uri.h - text that was dropped on a window, as paths: a text/uri-list, or plain absolute paths,
 * one a line. Some desktops drop files this way. It touches no file. Any thread.
 */
#ifndef VITRINE_UI_URI_H
#define VITRINE_UI_URI_H

#include <limits.h>

#include "text.h"

enum uri_kind {
	URI_END,     /* no more lines */
	URI_PATH,    /* `path` is absolute, decoded to the raw bytes of the file's name */
	URI_REFUSED, /* `path` is the line as it can be shown, `reason` says why it is no file */
};

/*
 * Takes the next line of *cursor, which it moves on; empty lines and comments (#) are passed over.
 * Start with the text itself and call until URI_END.
 */
enum uri_kind uri_next(const char **cursor, char path[PATH_MAX], char reason[TEXT_REASON_MAX]);

#endif

/*
 * uri.h - file: URIs as paths: of text that was dropped on a window (a text/uri-list, or plain absolute
 * paths, one a line), and of a program's arguments. Any thread.
 */
#ifndef VITRINE_BASE_URI_H
#define VITRINE_BASE_URI_H

#include <limits.h>

#include "text.h"

enum uri_kind {
	URI_END,     /* no more lines */
	URI_PATH,    /* `path` is absolute, decoded to the raw bytes of the file's name */
	URI_REFUSED, /* `path` is the line as it can be shown, `reason` says why it is no file */
};

/*
 * Takes the next line of *cursor, which it moves on; empty lines and comments (#) are passed over.
 * Start with the text itself and call until URI_END. It touches no file.
 */
enum uri_kind uri_next(const char **cursor, char path[PATH_MAX], char reason[TEXT_REASON_MAX]);

/*
 * A program's argument as a path: "file:///a%20b.png" is decoded, anything else stands for itself, and
 * so does a file: URI if there is a file of that very name. Returns `argument`, or `path` with what it
 * was decoded to, or NULL: `reason` says why it is no path.
 */
const char *uri_argument(const char *argument, char path[PATH_MAX], char reason[TEXT_REASON_MAX]);

#endif

/*
 * uri.h - converts file: URIs to paths: in text that was dropped on a window, and in a program's
 * arguments. The text is a text/uri-list, or absolute paths, one per line, plain or as a terminal
 * shows them: quoted, with backslashes, or with "~/". Any thread.
 */
#ifndef VITRINE_BASE_URI_H
#define VITRINE_BASE_URI_H

#include <limits.h>

#include "text.h"

enum uri_kind {
	URI_END,     /* no more paths */
	URI_PATH,    /* `path` is absolute, decoded to the raw bytes of the file's name */
	URI_REFUSED, /* `path` is the line in printable form, `reason` says why it is not a file */
	URI_TEXT,    /* the same of a line that is neither a path nor a URI */
};

/*
 * Parses the next line at *cursor, or the next quoted word of it, and advances the cursor; skips
 * empty lines and comments (#). Start with the text itself and call until URI_END.
 */
enum uri_kind uri_next(const char **cursor, char path[PATH_MAX], char reason[TEXT_REASON_MAX]);

/*
 * Converts a program's argument to a path: "file:///a%20b.png" is decoded; anything else is
 * returned unchanged, and so is a file: URI if a file of exactly that name exists. Returns
 * `argument`, or `path` with the decoded path, or NULL with the reason why it is not a path.
 */
const char *uri_argument(const char *argument, char path[PATH_MAX], char reason[TEXT_REASON_MAX]);

/* The value of a hexadecimal digit, as after "%"; -1: it is none. */
int uri_hex_digit(char c);

#endif

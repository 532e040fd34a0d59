/*
 * session.h - saves and loads the tray as a list of paths. The list is $XDG_STATE_HOME/vitrine/tray
 * (~/.local/state if that is not set): one file: URI per line, as in a text/uri-list. Other
 * programs may have written to it: a list with anything else in it is refused as a whole, and no
 * file in it is opened before the user requests that. It is replaced atomically: a reader finds the
 * old list or the new one. For one thread.
 */
#ifndef VITRINE_PRODUCER_SESSION_H
#define VITRINE_PRODUCER_SESSION_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"
#include "tray.h"

#define SESSION_FILES_MAX 100000
#define SESSION_BYTES_MAX (UINT64_C(64) << 20)

/* All zeros: empty. */
struct session {
	char **paths; /* absolute */
	size_t count;
};

/* The path of the list. False: the environment names no folder for it. */
bool session_file(char file[PATH_MAX]);

/*
 * Reads the list. A list that does not exist is empty. False: `reason` says why it is refused, and
 * the session is empty.
 */
bool session_load(struct session *session, const char *file, char reason[TEXT_REASON_MAX]);
void session_free(struct session *session); /* empties it; safe to call twice */

/*
 * Writes the paths in the tray, and creates missing folders above the list. False: `reason` says
 * why not.
 */
bool session_save(const char *file, const struct tray *tray, char reason[TEXT_REASON_MAX]);

#endif

/*
 * pasted.h - images that were pasted become files, because everything in the tray has a path, and the
 * tray of last time must find them again. They lie in $XDG_STATE_HOME/vitrine/pasted (statefile.h), and
 * are deleted 30 days later, when another one is pasted. For one thread.
 */
#ifndef VITRINE_PRODUCER_PASTED_H
#define VITRINE_PRODUCER_PASTED_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "text.h"

#define PASTED_DAYS 30

/*
 * Writes `bytes`, an image of this media type, to a new file, whose path it puts into `path`. False:
 * `reason` says why not.
 */
bool pasted_keep(char path[PATH_MAX], const char *type, const char *bytes, size_t size,
	char reason[TEXT_REASON_MAX]);

#endif

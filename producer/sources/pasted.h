/*
 * pasted.h - saves pasted images as files, because every item in the tray has a path, and the saved
 * tray must find them again. They are in $XDG_STATE_HOME/vitrine/pasted (statefile.h), and are
 * deleted when another image is pasted more than 30 days later. For one thread.
 */
#ifndef VITRINE_PRODUCER_PASTED_H
#define VITRINE_PRODUCER_PASTED_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "text.h"

#define PASTED_DAYS 30

/*
 * Writes `bytes`, an image of this media type, to a new file; `path` receives its path. False:
 * `reason` says why not.
 */
bool pasted_keep(char path[PATH_MAX], const char *type, const char *bytes, size_t size,
	char reason[TEXT_REASON_MAX]);

#endif

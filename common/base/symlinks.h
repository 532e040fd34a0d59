/*
 * symlinks.h - symbolic links of other users. In a folder that others may write to, a link can lead
 * to a file that only this user may read. A program that publishes what is in the folder would
 * follow the link, and publish that file.
 */
#ifndef VITRINE_BASE_SYMLINKS_H
#define VITRINE_BASE_SYMLINKS_H

#include <stdbool.h>

#include "text.h"

/*
 * Checks `fd`, which was opened by this path. True: it may be read, because each link in the path
 * belongs to this user, to root, or to the owner of its target, and the path still leads to the
 * file that was opened. False: `reason` says why not.
 */
bool symlinks_allow(const char *path, int fd, char reason[TEXT_REASON_MAX]);

#endif

/*
 * links.h - symbolic links of other users. In a folder that others may write to, a link to a file that
 * only this user may read looks like any other file: if it were followed, a program that publishes
 * what is in the folder would publish that file.
 */
#ifndef VITRINE_BASE_LINKS_H
#define VITRINE_BASE_LINKS_H

#include <stdbool.h>

#include "text.h"

/*
 * True if `fd` may be read, which was opened by this path: each link on the way was made by this user,
 * by root, or by the owner of what it leads to, and the path still leads to what was opened. false:
 * `reason` says why not.
 */
bool links_allow(const char *path, int fd, char reason[TEXT_REASON_MAX]);

#endif

/*
 * statefile.h - the files in which programs remember things from one start to the next:
 * $XDG_STATE_HOME/vitrine/NAME, or ~/.local/state/vitrine/NAME. Any thread.
 */
#ifndef VITRINE_BASE_STATEFILE_H
#define VITRINE_BASE_STATEFILE_H

#include <limits.h>
#include <stdbool.h>

/* The path of the file. False: the environment names no folder for it. */
bool statefile_path(char path[PATH_MAX], const char *name);

/* Makes the missing folders above a file, closed to others. Opening the file says what went wrong. */
void statefile_make_folders(const char *path);

/*
 * Opens the file for reading and writing, and makes it and the folders above it if they are not there.
 * Returns a descriptor, or -errno.
 */
int statefile_open(const char *name);

#endif

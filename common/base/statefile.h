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

/*
 * Creates the missing folders above a file, with mode 0700. Reports no error: if one is still
 * missing, opening the file fails.
 */
void statefile_make_folders(const char *path);

/*
 * Opens the file for reading and writing; creates it and the folders above it if they do not exist.
 * Returns a descriptor, or -errno.
 */
int statefile_open(const char *name);

#endif

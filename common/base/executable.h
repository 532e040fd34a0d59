/*
 * executable.h - where the running program lies, and what lies beside it: found from the program's own
 * file, so that what is installed can be moved. Any thread.
 */
#ifndef VITRINE_BASE_EXECUTABLE_H
#define VITRINE_BASE_EXECUTABLE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* The folder that the program's file lies in; "" if that is not known. Returns `folder`. */
const char *executable_folder(char folder[PATH_MAX]);

/*
 * Finds `name` in the first of `count` places that has it and lets this user read it; `places` are
 * seen from executable_folder(), and "" is that folder itself. False: it is in none of them, and `path` is the last that was tried.
 */
bool executable_find_file(char path[PATH_MAX], const char *const places[], size_t count,
	const char *name);

/*
 * Finds the program `name`: beside the running one, then in PATH. False: it is in neither; `path` is
 * `name` then.
 */
bool executable_find(char path[PATH_MAX], const char *name);

#endif

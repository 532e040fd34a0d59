/*
 * executable.h - the folder of the running program and files relative to it. Found from the
 * program's own file, so that an installed tree can be moved. Any thread.
 */
#ifndef VITRINE_BASE_EXECUTABLE_H
#define VITRINE_BASE_EXECUTABLE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* The folder of the program's file; "" if unknown. Returns `folder`. */
const char *executable_folder(char folder[PATH_MAX]);

/*
 * Finds `name` in the first of `count` places that has it and is readable by this user. `places`
 * are relative to executable_folder(); "" is that folder itself. False: not found; `path` is then
 * the last path tried.
 */
bool executable_find_file(char path[PATH_MAX], const char *const places[], size_t count,
	const char *name);

/*
 * Finds the program `name` beside the running one, then in PATH. False: not found; `path` is then
 * `name`.
 */
bool executable_find(char path[PATH_MAX], const char *name);

#endif

/*
 * place.h - where the running program lies, and what lies beside it: found from the program's own
 * file, so that what is installed can be moved. Any thread.
 */
#ifndef VITRINE_UI_PLACE_H
#define VITRINE_UI_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* The folder that the program's file lies in; "" if that is not known. Returns `folder`. */
const char *place_folder(char folder[PATH_MAX]);

/*
 * Finds `name` in the first of `count` places that has it and lets this user read it; `places` are
 * seen from place_folder(), and "" is that folder itself. False: it is in none of them, and `path` is the last that was tried.
 */
bool place_find(char path[PATH_MAX], const char *const places[], size_t count, const char *name);

/*
 * Finds the program `name`: beside the running one, then in PATH. False: it is in neither; `path` is
 * `name` then.
 */
bool place_program(char path[PATH_MAX], const char *name);

#endif

/*
 * program.h - what the two programs with a window have in common from main() to the end: the log,
 * the key, the state of the previous program, the window, and the program to become. Functions
 * are listed in the order of their calls; each program does its own work in between. For main and
 * the drawing thread.
 */
#ifndef VITRINE_PROGRAM_PROGRAM_H
#define VITRINE_PROGRAM_PROGRAM_H

#include "log.h"
#include "options.h"
#include "role.h"
#include "role_state.h"
#include "semop_log.h"
#include "vitrine.h"
#include "window.h"

struct program {
	enum role role;
	struct log log;
	struct vitrine_key key;
	struct trace trace;
	struct role_state previous; /* from the program that this process was before */
	struct role_state next;     /* for the program that it becomes */
	struct role_change change;  /* `next` NULL: no change */
};

/* Call before parsing the options. May become the other program (--role). */
void program_begin(struct program *program, enum role role, char **argv);

/* Call with the parsed options. Returns 0, or the exit status after logging the reason. */
int program_enter(struct program *program, const struct common_options *options);

/* Opens the window. NULL: the reason has been logged. */
struct window *program_window(struct program *program, const struct common_options *options);

/* Sets the title from the picture that is shown and its state; NULL: none. */
void program_title(const struct program *program, struct window *window, const char *picture,
	const char *state);

/* Call at the end: becomes the other program if requested. Returns the exit status. */
int program_leave(struct program *program, int status);

#endif

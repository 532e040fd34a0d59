/*
 * program.h - what the two programs with a window have in common from main() to its end: the log, the
 * key, what the program before has left, the window, and the program that comes after. In the order
 * of the calls; each program puts its own between them. For main and the thread that draws.
 */
#ifndef VITRINE_PROGRAM_PROGRAM_H
#define VITRINE_PROGRAM_PROGRAM_H

#include "log.h"
#include "luggage.h"
#include "options.h"
#include "role.h"
#include "trace.h"
#include "vitrine.h"
#include "window.h"

struct program {
	enum role role;
	struct log log;
	struct vitrine_key key;
	struct trace trace;
	struct luggage luggage;    /* of the program that this was before */
	struct luggage packed;     /* for the one that it becomes */
	struct role_change change; /* `luggage` NULL: it becomes none */
};

/* Before the options are parsed. It may become the other program here (--role). */
void program_begin(struct program *program, enum role role, char **argv);

/* With the options. Returns 0, or the exit status after the log has said why. */
int program_enter(struct program *program, const struct common_options *options);

/* Opens the window. NULL: the log has said why. */
struct window *program_window(struct program *program, const struct common_options *options);

/* At the end: becomes the other program, if that was wished. Returns the exit status. */
int program_leave(struct program *program, int status);

#endif

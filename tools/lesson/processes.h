/*
 * cast.h - the processes of a lesson: windows and programs that are started together and end
 * together, and with this program, even if it is killed. Whoever closes one window ends them all; one that was killed with SIGKILL does not, for
 * that is what a lesson is about.
 */
#ifndef VITRINE_TOOLS_CAST_H
#define VITRINE_TOOLS_CAST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tool.h"

#define CAST_MOST 4

struct cast {
	struct tool *tool;
	pid_t pids[CAST_MOST]; /* 0: it has ended */
	size_t count;          /* that were started */
	size_t living;
	bool failed; /* one could not be started, or ended with an error, which it has told */
};

enum cast_event {
	CAST_PLAYS,
	CAST_KILLED, /* one more was killed; the others play on */
	CAST_ENDED,  /* one has ended by itself, or nobody is left */
};

/* Starts argv[0]. false: it has said why not. Its log goes nowhere unless `is_heard`. */
bool cast_start(struct cast *cast, char *const argv[], bool is_heard);

/* Looks who has ended. Never sleeps. */
enum cast_event cast_look(struct cast *cast);

/* Asks all that live to end (SIGTERM), and waits until they have. */
void cast_end(struct cast *cast);

#endif

/*
 * processes.h - the processes of a lesson: windows and programs that are started together and end
 * together, and with this program, even if it is killed. Whoever closes one window ends them all; one that was killed with SIGKILL does not, for
 * that is what a lesson is about.
 */
#ifndef VITRINE_TOOLS_PROCESSES_H
#define VITRINE_TOOLS_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tool.h"

#define PROCESSES_MOST 4

struct processes {
	struct tool *tool;
	pid_t pids[PROCESSES_MOST]; /* 0: it has ended */
	size_t count;               /* that were started */
	size_t living;
	bool failed; /* one could not be started, or ended with an error, which it has told */
};

enum processes_event {
	PROCESSES_PLAYS,
	PROCESSES_KILLED, /* one more was killed; the others play on */
	PROCESSES_ENDED,  /* one has ended by itself, or nobody is left */
};

/* Starts argv[0]. false: it has said why not. Its log goes nowhere unless `is_heard`. */
bool processes_start(struct processes *processes, char *const argv[], bool is_heard);

/* Looks who has ended. Never sleeps. */
enum processes_event processes_look(struct processes *processes);

/* Asks all that live to end (SIGTERM), and waits until they have. */
void processes_end(struct processes *processes);

#endif

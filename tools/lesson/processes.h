/*
 * processes.h - the processes of a lesson: windows and programs that start together and end
 * together, and with this program even if it is killed. Closing one window ends them all; killing
 * one with SIGKILL does not, because that is the subject of a lesson.
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
	pid_t pids[PROCESSES_MOST]; /* 0: ended */
	size_t count;               /* number of processes started */
	size_t living;
	int status;  /* the exit status that is expected of them; initially 0 */
	bool failed; /* one could not be started, or ended with another status */
};

enum processes_event {
	PROCESSES_PLAYS,
	PROCESSES_KILLED, /* one more was killed; the others continue */
	PROCESSES_ENDED,  /* one ended by itself, or none is left */
};

/* Starts argv[0]. false: the reason has been printed. Its log is discarded unless `is_heard`. */
bool processes_start(struct processes *processes, char *const argv[], bool is_heard);

/* Checks which processes have ended. Never sleeps. */
enum processes_event processes_look(struct processes *processes);

/* Asks all remaining processes to end (SIGTERM), and waits until they have. */
void processes_end(struct processes *processes);

#endif

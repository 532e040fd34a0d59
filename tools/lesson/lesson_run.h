/*
 * lesson_run.h - a lesson in progress: lesson_run.c runs its programs, lesson_windows.c its
 * windows.
 */
#ifndef VITRINE_TOOLS_LESSON_RUN_H
#define VITRINE_TOOLS_LESSON_RUN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lesson_table.h"
#include "processes.h"
#include "tool.h"

#define LESSON_LOOK_NS INT64_C(50000000)

struct lesson_run {
	struct tool tool;
	const struct lesson *lesson;
	bool unattended;
	bool lecture;       /* its windows are in lecture mode */
	const char *record; /* the file that they record in; NULL: none */
	bool verbose;
	int sole; /* held while the lesson is played; negative: not held */
	struct processes processes;
	size_t windows_open;
	size_t step;       /* the next step to be detected */
	unsigned seen;     /* number of steps seen */
	unsigned looks;    /* number of looks in a row that showed the next step */
	uint64_t sequence; /* of the newest image at that time */
	int64_t deadline;
	struct vitrine_snapshot before; /* the last snapshot with a producer in the channel */
};

/* The number of windows it opens. */
size_t lesson_windows(const struct lesson_run *run);

/*
 * Opens the windows and prints the instructions; returns when the windows are closed. True: the
 * lesson was played.
 */
bool lesson_run_windows(struct lesson_run *run);

#endif

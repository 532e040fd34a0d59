/*
 * lesson.h - a lesson that is being played: lesson.c runs its programs, lesson_windows.c its windows.
 */
#ifndef VITRINE_TOOLS_LESSON_H
#define VITRINE_TOOLS_LESSON_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lessons.h"
#include "processes.h"
#include "tool.h"

#define LESSON_LOOK_NS INT64_C(50000000)

struct lesson_play {
	struct tool tool;
	const struct lesson *lesson;
	bool unattended;
	bool verbose;
	int sole; /* held while it is played; below 0: not */
	struct processes processes;
	size_t windows_open;
	size_t step;       /* the next that may be seen */
	unsigned seen;     /* so many were */
	unsigned looks;    /* so often in a row the next one was to be seen */
	uint64_t sequence; /* of the newest image then */
	int64_t deadline;
};

/* How many windows it opens. */
size_t lesson_windows(const struct lesson_play *play);

/* Opens them and tells what to do; returns when they are gone. Whether it was played. */
bool lesson_play_windows(struct lesson_play *play);

/* Opens the channel to look. NULL: VITRINE_ENONE, or *error was told. */
struct vitrine_channel *lesson_inspect(struct lesson_play *play, int *error);

#endif

/*
 * lessons.h - the contents of each lesson: the programs it runs, the windows it opens, the
 * instructions, and how the semaphores look after each step. A table; lesson.c plays it. The pages
 * in docs/lessons have the same steps; a test compares them.
 */
#ifndef VITRINE_TOOLS_LESSONS_H
#define VITRINE_TOOLS_LESSONS_H

#include <stdbool.h>
#include <stddef.h>

#include "vitrine.h"

#define LESSONS_PROGRAMS 10
#define LESSONS_WINDOWS  4
#define LESSONS_STEPS    6
#define LESSONS_OPTIONS  3

struct lesson_window {
	const char *program; /* NULL: end of the list */
	const char *options[LESSONS_OPTIONS];
	unsigned after; /* unattended: opens after this many steps were seen */
};

struct lesson_step {
	const char *text; /* what to do; NULL: end of the list */
	const char *seen; /* printed once the channel shows it; NULL: nothing to see there */
	bool (*is_seen)(const struct vitrine_snapshot *now);
};

struct lesson {
	const char *title;
	const char *page;                       /* its file name */
	const char *programs[LESSONS_PROGRAMS]; /* run first, in turn */
	struct lesson_window windows[LESSONS_WINDOWS];
	struct lesson_step steps[LESSONS_STEPS];
	const char *quick; /* unattended: makes the programs finish soon; may be NULL */
	bool needs_keys;   /* unattended: no windows, because nobody would press the keys */
};

extern const struct lesson lessons[];
extern const size_t lessons_count;

#endif

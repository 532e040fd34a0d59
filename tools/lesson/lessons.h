/*
 * lessons.h - what each lesson consists of: the programs it runs, the windows it opens, what to do
 * in them, and how the semaphores look when it was done. A table; lesson.c plays it. The pages in
 * docs/lessons have the same steps; a test compares them.
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
	const char *program; /* NULL: no more */
	const char *options[LESSONS_OPTIONS];
	unsigned after; /* unattended: opens when so many things were seen */
};

struct lesson_step {
	const char *text; /* what to do; NULL: no more */
	const char
		*seen; /* what is said once the channel shows it; NULL: nothing to be seen there */
	bool (*is_seen)(const struct vitrine_snapshot *now);
};

struct lesson {
	const char *title;
	const char *page;                       /* its file */
	const char *programs[LESSONS_PROGRAMS]; /* run first, one after the other */
	struct lesson_window windows[LESSONS_WINDOWS];
	struct lesson_step steps[LESSONS_STEPS];
	const char *quick; /* unattended: what the programs take to be done soon; may be NULL */
	bool needs_keys;   /* unattended: no windows, for nobody would press the keys */
};

extern const struct lesson lessons[];
extern const size_t lessons_count;

#endif

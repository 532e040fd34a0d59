/*
 * lesson_table.h - the contents of each lesson: the programs it runs, the windows it opens, the
 * instructions, and how the semaphores look after each step. A table; lesson_run.c plays it. The
 * pages in docs/lessons have the same steps; a test compares them.
 */
#ifndef VITRINE_TOOLS_LESSON_TABLE_H
#define VITRINE_TOOLS_LESSON_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "vitrine.h"

#define LESSONS_COMMANDS 10
#define LESSONS_WINDOWS  4
#define LESSONS_STEPS    6
#define LESSONS_OPTIONS  3

/* A command line, as its reader would type it; programs of the lessons are found by their name. */
struct lesson_command {
	const char *text;   /* NULL: end of the list */
	int status;         /* the expected exit status */
	bool varies;        /* its status depends on the kernel's schedule: any is right */
	const char *window; /* attended, on a desktop: vitrine xray with this; NULL: run `text` */
};

struct lesson_window {
	const char *program; /* NULL: end of the list */
	const char *options[LESSONS_OPTIONS];
	unsigned after; /* unattended: opens after this many steps were seen */
};

struct lesson_step {
	const char *text; /* what to do; NULL: end of the list */
	const char *seen; /* printed once the channel shows it; NULL: it cannot be detected there */
	/* `before`: the last snapshot in which a producer was in the channel. */
	bool (*is_seen)(const struct vitrine_snapshot *now, const struct vitrine_snapshot *before);
};

struct lesson {
	const char *title;
	const char *page;                                 /* its file name */
	struct lesson_command commands[LESSONS_COMMANDS]; /* run first, in turn */
	struct lesson_window windows[LESSONS_WINDOWS];
	struct lesson_step steps[LESSONS_STEPS];
	const char
		*quick;  /* unattended: an argument that makes the commands finish soon, or NULL */
	bool needs_keys; /* unattended: no windows, because nobody would press the keys */
};

extern const struct lesson lessons[];
extern const size_t lessons_count;

#endif

/*
 * failing.h - system calls that fail when they are told to: a program linked with failing.c and
 * ld's --wrap for each call in it gets each errno that the manual pages name, one call at a time.
 * They also watch that nobody can sleep while this process holds the mutex of a channel.
 */
#ifndef FAILING_H
#define FAILING_H

#include <stdbool.h>

struct failure {
	unsigned at;      /* the call that fails, 1 is the next; 0: none */
	unsigned choice;  /* which of its errnos */
	bool repeats;     /* so does each later one that counts */
	const char *only; /* the only one that counts, by its name; NULL: all */
	/* What came of it: */
	unsigned calls;   /* so far */
	unsigned choices; /* how many errnos the call has; 0: it was not reached */
	const char *call;
	int number; /* the errno given */
};

extern struct failure *failure;

#endif

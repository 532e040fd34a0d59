/*
 * failing.h - system calls that fail on demand. A program linked with failing.c, and with ld's
 * --wrap for each call in it, can let one call at a time fail with each errno that the manual pages
 * list. The wrappers also check that this process never sleeps while it holds a channel's mutex.
 */
#ifndef FAILING_H
#define FAILING_H

#include <stdbool.h>

struct failure {
	unsigned at;      /* the call that fails, 1 is the next; 0: none */
	unsigned choice;  /* which of its errnos */
	bool repeats;     /* each later call that counts fails, too */
	const char *only; /* name of the only call that counts; NULL: all count */
	/* What came of it: */
	unsigned calls;   /* so far */
	unsigned choices; /* number of errnos of the call; 0: it was not reached */
	const char *call;
	int number; /* the errno that was returned */
};

extern struct failure *failure;

/*
 * Runs `body` in a child, like run_child. Only the child's calls count and fail: how often this
 * process looks whether the child has ended is no part of the test.
 */
int run_failing(void (*body)(void *), void *argument);

#endif

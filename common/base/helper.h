/*
 * helper.h - a program of the desktop (a file chooser, xclip) as a child process. A thread collects
 * its output and waits for its end, so the window stays responsive; one child at a time. All
 * functions are for one thread (the window's). helper_stop() and helper_destroy() send SIGTERM to a
 * running child and sleep until it has ended; the others do not sleep.
 */
#ifndef VITRINE_BASE_HELPER_H
#define VITRINE_BASE_HELPER_H

#include <stdbool.h>
#include <stddef.h>

struct helper;

/* NULL: out of memory. `wake` is called on another thread when the child has ended. */
struct helper *helper_create(void (*wake)(void *data), void *wake_data);
void helper_destroy(struct helper *helper); /* ends a running child. NULL is allowed */

enum helper_output {
	HELPER_COLLECT, /* it has ended once no process has its standard output open */
	HELPER_DISCARD, /* for a program that leaves a process running in the background */
};

/*
 * Starts arguments[0], which is looked up in PATH. `input` becomes its standard input; -1: an empty
 * one; the caller keeps it. Returns 0 or an errno: ENOENT if the program is not installed, EBUSY if
 * a child is running or its end was not taken by helper_pop().
 */
int helper_start(struct helper *helper, char *const arguments[], int input,
	enum helper_output output);
bool helper_is_running(const struct helper *helper);
/* Ends a running child; helper_pop() does not report it. */
void helper_stop(struct helper *helper);

struct helper_end {
	char *output; /* followed by a NUL; free() it. NULL: discarded, or out of memory */
	size_t size;  /* without the NUL */
	int status;   /* its exit status; 128 + n: ended by signal n */
};

/* Takes the end of the child; false: it is running, or there was none. */
bool helper_pop(struct helper *helper, struct helper_end *end);

#endif

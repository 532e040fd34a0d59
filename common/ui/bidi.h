/*
 * bidi.h - the direction in which the parts of a line are written: Hebrew and Arabic from right to
 * left, and the parts of a mixed line in the order of the Unicode bidirectional algorithm (UAX 9).
 * The library fribidi finds them; a build without it writes everything from left to right. No
 * state; any thread.
 */
#ifndef VITRINE_UI_BIDI_H
#define VITRINE_UI_BIDI_H

#include <stdbool.h>
#include <stddef.h>

#define BIDI_RUNS_MAX 64

struct bidi_run {
	size_t start, length; /* bytes of the text */
	bool is_rtl;
};

/*
 * The runs of the text in order from left to right. A text with more runs than fit or more than
 * 1024 characters is one run from left to right. Returns the number of runs; 0 for "".
 */
size_t bidi_runs(const char *text, struct bidi_run runs[BIDI_RUNS_MAX]);

#endif

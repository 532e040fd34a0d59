/*
 * title.h - the text in a window's title bar and in the desktop's list of windows:
 *
 * 	forest.jpg – consumer, mirror – lesson-2
 *
 * so that several windows can be distinguished. No state; any thread.
 */
#ifndef VITRINE_UI_TITLE_H
#define VITRINE_UI_TITLE_H

#define TITLE_MAX 512

struct title {
	const char *picture; /* its name, of any bytes; NULL or "": "Vitrine" is used instead */
	const char *role;    /* "producer" */
	const char *state;   /* "mirror, paused"; NULL or "": omitted */
	const char *channel; /* its name; NULL or "": the user's own channel, which needs none */
};

/* Returns `text`. */
char *title_make(char text[TITLE_MAX], const struct title *title);

#endif

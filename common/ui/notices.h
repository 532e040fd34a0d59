/*
 * notices.h - lines over the picture for errors and news: what, and why. They go by themselves, by a
 * click or by Esc; a line that comes again is counted, not repeated. Nothing is printed: standard
 * error is the program's business. Called on the thread that draws. Time is CLOCK_MONOTONIC in
 * nanoseconds, handed in.
 */
#ifndef VITRINE_UI_NOTICES_H
#define VITRINE_UI_NOTICES_H

#include "draw.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOTICES_NEVER INT64_MAX

enum notice_kind {
	NOTICE_NEWS,    /* 4 seconds */
	NOTICE_WARNING, /* 8 seconds */
	NOTICE_ERROR,   /* 10 seconds */
	NOTICE_STATE,   /* stays until notices_withdraw(): "waiting for a free slot" */
};

struct notices;

struct notices *notices_create(void);          /* NULL: no memory */
void notices_destroy(struct notices *notices); /* NULL is allowed */

/*
 * `subject` (a file's name; may be NULL) is shortened in its middle when it is long, `reason` stays
 * whole and wraps. The same subject and reason again raises a count and starts its time anew. Keeps
 * the last 64, shows the newest few and how many more there are. Both texts are copied.
 */
void notices_add(struct notices *notices, int64_t now, enum notice_kind kind, const char *subject,
	const char *reason);

/* Takes back every NOTICE_STATE with this subject (NULL: all of them). True: there was one. */
bool notices_withdraw(struct notices *notices, const char *subject);

/* Drops what has had its time. True: something went, so draw again. */
bool notices_expire(struct notices *notices, int64_t now);
/* When the next one has had its time; NOTICES_NEVER: an idle window may sleep. */
int64_t notices_deadline(const struct notices *notices);

/* Esc: drops all that may go (states stay). True: there was one. */
bool notices_dismiss(struct notices *notices);
/* A click: drops the one under it. True: there was one. */
bool notices_click(struct notices *notices, int x, int y);

size_t notices_count(const struct notices *notices);

/* Draws them along the lower edge of `area`, newest below. */
void notices_draw(struct notices *notices, struct draw *draw, SDL_Rect area);

#endif

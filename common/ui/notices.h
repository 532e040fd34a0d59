/*
 * notices.h - messages over the picture for errors and news, with the reason. A message disappears
 * after some time, on a click or on Esc; a repeated message is counted, not shown again. Prints
 * nothing to standard error. Called on the drawing thread. Times are CLOCK_MONOTONIC in
 * nanoseconds.
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
 * whole and wraps. Adding the same subject and reason again increases a count and restarts its
 * time. Keeps the last 64, shows the newest few and the number of others. Both texts are copied.
 */
void notices_add(struct notices *notices, int64_t now, enum notice_kind kind, const char *subject,
	const char *reason);

/* Removes every message of this kind with this subject. True: there was one. */
bool notices_withdraw(struct notices *notices, enum notice_kind kind, const char *subject);

/* Removes messages whose time has expired. True: something was removed, so draw again. */
bool notices_expire(struct notices *notices, int64_t now);
/* When the next notice expires; NOTICES_NEVER: an idle window may sleep. */
int64_t notices_deadline(const struct notices *notices);

/* Esc: removes all messages except states. True: there was one. */
bool notices_dismiss(struct notices *notices);
/* A click: removes the notice at x, y. True: there was one. */
bool notices_click(struct notices *notices, int x, int y);

size_t notices_count(const struct notices *notices);

/*
 * Draws them along the lower edge of `area`, the newest at the bottom; in a low area only this one,
 * in one line. */
void notices_draw(struct notices *notices, struct draw *draw, SDL_Rect area);

#endif

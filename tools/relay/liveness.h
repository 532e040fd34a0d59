/*
 * attendance.h - whether somebody who shows pictures is there, and whether his newest picture has
 * come, by what was heard on the two topics. Pure; times are CLOCK_MONOTONIC, ns. The receiving side
 * asks it on the connection's thread.
 */
#ifndef VITRINE_RELAY_ATTENDANCE_H
#define VITRINE_RELAY_ATTENDANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "bulletin.h"
#include "header.h"

enum attendance_state {
	ATTENDANCE_UNKNOWN, /* nobody says that he is there: pictures may come from any client */
	ATTENDANCE_HERE,
	ATTENDANCE_LEFT,
	ATTENDANCE_LOST,   /* the broker has lost him */
	ATTENDANCE_SILENT, /* he did not say good-bye, but was not heard for a while */
};

/* What is to be done about a bulletin. */
enum attendance_advice {
	ATTENDANCE_FINE,
	ATTENDANCE_FETCH, /* his newest picture should have come: ask the broker for it */
	ATTENDANCE_TELL,  /* that did not help: say that it is missing */
};

/* Starts as all zeros. */
struct attendance {
	enum attendance_state state;
	char sender[HEADER_SENDER_MAX]; /* whose state it is; "": nobody's */
	int64_t heard_ns;
	/* another one who is here, while the first is */
	char other[HEADER_SENDER_MAX];
	int64_t other_ns;
	/* the last picture that came with a sender and his number */
	char shown_by[HEADER_SENDER_MAX];
	uint64_t shown;
	/* one that should have come */
	uint64_t missed;
	unsigned heard_missing; /* in so many bulletins */
};

/* A picture came. Whether it was published just now by another than the one that is here. */
bool attendance_picture(struct attendance *attendance, const struct header *header,
	bool is_retained, int64_t now_ns);

/* A bulletin came. */
enum attendance_advice attendance_bulletin(struct attendance *attendance, enum bulletin bulletin,
	const struct header *header, int64_t now_ns);

/* Call it now and then: somebody may have fallen silent. */
void attendance_tick(struct attendance *attendance, int64_t now_ns);

/* The connection was made anew: silence until now says nothing. */
void attendance_restart(struct attendance *attendance, int64_t now_ns);

/* Whether pictures may yet come. */
bool attendance_is_here(const struct attendance *attendance);

/* "here", "left", "lost", "silent"; "" for nobody. */
const char *attendance_word(enum attendance_state state);

#endif

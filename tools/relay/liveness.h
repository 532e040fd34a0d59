/*
 * liveness.h - whether somebody who shows pictures is there, and whether his newest picture has
 * come, by what was heard on the two topics. Pure; times are CLOCK_MONOTONIC, ns. The receiving side
 * asks it on the connection's thread.
 */
#ifndef VITRINE_TOOLS_LIVENESS_H
#define VITRINE_TOOLS_LIVENESS_H

#include <stdbool.h>
#include <stdint.h>

#include "announcement.h"
#include "header.h"

enum liveness_state {
	LIVENESS_UNKNOWN, /* nobody says that he is there: pictures may come from any client */
	LIVENESS_HERE,
	LIVENESS_LEFT,
	LIVENESS_LOST,   /* the broker has lost him */
	LIVENESS_SILENT, /* he did not say good-bye, but was not heard for a while */
};

/* What is to be done about an announcement. */
enum liveness_advice {
	LIVENESS_FINE,
	LIVENESS_FETCH, /* his newest picture should have come: ask the broker for it */
	LIVENESS_TELL,  /* that did not help: say that it is missing */
};

/* Starts as all zeros. */
struct liveness {
	enum liveness_state state;
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
	unsigned heard_missing; /* in so many announcements */
};

/* A picture came. Whether it was published just now by another than the one that is here. */
bool liveness_picture(struct liveness *liveness, const struct header *header, bool is_retained,
	int64_t now_ns);

/* An announcement came. */
enum liveness_advice liveness_announcement(struct liveness *liveness,
	enum announcement announcement, const struct header *header, int64_t now_ns);

/* Call it now and then: somebody may have fallen silent. */
void liveness_tick(struct liveness *liveness, int64_t now_ns);

/* The connection was made anew: silence until now says nothing. */
void liveness_restart(struct liveness *liveness, int64_t now_ns);

/* Whether pictures may yet come. */
bool liveness_is_here(const struct liveness *liveness);

/* "here", "left", "lost", "silent"; "" for nobody. */
const char *liveness_word(enum liveness_state state);

#endif

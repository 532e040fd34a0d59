/*
 * liveness.h - tracks, from the messages on the two topics, whether a sender is there and whether
 * its newest picture has arrived. Pure; times are CLOCK_MONOTONIC, ns. Called by the receiving side
 * on the connection's thread.
 */
#ifndef VITRINE_TOOLS_LIVENESS_H
#define VITRINE_TOOLS_LIVENESS_H

#include <stdbool.h>
#include <stdint.h>

#include "announcement.h"
#include "message_header.h"

enum liveness_state {
	LIVENESS_UNKNOWN, /* no sender has announced itself: pictures may come from any client */
	LIVENESS_HERE,
	LIVENESS_LEFT,
	LIVENESS_LOST,   /* the broker has lost the sender */
	LIVENESS_SILENT, /* the sender did not sign off, but was not heard for a while */
};

/* What the caller must do after an announcement. */
enum liveness_advice {
	LIVENESS_FINE,
	LIVENESS_FETCH, /* its newest picture should have arrived: request it from the broker */
	LIVENESS_TELL,  /* the request did not help: report that it is missing */
};

/* Initially all zeros. */
struct liveness {
	enum liveness_state state;
	char sender[HEADER_SENDER_MAX]; /* the sender that the state describes; "": none */
	int64_t heard_ns;
	/* another sender that is here at the same time */
	char other[HEADER_SENDER_MAX];
	int64_t other_ns;
	/* the last picture with a sender and a number */
	char shown_by[HEADER_SENDER_MAX];
	uint64_t shown;
	/* a picture that should have arrived */
	uint64_t missed;
	unsigned heard_missing; /* number of announcements of it since then */
};

/* Records a picture. True if it was just published by a sender other than the one that is here. */
bool liveness_picture(struct liveness *liveness, const struct message_header *header,
	bool is_retained, int64_t now_ns);

/* Records an announcement. */
enum liveness_advice liveness_announcement(struct liveness *liveness,
	enum announcement announcement, const struct message_header *header, int64_t now_ns);

/* Call this regularly: the sender may have fallen silent. */
void liveness_tick(struct liveness *liveness, int64_t now_ns);

/* The connection was re-established: the silence until now means nothing. */
void liveness_restart(struct liveness *liveness, int64_t now_ns);

/* True if pictures may still come. */
bool liveness_is_here(const struct liveness *liveness);

/* "here", "left", "lost", "silent"; "": no sender is known. */
const char *liveness_word(enum liveness_state state);

#endif

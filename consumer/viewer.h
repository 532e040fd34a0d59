/*
 * viewer.h - which image is on the screen, and which one comes next: out of the receiver's hand,
 * straight from its slot, or, when the user looks back, out of the history. Every image in hand is
 * presented whole and only then given back. Called on the window's thread; draws nothing itself.
 */
#ifndef VITRINE_CONSUMER_VIEWER_H
#define VITRINE_CONSUMER_VIEWER_H

#include <stdbool.h>
#include <stdint.h>

#include "history.h"
#include "log.h"
#include "playing.h"
#include "receiver.h"
#include "text.h"
#include "view.h"

struct viewer_image {
	uint64_t number;            /* the receiver's; 0: there is none */
	struct vitrine_image image; /* `data` is not to be read … */
	struct content content;     /* … nor are the data and bytes of this */
	double latency_ms;          /* from publication to the screen */
	bool is_former;             /* of a channel that was removed */
};

struct viewer {
	struct view *view;
	struct receiver *receiver;
	struct history *history;
	struct log *log;
	struct viewer_image shown;  /* on the screen, or drawn next */
	struct viewer_image coming; /* being uploaded */
	struct picture *source;     /* that one's, if it comes out of the history */
	bool is_owed;     /* `shown` is still in hand: give it back once it was presented */
	bool is_stepping; /* asked the receiver for one image */
	uint64_t wanted;  /* looked back at; 0: follows what comes */
	uint64_t newest;  /* the last one that came */
	uint64_t newest_sequence;
	struct playing playing;         /* if `shown` is a frame of a stream */
	bool is_shared;                 /* other consumers take images too */
	char refused[VITRINE_NAME_MAX]; /* after VIEWER_REFUSED: whom, and why */
	char reason[TEXT_REASON_MAX];
};

enum viewer_progress {
	VIEWER_IDLE,
	VIEWER_LOADING, /* call again, soon */
	VIEWER_CHANGED, /* another image is to be drawn */
	VIEWER_REFUSED, /* an image cannot be shown */
};

/* Works for about `budget_ns` on what is to be shown. Never sleeps. */
enum viewer_progress viewer_step(struct viewer *viewer, uint64_t budget_ns);

/* To be called after each window_present(): logs `shown`, or counts it, and gives the image back. */
void viewer_presented(struct viewer *viewer, int64_t now);

/* The renderer lost its textures: what was shown comes again. */
void viewer_lost(struct viewer *viewer);

/* The channel was removed and made anew. */
void viewer_mark_former(struct viewer *viewer);

/* ---- looking back -------------------------------------------------------------------------- */

/* `waiting`: how many images the channel has that this window was not given yet. */
void viewer_older(struct viewer *viewer);
void viewer_newer(struct viewer *viewer, bool is_paused, uint64_t waiting);
/* Takes the next image that comes, and only that. */
void viewer_take_next(struct viewer *viewer);
void viewer_oldest(struct viewer *viewer);
void viewer_follow(struct viewer *viewer);
bool viewer_looks_back(const struct viewer *viewer);

/* Follows again when there is nothing newer than what is looked at; returns how much there is. */
uint64_t viewer_count_newer(struct viewer *viewer, uint64_t waiting);

/* What the receiver is to do. */
enum receiver_pace viewer_pace(const struct viewer *viewer, bool is_paused);

#endif

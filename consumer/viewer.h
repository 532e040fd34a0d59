/*
 * exhibit.h - which image is on the screen, and which one comes next: out of the receiver's hand,
 * straight from its slot, or, when the user looks back, out of the history. Every image in hand is
 * presented whole and only then given back. Called on the window's thread; draws nothing itself.
 */
#ifndef VITRINE_CONSUMER_EXHIBIT_H
#define VITRINE_CONSUMER_EXHIBIT_H

#include <stdbool.h>
#include <stdint.h>

#include "history.h"
#include "log.h"
#include "playing.h"
#include "receiver.h"
#include "text.h"
#include "view.h"

struct exhibit {
	uint64_t number;            /* the receiver's; 0: there is none */
	struct vitrine_image image; /* `data` is not to be read … */
	struct content content;     /* … nor are the data and bytes of this */
	double latency_ms;          /* from publication to the screen */
	bool is_former;             /* of a channel that was removed */
};

struct exhibition {
	struct view *view;
	struct receiver *receiver;
	struct history *history;
	struct log *log;
	struct exhibit shown;   /* on the screen, or drawn next */
	struct exhibit coming;  /* being uploaded */
	struct picture *source; /* that one's, if it comes out of the history */
	bool is_owed;           /* `shown` is still in hand: give it back once it was presented */
	bool is_stepping;       /* asked the receiver for one image */
	uint64_t wanted;        /* looked back at; 0: follows what comes */
	uint64_t newest;        /* the last one that came */
	uint64_t newest_sequence;
	struct playing playing;         /* if `shown` is a frame of a stream */
	bool is_shared;                 /* other consumers take images too */
	char refused[VITRINE_NAME_MAX]; /* after EXHIBIT_REFUSED: whom, and why */
	char reason[TEXT_REASON_MAX];
};

enum exhibit_progress {
	EXHIBIT_RESTS,
	EXHIBIT_COMES,   /* call again, soon */
	EXHIBIT_CHANGED, /* another image is to be drawn */
	EXHIBIT_REFUSED, /* an image cannot be shown */
};

/* Works for about `budget_ns` on what is to be shown. Never sleeps. */
enum exhibit_progress exhibition_step(struct exhibition *exhibition, uint64_t budget_ns);

/* To be called after each window_present(): logs `shown`, or counts it, and gives the image back. */
void exhibition_presented(struct exhibition *exhibition, int64_t now);

/* The renderer lost its textures: what was shown comes again. */
void exhibition_lost(struct exhibition *exhibition);

/* The channel was removed and made anew. */
void exhibition_mark_former(struct exhibition *exhibition);

/* ---- looking back -------------------------------------------------------------------------- */

/* `waiting`: how many images the channel has that this window was not given yet. */
void exhibition_older(struct exhibition *exhibition);
void exhibition_newer(struct exhibition *exhibition, bool is_paused, uint64_t waiting);
/* Takes the next image that comes, and only that. */
void exhibition_take_next(struct exhibition *exhibition);
void exhibition_oldest(struct exhibition *exhibition);
void exhibition_follow(struct exhibition *exhibition);
bool exhibition_looks_back(const struct exhibition *exhibition);

/* Follows again when there is nothing newer than what is looked at; returns how much there is. */
uint64_t exhibition_count_newer(struct exhibition *exhibition, uint64_t waiting);

/* What the receiver is to do. */
enum receiver_pace exhibition_pace(const struct exhibition *exhibition, bool is_paused);

#endif

/*
 * viewer.h - which image is on the screen, and which one comes next: the receiver's image in hand,
 * directly from its slot, or, if the user looks back, one from the history. Every image in hand is
 * presented completely before it is given back. Called on the window's thread; draws nothing
 * itself.
 */
#ifndef VITRINE_CONSUMER_VIEWER_H
#define VITRINE_CONSUMER_VIEWER_H

#include <stdbool.h>
#include <stdint.h>

#include "history.h"
#include "link.h"
#include "log.h"
#include "receiver.h"
#include "stream_stats.h"
#include "text.h"
#include "turned.h"
#include "view.h"

struct viewer_image {
	uint64_t number;            /* the receiver's number; 0: none */
	struct vitrine_image image; /* do not read `data` … */
	struct content content;     /* … nor the data and bytes of this */
	double latency_ms;          /* from publication to the screen */
	int orientation;            /* how the user turned it: turned.h */
	bool is_former;             /* from a removed channel */
};

struct viewer {
	struct view *view;
	struct receiver *receiver;
	struct history *history;
	struct log *log;
	struct viewer_image shown;  /* on the screen, or next to be drawn */
	struct viewer_image coming; /* being uploaded */
	struct picture *source;     /* the picture being uploaded, if it is from the history */
	uint64_t rest;    /* `shown`, if only its first version is uploaded; 0: complete */
	bool is_in_hand;  /* `shown` is in hand: give it back once complete and presented */
	bool is_owed;     /* … and has not been presented yet */
	uint64_t turns;   /* `shown`, if it was turned and must be uploaded again; 0: no */
	bool is_stepping; /* one image was requested from the receiver */
	uint64_t wanted;  /* the image looked back at; 0: follow new ones */
	uint64_t newest;  /* the last image that arrived */
	uint64_t newest_sequence;
	struct stream_stats stream;     /* if `shown` is a frame of a stream */
	bool is_shared;                 /* other consumers take images too */
	char refused[VITRINE_NAME_MAX]; /* after VIEWER_REFUSED: the image */
	char reason[TEXT_REASON_MAX];
};

enum viewer_progress {
	VIEWER_IDLE,
	VIEWER_LOADING, /* call again, soon */
	VIEWER_CHANGED, /* another image must be drawn */
	VIEWER_REFUSED, /* an image cannot be shown */
};

/* Works for about `budget_ns` on the image to be shown. Never sleeps. */
enum viewer_progress viewer_step(struct viewer *viewer, uint64_t budget_ns);

/*
 * Call after each window_present(): logs or counts `shown`, and gives the image back if it is
 * complete.
 */
void viewer_presented(struct viewer *viewer, int64_t now);

/*
 * Turns the image that is shown; the next frames of a stream are turned, too. False: there is no
 * copy from which it could be uploaded.
 */
bool viewer_turn(struct viewer *viewer, enum turn turn);

/*
 * Gets the pixels that are shown, from the history's copy, with a reference in *picture; for a
 * stream they may be those of the previous frame. False: there is no copy.
 */
bool viewer_pixels(const struct viewer *viewer, struct pixels *pixels, struct picture **picture);

/* The window closes: gives back an image that was presented. */
void viewer_close(struct viewer *viewer);

/* The renderer lost its textures: uploads the shown image again. */
void viewer_lost(struct viewer *viewer);

/* The channel was removed and created again. */
void viewer_mark_former(struct viewer *viewer);

/* ---- looking back -------------------------------------------------------------------------- */

/* The number of images in the channel that this window has not received yet: `waiting` below. */
uint64_t viewer_waiting(const struct viewer *viewer, const struct link_look *look, bool is_mirror);
void viewer_older(struct viewer *viewer);
void viewer_newer(struct viewer *viewer, bool is_paused, uint64_t waiting);
/* Takes the next image, and only that. */
void viewer_take_next(struct viewer *viewer);
void viewer_oldest(struct viewer *viewer);
void viewer_follow(struct viewer *viewer);
bool viewer_looks_back(const struct viewer *viewer);

/*
 * Follows new images again if there is nothing newer than the one looked at; returns how many newer
 * ones there are.
 */
uint64_t viewer_count_newer(struct viewer *viewer, uint64_t waiting);

/* The pace for the receiver. */
enum receiver_pace viewer_pace(const struct viewer *viewer, bool is_paused);

#endif

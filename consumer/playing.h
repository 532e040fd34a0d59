/*
 * playing.h - the stream that is on the screen, counted: how many of its frames were shown and
 * dropped, and how fast they come. It logs one line a second and one at the end, where other images
 * get a line each. Called on the window's thread.
 */
#ifndef VITRINE_CONSUMER_PLAYING_H
#define VITRINE_CONSUMER_PLAYING_H

#include <stdbool.h>
#include <stdint.h>

#include "log.h"
#include "vitrine.h"

#define PLAYING_QUIET_NS INT64_C(2000000000) /* no frame for so long: the stream has ended */

/* All zero: there is none. */
struct playing {
	bool is_on;
	bool is_paused;
	char name[VITRINE_NAME_MAX];
	uint64_t shown;
	uint64_t dropped;       /* published, and passed over while frames were shown */
	double fps;             /* in the last second; 0: not known yet */
	double latency_ms;      /* from publication to the screen: the mean of the last second */
	uint64_t last_sequence; /* 0: the next frame is compared with none */
	int64_t start;          /* of the first frame … */
	int64_t last;           /* … and of the last one */
	struct {
		int64_t start;
		uint64_t shown;
		double latency_ms; /* the sum */
	} second;                  /* that runs */
};

/*
 * A frame was presented. `is_shared`: other consumers take frames too, so that those between are not
 * dropped. True: it is the first of a stream.
 */
bool playing_add(struct playing *playing, const struct vitrine_image *image, double latency_ms,
	bool is_shared, int64_t now, const struct log *log);

/*
 * Whether frames are shown as they come. While they are not, since the user paused or looks back, those
 * that are passed over are not dropped, and the stream goes on. Called as often as one likes.
 */
void playing_follow(struct playing *playing, bool follows, int64_t now);

/* Ends it if nothing came for a while, or `now` is INT64_MAX: something else is shown. */
void playing_end(struct playing *playing, int64_t now, const struct log *log);

#endif

/*
 * stream_stats.h - statistics of the stream on the screen: how many of its frames were shown and
 * dropped, and the frame rate. It logs one line per second and one at the end, where other images
 * get a line each. Called on the window's thread.
 */
#ifndef VITRINE_CONSUMER_STREAM_STATS_H
#define VITRINE_CONSUMER_STREAM_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "log.h"
#include "vitrine.h"

#define STREAM_STATS_QUIET_NS INT64_C(2000000000) /* after this long without a frame it has ended */

/* All zeros: no stream. */
struct stream_stats {
	bool is_on;
	bool is_paused;
	char name[VITRINE_NAME_MAX];
	uint64_t shown;
	uint64_t dropped;       /* published but skipped while frames were shown */
	double fps;             /* in the last second; 0: unknown yet */
	double latency_ms;      /* from publication to the screen, mean of the last second */
	uint64_t last_sequence; /* 0: no previous frame */
	int64_t start;          /* time of the first frame … */
	int64_t last;           /* … and of the last one */
	struct {
		int64_t start;
		uint64_t shown;
		double latency_ms; /* the sum */
	} second;                  /* the current second */
};

/*
 * Records a presented frame. `is_shared`: other consumers take frames too, so missing ones do not
 * count as dropped. True: it is the first frame of a stream.
 */
bool stream_stats_add(struct stream_stats *stream, const struct vitrine_image *image,
	double latency_ms, bool is_shared, int64_t now, const struct log *log);

/*
 * Says whether frames are shown as they arrive. If not (paused, or looking back), skipped frames do
 * not count as dropped, and the stream continues. May be called at any time.
 */
void stream_stats_follow(struct stream_stats *stream, bool follows, int64_t now);

/*
 * Ends the stream if no frame arrived for a while, or if `now` is INT64_MAX: something else is
 * shown.
 */
void stream_stats_end(struct stream_stats *stream, int64_t now, const struct log *log);

#endif

/*
 * curves.h - the values of `empty` and `full` over time, as textbooks draw them: each value holds
 * until the next point. Made from a timeline. Pure; any thread.
 */
#ifndef VITRINE_WATCH_CURVES_H
#define VITRINE_WATCH_CURVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "timeline.h"

/* Each sample of a timeline can be a point, and can be followed by a period without samples. */
enum { CURVES_MOST = 2 * TIMELINE_SAMPLES };

struct curves_point {
	int64_t time;
	int32_t empty, full;
	bool is_known; /* false: no samples until the next point */
};

struct curves {
	int64_t from, to; /* where they begin and end; a point may be earlier */
	int64_t until;    /* the end of the axis: `to`, or later */
	int32_t most;     /* the highest value: the number of slots */
	size_t count;
	struct curves_point points[CURVES_MOST]; /* in chronological order */
};

/* The last seconds of a timeline, up to `now`. */
void curves_of_timeline(struct curves *curves, const struct timeline *timeline, int64_t now);

/* Adds a point, unless it has the same values as the last one, or there is no room. */
void curves_add(struct curves *curves, const struct curves_point *point);

#endif

/*
 * live_report.h - what live.c counts, and says of it: one line when the stream begins, one a second,
 * one at its end. Nobody else includes this.
 */
#ifndef VITRINE_STREAM_LIVE_REPORT_H
#define VITRINE_STREAM_LIVE_REPORT_H

#include "live.h"

/* All but `options` is zero at first. */
struct live_report {
	const struct live_options *options;
	struct live_counts counts;
	int64_t start;        /* when the first frame came; 0: none did */
	int64_t last;         /* when it was said last */
	uint64_t last_sent;   /* so many were sent then */
	int64_t last_waiting; /* when it was said last that no slot is free */
};

/* Before the first frame is sent. */
void live_report_begin(struct live_report *report, const struct frames *frames,
	const struct vitrine_image *image);
/* Counts the frames that were passed over, and says so of the first. */
void live_report_damaged(struct live_report *report, const struct frames *frames);
/* After each frame, and once a second while there is none. */
void live_report_work(struct live_report *report);
/* No slot is free, and why; NULL: one is again. */
void live_report_waits(struct live_report *report, const char *why);
void live_report_end(struct live_report *report);

#endif

/*
 * live_report.h - counts and logs for live.c: one line when the stream begins, one per second, one
 * at its end. Only live.c and live_report.c include this.
 */
#ifndef VITRINE_STREAM_LIVE_REPORT_H
#define VITRINE_STREAM_LIVE_REPORT_H

#include "live.h"

/* Initially all zero except `options`. */
struct live_report {
	const struct live_options *options;
	struct live_counts counts;
	int64_t start;        /* when the first frame arrived; 0: none has */
	int64_t last;         /* when the last line was logged */
	uint64_t last_sent;   /* the number of frames sent until then */
	int64_t last_waiting; /* when the lack of a free slot was last logged */
};

/* Call before the first frame is sent. */
void live_report_begin(struct live_report *report, const struct frames *frames,
	const struct vitrine_image *image);
/* Counts the frames that were skipped, and logs the first of them. */
void live_report_damaged(struct live_report *report, const struct frames *frames);
/* Call after each frame, and once per second while there is none. */
void live_report_work(struct live_report *report);
/* Reports that no slot is free, and why; NULL: one is free again. */
void live_report_waits(struct live_report *report, const char *why);
void live_report_end(struct live_report *report);

#endif

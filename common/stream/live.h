/*
 * live.h - publishes a stream: reads each frame into a slot claimed for it, and publishes it. It
 * keeps the frame rate, drops frames that no consumer takes, counts, and logs once a second. Used
 * by a thread of the producer and by vitrine send --stream.
 *
 * It holds a slot only while bytes arrive: if the writer stalls in the middle of a frame for
 * LIVE_PATIENCE_NS, it gives the slot back, keeps what was read, and continues the frame in another
 * slot when the writer does.
 */
#ifndef VITRINE_STREAM_LIVE_H
#define VITRINE_STREAM_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "frames.h"
#include "link.h"
#include "log.h"

#define LIVE_PATIENCE_NS INT64_C(1000000000)
#define LIVE_OWN_RATE    (-1.0)

struct live_counts {
	uint64_t sent;
	uint64_t
		dropped; /* overwritten before anybody took them, or not sent since all were in use */
	uint64_t damaged; /* could not be opened, and were passed over */
	double fps;       /* in the last second */
	bool waits;       /* for a slot, now */
};

struct live_options {
	struct frames_options frames; /* `woken` ends the stream */
	struct link *link;            /* open, as producer; the caller closes it */
	enum vitrine_when_full when_full;
	double fps; /* at most so many a second; 0: as they come; LIVE_OWN_RATE: as the stream says */
	uint32_t checksum; /* enum vitrine_checksum */
	struct log *log;
	/* All may be NULL; called on the thread of live_run() with `data`. */
	bool (*goes_on)(void *data); /* before each frame; may sleep. False: that is the end */
	void (*filled)(void *data, const struct vitrine_image *image, const void *pixels);
	void (*counted)(void *data, const struct live_counts *counts); /* after each frame */
	void (*idles)(void *data); /* no frame for a tenth of a second, or there are no more */
	void *data;
};

enum live_end {
	LIVE_ENDED,   /* the stream is at its end */
	LIVE_STOPPED, /* it was stopped on request */
	LIVE_FAILED,  /* `reason` says why */
};

/* Returns when there is nothing more to send; *counts has what was. `reason`: room for 512 bytes. */
enum live_end live_run(const struct live_options *options, struct live_counts *counts,
	char reason[512]);

#endif

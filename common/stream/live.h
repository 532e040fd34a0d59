/*
 * live.h - publishes a stream: reads each frame into a slot claimed for it, and publishes it. It
 * keeps the frame rate, drops frames that no consumer takes, counts, and logs once a second. Used
 * by a thread of the producer and by vitrine send --stream.
 *
 * It holds a slot only while bytes arrive: if the writer stalls in the middle of a frame for
 * LIVE_PATIENCE_NS, it gives the slot back, keeps what was read, and continues the frame in another
 * slot when the writer does.
 *
 * Without a link it publishes nothing and only plays: `filled` gets each frame at its time.
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
	/* overwritten before a consumer took them, or not sent because no slot was free */
	uint64_t dropped;
	uint64_t damaged;  /* could not be decoded, and were skipped */
	uint64_t sequence; /* of the image that was published last; 0: none */
	double fps;        /* in the last second */
	bool waits;        /* it waits for a slot now */
};

struct live_options {
	struct frames_options frames; /* ends the stream when `woken` becomes readable */
	struct link *link; /* open, as producer; the caller closes it. NULL: publish nothing */
	enum vitrine_when_full when_full;
	double fps; /* limit of the rate; 0: as they arrive; LIVE_OWN_RATE: the stream's own */
	uint32_t checksum; /* enum vitrine_checksum */
	struct log *log;   /* NULL only without a link: nothing is logged */
	/* Any of these may be NULL. Called on the thread of live_run(), with `data`. */
	bool (*goes_on)(void *data);  /* before each frame; may sleep. False: end the stream */
	bool (*may_send)(void *data); /* the same, once the frame has arrived and is due */
	void (*filled)(void *data, const struct vitrine_image *image, const void *pixels);
	void (*counted)(void *data, const struct live_counts *counts); /* after each frame */
	void (*idles)(void *data); /* no frame for a tenth of a second, or the stream has ended */
	void *data;
};

enum live_end {
	LIVE_ENDED,   /* the stream has ended */
	LIVE_STOPPED, /* it was stopped on request */
	LIVE_FAILED,  /* `reason` says why */
};

/*
 * Returns when there is nothing more to send. *counts has the totals. `reason` has room for 512
 * bytes.
 */
enum live_end live_run(const struct live_options *options, struct live_counts *counts,
	char reason[512]);

#endif

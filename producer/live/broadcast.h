/*
 * broadcast.h - the thread that sends a stream of frames: "-", a FIFO, a film. It has a hold of its own
 * on the channel beside the publisher's, so that pictures of the tray can be published meanwhile, and
 * makes a copy of a frame now and then for the window to show. All functions are for the window's
 * thread; none sleeps but broadcast_destroy(), for a tenth of a second at most.
 */
#ifndef VITRINE_PRODUCER_BROADCAST_H
#define VITRINE_PRODUCER_BROADCAST_H

#include <stdbool.h>
#include <stdint.h>

#include "live.h"
#include "live_options.h"
#include "picture.h"

enum broadcast_state {
	BROADCAST_WAITS, /* for the first frame */
	BROADCAST_RUNS,
	BROADCAST_PAUSED, /* reads nothing: who writes the stream waits */
	BROADCAST_ENDED,
	BROADCAST_FAILED, /* `reason` says why */
};

struct broadcast_look {
	enum broadcast_state state;
	const char *name; /* of the stream */
	uint32_t width, height;
	struct live_counts counts;
	uint64_t version; /* another one: there is another preview */
	char reason[512];
};

struct broadcast;

struct broadcast_options {
	const char *path;
	const struct live_choice *choice;
	const struct vitrine_options *channel;
	int when_full; /* enum vitrine_when_full; -1: what suits the stream */
	uint32_t checksum;
	uint64_t memory; /* bytes that a picture may take that has to be decoded */
	struct log *log;
	void (*wake)(void *data); /* on the broadcast's thread: there is something to see */
	void *wake_data;
};

/* Starts the thread; what *options points to must outlive it. NULL: `reason` says why. */
struct broadcast *broadcast_create(const struct broadcast_options *options, char reason[512]);

/* Stops it, and leaves the channel. NULL is allowed. */
void broadcast_destroy(struct broadcast *broadcast);

void broadcast_pause(struct broadcast *broadcast, bool is_paused);

/* Whether the window shows the stream: only then are previews made. */
void broadcast_want(struct broadcast *broadcast, bool wants_previews);

void broadcast_look(struct broadcast *broadcast, struct broadcast_look *look);

/* The newest preview: the caller's reference, or NULL. */
struct picture *broadcast_preview(struct broadcast *broadcast);

#endif

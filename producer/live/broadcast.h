/*
 * broadcast.h - the thread that sends a stream of frames: "-", a FIFO, a film. It has its own
 * connection to the channel next to the publisher's, so that pictures of the tray can be published
 * at the same time, and it regularly copies a frame for the window to show. All functions are for
 * the window's thread; none sleeps except broadcast_destroy(), for at most a tenth of a second.
 */
#ifndef VITRINE_PRODUCER_BROADCAST_H
#define VITRINE_PRODUCER_BROADCAST_H

#include <stdbool.h>
#include <stdint.h>

#include "live.h"
#include "live_options.h"
#include "picture.h"

enum broadcast_state {
	BROADCAST_WAITS, /* waits for the first frame */
	BROADCAST_RUNS,
	BROADCAST_PAUSED, /* reads nothing, so the writer of the stream waits */
	BROADCAST_ENDED,
	BROADCAST_FAILED, /* `reason` says why */
};

struct broadcast_look {
	enum broadcast_state state;
	const char *name; /* of the stream */
	uint32_t width, height;
	struct live_counts counts;
	uint64_t version; /* counts previews; each frame of an animation is one */
	bool stands;      /* it is paused, and no frame is being read: the preview stays the same */
	char reason[512];
};

struct broadcast;

struct broadcast_options {
	const char *path;
	const struct live_choice *choice;
	const struct vitrine_options *channel; /* NULL: only make previews, publish nothing */
	bool animates;                         /* play the file again and again, show every frame */
	int when_full; /* enum vitrine_when_full; -1: the default for the stream */
	uint32_t checksum;
	uint64_t memory; /* limit for a picture that must be decoded, bytes */
	struct log *log;
	void (*wake)(void *data); /* called on the broadcast's thread when there is news */
	void *wake_data;
};

/* Starts the thread; what *options points to must outlive it. NULL: `reason` says why. */
struct broadcast *broadcast_create(const struct broadcast_options *options, char reason[512]);

/* Stops it, and leaves the channel. NULL is allowed. */
void broadcast_destroy(struct broadcast *broadcast);

void broadcast_pause(struct broadcast *broadcast, bool is_paused);
/* While it is paused: lets one more frame through. */
void broadcast_step(struct broadcast *broadcast);

/* Ends it soon. Once its state is BROADCAST_ENDED, broadcast_destroy() does not sleep. */
void broadcast_stop(struct broadcast *broadcast);

/* Call when the window starts or stops showing the stream; previews are made only while it does. */
void broadcast_want(struct broadcast *broadcast, bool wants_previews);

void broadcast_look(struct broadcast *broadcast, struct broadcast_look *look);

#define BROADCAST_TEXT_MAX 128
/* "live, 59.9 fps, 1240 sent, 3 dropped". Returns `text`. */
char *broadcast_status(const struct broadcast_look *look, char text[BROADCAST_TEXT_MAX]);

/* The newest preview: the caller's reference, or NULL. */
struct picture *broadcast_preview(struct broadcast *broadcast);

#endif

/*
 * receiver.h - the thread that waits in the channel and takes images, one at a time: each stays in
 * its slot until the window has presented it, so that a consumer that dies loses none; while the window
 * presents, the thread copies it to the history. As a mirror it copies the newest image and takes nothing. All
 * calls on the link's handle are made here. The functions below are for the window's thread.
 */
#ifndef VITRINE_CONSUMER_RECEIVER_H
#define VITRINE_CONSUMER_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder.h"
#include "history.h"
#include "link.h"
#include "log.h"

struct receiver;

struct receiver_options {
	struct link *link; /* closed; the receiver opens and closes it */
	struct history *history;
	struct log *log;
	bool mirror; /* to start with */
	bool verify; /* the checksums that images carry */
	struct decoder_options decoder;
	/* Called on the receiver's thread: there is an image in hand, a copy, or trouble. */
	void (*wake)(void *data);
	void *wake_data;
};

/* Starts the thread; *options is copied, what it points to must outlive it. NULL: errno. */
struct receiver *receiver_create(const struct receiver_options *options);

/*
 * Ends the thread, which leaves the channel; an image in hand that was not done with waits again.
 * Nothing may be read from the slot any more. Returns how many images wait in a channel that this
 * was the last to leave. NULL is allowed.
 */
int receiver_destroy(struct receiver *receiver);

enum receiver_pace {
	RECEIVER_PAUSES, /* takes none: images wait in the buffer */
	RECEIVER_STEPS,  /* takes the next one, then pauses */
	RECEIVER_GOES_ON,
};

/* What it does from now on; an image that is in hand is finished first. */
void receiver_set(struct receiver *receiver, enum receiver_pace pace, bool mirror);

/* An image on its way to the screen. */
struct hand {
	uint64_t number;            /* 1, 2, 3 …; the history has the copy under the same */
	struct vitrine_image image; /* `data` is not to be read: see content */
	struct content content;     /* in the slot, or of a private copy */
};

/* Looks at the image in hand; false: there is none. It stays until receiver_done(). */
bool receiver_look(struct receiver *receiver, struct hand *hand);

/* The image in hand was uploaded and will be presented next: now it may be copied. */
void receiver_read(struct receiver *receiver, uint64_t number);

/*
 * The image in hand was presented, `latency_ms` after it was published, or cannot be shown. Its
 * memory may not be read any more.
 */
void receiver_done(struct receiver *receiver, uint64_t number, double latency_ms);

/* Whether that image is still in hand, so that its copy may yet come. */
bool receiver_has(struct receiver *receiver, uint64_t number);

/* A failure, which standard error has told already. */
struct trouble {
	char subject[VITRINE_NAME_MAX]; /* the channel, or the image that was refused */
	char reason[512];
};

/* Takes the last failure that was not taken yet; false: none. */
bool receiver_trouble(struct receiver *receiver, struct trouble *trouble);

/* How many images were refused for their checksum. */
uint64_t receiver_refused(struct receiver *receiver);

#endif

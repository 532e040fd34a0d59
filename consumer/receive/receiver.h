/*
 * receiver.h - the thread that waits in the channel and takes images, one at a time. Each image
 * stays in its slot until the window has presented it, so that a consumer that dies loses none, and
 * until the thread has then copied it to the history. As a mirror the thread copies
 * the newest image and takes nothing. All calls on the link's handle are made here. The functions
 * below are for the window's thread.
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
	struct link *link; /* initially closed; the receiver opens and closes it */
	struct history *history;
	struct log *log;
	bool mirror; /* initially a mirror */
	bool verify; /* verify the checksums that images carry */
	struct decoder_options decoder;
	/* Called on the receiver's thread when there is an image in hand, a copy, or trouble. */
	void (*wake)(void *data);
	void *wake_data;
};

/*
 * Starts the thread; *options is copied, but what it points to must outlive the thread. NULL: see
 * errno.
 */
struct receiver *receiver_create(const struct receiver_options *options);

/*
 * Ends the thread, which leaves the channel; an unfinished image in hand waits again. The slot must
 * not be read after this. Returns the number of images waiting in a channel that nobody has open.
 * NULL is allowed.
 */
int receiver_destroy(struct receiver *receiver);

enum receiver_pace {
	RECEIVER_PAUSES, /* takes no image: images wait in the buffer */
	RECEIVER_STEPS,  /* takes the next one, then pauses */
	RECEIVER_GOES_ON,
};

/* Sets what it does from now on; an image in hand is finished first. */
void receiver_set(struct receiver *receiver, enum receiver_pace pace, bool mirror);

/* An image being shown. */
struct hand {
	uint64_t number;            /* 1, 2, 3 …; the history keeps the copy under this number */
	struct vitrine_image image; /* do not read `data`: see content */
	struct content content;     /* in the slot, or in a private copy */
};

/* Gets the image in hand, which stays until receiver_done(); false: there is none. */
bool receiver_look(struct receiver *receiver, struct hand *hand);

/*
 * The image in hand was uploaded and will be presented next. A frame of a stream may now be copied;
 * another image after receiver_done(), because the copy would delay its presentation.
 */
void receiver_read(struct receiver *receiver, uint64_t number);

/*
 * The image in hand was presented, `latency_ms` after publication, or (if it was not read before)
 * cannot be shown. The window must not read its memory any more.
 */
void receiver_done(struct receiver *receiver, uint64_t number, double latency_ms);

/* True if that image is still in hand, so that its copy may still be made. */
bool receiver_has(struct receiver *receiver, uint64_t number);

/* A failure, which has already been printed on standard error. */
struct trouble {
	char subject[VITRINE_NAME_MAX]; /* the channel, or the refused image */
	char reason[512];
};

/* Gets the last failure not fetched yet; false: none. */
bool receiver_trouble(struct receiver *receiver, struct trouble *trouble);

/* The number of images refused because of their checksum. */
uint64_t receiver_refused(struct receiver *receiver);

#endif

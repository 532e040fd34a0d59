/*
 * receiver_state.h - what receiver.c (the thread) and receiver_image.c (what it does with an image)
 * share; nobody else includes this.
 */
#ifndef VITRINE_CONSUMER_RECEIVER_STATE_H
#define VITRINE_CONSUMER_RECEIVER_STATE_H

#include "receiver.h"
#include "worker.h"

struct receiver_wishes {
	enum receiver_pace pace;
	bool mirror;
	bool ending;
};

struct receiver {
	struct receiver_options options;
	struct worker worker; /* its lock is over all up to `refused` */
	struct receiver_wishes wishes;
	bool has_hand;
	bool is_read; /* uploaded: what is left is to present it */
	bool is_done;
	double latency_ms;
	struct hand hand;
	struct trouble trouble; /* reason "": none */
	uint64_t refused;
	/* the thread's own */
	struct decoder *decoder;
	bool is_mirror;
	uint64_t last_number;
	uint64_t last_sequence; /* of this channel's images, the last that was in hand */
	int waiting;            /* when it left */
};

/* ---- receiver.c ---------------------------------------------------------------------------- */

/* What the window wishes now. */
struct receiver_wishes receiver_wishes(struct receiver *receiver);

/* Shows the window an image. With pace STEPS this was the one. */
void receiver_hand_over(struct receiver *receiver, const struct vitrine_image *image,
	const struct content *content);

/*
 * Waits until the window has uploaded the image in hand: to copy it at the same time would make both
 * slower, and the eye waits for only one. False: it cannot be shown, or the program ends.
 */
bool receiver_wait_until_read(struct receiver *receiver);

/* Waits until the window is done with the image in hand. False: the program ends before that. */
bool receiver_wait_until_done(struct receiver *receiver);

/* Has the window look again. */
void receiver_tell(const struct receiver *receiver);

/* Says in the log and in the window what went wrong. */
void receiver_report(struct receiver *receiver, const char *subject, const char *reason);

/* ---- receiver_image.c ---------------------------------------------------------------------- */

/* Takes the next image, shows it, and releases it. Returns 0 or an error of the library. */
int receiver_take(struct receiver *receiver);

/* As a mirror: shows the newest image, if there is a newer one. Returns 0 or an error. */
int receiver_mirror(struct receiver *receiver);

#endif

/*
 * receiver_state.h - the state shared by receiver.c (the thread) and receiver_image.c (the handling
 * of an image). Not for other files.
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
	struct worker worker; /* its lock protects the fields up to `refused` */
	struct receiver_wishes wishes;
	bool has_hand;
	bool is_read; /* uploaded, but not presented yet */
	bool is_done;
	double latency_ms;
	struct hand hand;
	struct trouble trouble; /* reason "": none */
	uint64_t refused;
	/* used by the thread only */
	struct decoder *decoder;
	bool is_mirror;
	uint64_t last_number;
	uint64_t last_sequence; /* of the last image of this channel that was in hand */
	int waiting;            /* images waiting when it left */
};

/* ---- receiver.c ---------------------------------------------------------------------------- */

/* The window's current wishes. */
struct receiver_wishes receiver_wishes(struct receiver *receiver);
bool receiver_wishes_equal(const struct receiver_wishes *a, const struct receiver_wishes *b);

/* Passes an image to the window. With pace STEPS this was the requested one. */
void receiver_hand_over(struct receiver *receiver, const struct vitrine_image *image,
	const struct content *content);

/*
 * Waits until the window has uploaded the image in hand or, if `presented`, until it is on the
 * screen as well. False: it cannot be shown, or the program ends.
 */
bool receiver_wait_until_read(struct receiver *receiver, bool presented);

/* Waits until the window has finished with the image in hand. False: the program ends first. */
bool receiver_wait_until_done(struct receiver *receiver);

/* Wakes the window. */
void receiver_tell(const struct receiver *receiver);

/* Reports a failure in the log and in the window. */
void receiver_report(struct receiver *receiver, const char *subject, const char *reason);

/* ---- receiver_image.c ---------------------------------------------------------------------- */

/*
 * Takes the next image, shows it, and releases it, unless the window has other wishes than these.
 * Returns 0 or an error of the library.
 */
int receiver_take(struct receiver *receiver, const struct receiver_wishes *wishes);

/* As a mirror: shows the newest image, if there is a newer one. Returns 0 or an error. */
int receiver_mirror(struct receiver *receiver, const struct receiver_wishes *wishes);

#endif

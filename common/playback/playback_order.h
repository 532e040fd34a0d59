/*
 * playback_order.h - an open recording, and the order of its programs' calls; private to this
 * folder.
 */
#ifndef VITRINE_PLAYBACK_PLAYBACK_ORDER_H
#define VITRINE_PLAYBACK_PLAYBACK_ORDER_H

#include "playback_state.h"

#define PLAYBACK_STEPS_MOST 200000

struct playback {
	struct recorded recorded;
	struct playback_step *steps;
	size_t count;
	struct playback_state *state; /* the state after step `at` */
	size_t at;
	const struct recorded_state *first; /* the values before the first step */
};

/*
 * Goes to the state before the first step: the programs in the channel, and what the kernel would
 * undo for each. Unless NULL, `is_done` is set for each recorded call that was executed before that
 * step.
 */
void playback_begin(struct playback *playback, bool *is_done);

/* Makes the steps of the recording. False: no memory, or more than PLAYBACK_STEPS_MOST steps. */
bool playback_put_in_order(struct playback *playback);

#endif

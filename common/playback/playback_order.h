/*
 * playback_order.h - a recording that is open, and the calls of its programs put in order; private to
 * this folder.
 */
#ifndef VITRINE_PLAYBACK_PLAYBACK_ORDER_H
#define VITRINE_PLAYBACK_PLAYBACK_ORDER_H

#include "playback_state.h"

#define PLAYBACK_STEPS_MOST 200000

struct playback {
	struct recorded recorded;
	struct playback_step *steps;
	size_t count;
	struct playback_state *state; /* after step `at` */
	size_t at;
	const struct recorded_state *first; /* the values before the first step */
};

/*
 * Goes to the state before the first step: who is here, and what the kernel would undo for each.
 * `is_done`, unless NULL, is set for each recorded call that was executed before.
 */
void playback_begin(struct playback *playback, bool *is_done);

/* Makes the steps of what was recorded. False: no memory, or more than PLAYBACK_STEPS_MOST. */
bool playback_put_in_order(struct playback *playback);

#endif

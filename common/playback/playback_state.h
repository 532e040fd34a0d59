/* playback_state.h - the state of a channel during playback; private to this folder. */
#ifndef VITRINE_PLAYBACK_PLAYBACK_STATE_H
#define VITRINE_PLAYBACK_PLAYBACK_STATE_H

#include "playback.h"

struct playback_state {
	struct vitrine_snapshot snapshot;
	struct playback_program programs[ATTACHED_MAX];
	int64_t undo[ATTACHED_MAX][SEMAPHORES_MAX]; /* what the kernel would undo for each */
	size_t program_count;
};

/* Sets the values; no program is in the channel. */
void playback_state_begin(struct playback_state *state, const struct recorded_state *recorded);

/* The index of a program, which is added if it is new. -1: there is no room. */
int playback_state_program(struct playback_state *state, pid_t pid, const char *role);

/*
 * Notes a call that was executed before the first step: updates the program and its undo entries,
 * but not the values.
 */
void playback_state_note(struct playback_state *state, pid_t pid, const struct semop_call *call);

/* Executes a step. */
void playback_state_apply(struct playback_state *state, const struct playback_step *step);

/* Describes a step in words. Call before applying it. */
void playback_sentence(char text[PLAYBACK_SENTENCE], const struct playback_state *state,
	const struct playback_step *step);

#endif

/*
 * shortcut.h - guesses that save system calls while images follow each other without a pause. Private
 * to common/ipc.
 *
 * The protocol is complete without them: the chooser of each transition looks at the semaphores first
 * (a GETALL), and a sleep is one semop. A guess skips the look. It may be wrong, for the array asserts
 * it and fails with -EAGAIN. Nothing else in common/ipc remembers what a handle did before.
 */
#ifndef VITRINE_SHORTCUT_H
#define VITRINE_SHORTCUT_H

#include <stdbool.h>
#include <stdint.h>

#include "spin.h"
#include "transitions.h"

struct step;
struct values;

/* What a handle remembers; shortcut_start() sets it. */
struct shortcut {
	struct spin spin[T_COUNT]; /* of each transition that sleeps */
	uint64_t round_ns;         /* when the last claim or take began */
	uint32_t back_to_back;     /* rounds that followed each other without a pause */
	int free_slot;             /* a slot that is probably free; -1: none is known */
	bool waited;               /* the last claim did, until a slot came free… */
	enum transition publish[2]; /* …and by that, how the image before ours was published over */
	uint64_t published;         /* the number that this handle published last; 0: none */
	bool is_only_consumer;
	uint64_t consumed
		[VITRINE_SLOTS_MAX]; /* by slot: the number of an image that is done for good */
};

void shortcut_start(struct shortcut *shortcut);

/* A claim or a take begins. */
void shortcut_begin_round(struct vitrine_channel *channel);

/* What may be spun for before this transition sleeps; NULL: nothing. */
struct spin *shortcut_spin(struct vitrine_channel *channel, enum transition transition);

/*
 * Reserves and claims in one array, if a slot is probably free; `may_sleep`: spins for it. Returns the
 * slot, or -errno; -EAGAIN: reserve, then claim.
 */
int shortcut_claim(struct vitrine_channel *channel, bool may_sleep);

/* The sleep of a reserve began at `since_ns` and is over. */
void shortcut_reserved(struct vitrine_channel *channel, uint64_t since_ns);

/* Guesses for the choosers of channel.c: 0, or -EAGAIN. */
int shortcut_free_slot(const struct vitrine_channel *channel, struct step *step);
int shortcut_publish(const struct vitrine_channel *channel, struct step *step);
int shortcut_take(const struct vitrine_channel *channel, struct step *step);
int shortcut_release(const struct vitrine_channel *channel, struct step *step);

/* What happened, for the next guess. */
void shortcut_claimed(struct vitrine_channel *channel);
void shortcut_abandoned(struct vitrine_channel *channel, int slot);
void shortcut_published(struct vitrine_channel *channel, const struct step *step);
void shortcut_saw_waiting(struct vitrine_channel *channel, const struct values *values, int slot);
void shortcut_released(struct vitrine_channel *channel, int slot, uint64_t sequence);

#endif

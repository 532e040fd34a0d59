/*
 * fast_path.h - guesses that save system calls while images follow each other without a pause.
 * Private to common/ipc.
 *
 * The protocol is complete without them: the chooser of each transition reads the semaphores first
 * (GETALL), and a sleep is one semop. A guess skips the GETALL. If it is wrong, nothing breaks: the
 * array fails with -EAGAIN. Everything that a guess is based on is in struct fast_path.
 */
#ifndef VITRINE_IPC_FAST_PATH_H
#define VITRINE_IPC_FAST_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "spin.h"
#include "transitions.h"

struct step;
struct values;

/* What a handle remembers; initialised by fast_path_start(). */
struct fast_path {
	struct spin spin[T_COUNT];  /* one per transition that sleeps */
	uint64_t round_ns;          /* when the last claim or take began */
	uint32_t back_to_back;      /* claims or takes without a pause between */
	int free_slot;              /* a slot that is probably free; -1: unknown */
	bool has_mirrors;           /* mirrors were in the channel … */
	uint64_t looked_ns;         /* … at this time */
	bool waited;                /* the last claim had to wait for a free slot */
	enum transition publish[2]; /* [waited]: the array that published last time */
	uint64_t published;         /* the last sequence number published by this handle */
	bool is_only_consumer;
	uint64_t consumed[VITRINE_SLOTS_MAX]; /* per slot: a number that is certainly consumed */
};

void fast_path_start(struct fast_path *fast_path);

/* Call at the start of a claim or take. */
void fast_path_begin_round(struct vitrine_channel *channel);

/* The spin state to use before this transition sleeps; NULL: do not spin. */
struct spin *fast_path_spin(struct vitrine_channel *channel, enum transition transition);

/*
 * If a slot is probably free, reserves and claims it in one array; if `may_sleep`, spins for it.
 * Returns the slot, or -errno; after -EAGAIN, reserve and then claim.
 */
int fast_path_claim(struct vitrine_channel *channel, bool may_sleep);

/* Call after a reserve, which began at `since_ns` and may have slept. */
void fast_path_reserved(struct vitrine_channel *channel, uint64_t since_ns);

/* The guesses for the choosers of channel.c: 0, or -EAGAIN if there is none. */
int fast_path_free_slot(const struct vitrine_channel *channel, struct step *step);
int fast_path_publish(const struct vitrine_channel *channel, struct step *step);
int fast_path_take(const struct vitrine_channel *channel, struct step *step);
int fast_path_release(const struct vitrine_channel *channel, struct step *step);

/* Record what happened, for the next guess. */
void fast_path_saw_mirrors(struct vitrine_channel *channel, const struct values *values);
void fast_path_claimed(struct vitrine_channel *channel);
void fast_path_freed(struct vitrine_channel *channel, int slot);
void fast_path_published(struct vitrine_channel *channel, const struct step *step);
void fast_path_saw_waiting(struct vitrine_channel *channel, const struct values *values, int slot);
void fast_path_released(struct vitrine_channel *channel, int slot, uint64_t sequence);

#endif

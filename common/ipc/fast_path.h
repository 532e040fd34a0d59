/*
 * fast_path.h - guesses that save system calls while images follow each other without a pause.
 * Private to common/ipc.
 *
 * The protocol is complete without guesses: handle_retry() would read the semaphores (GETALL)
 * before each array, and a sleep would be one semop. A guess replaces the GETALL. A wrong guess of
 * a slot or an array does no harm, because the array then fails with -EAGAIN; a sequence number is
 * never guessed (see fast_path_publish()). Guesses are based on struct fast_path, on the sequence
 * numbers in the descriptors, and on the handle's claims.
 */
#ifndef VITRINE_IPC_FAST_PATH_H
#define VITRINE_IPC_FAST_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "spin.h"
#include "transitions.h"

struct step;
struct values;

/* The history on which a handle's guesses are based; initialised by fast_path_start(). */
struct fast_path {
	struct spin
		spin[T_COUNT]; /* indexed by transition; T_CLAIM_AT_ONCE: used before T_RESERVE */
	uint64_t round_ns;     /* when the last round began */
	uint32_t back_to_back; /* number of rounds since the last pause */
	int free_slot;         /* a slot that is probably free; -1: unknown */
	bool has_mirrors;      /* mirrors were in the channel at looked_ns */
	uint64_t looked_ns;    /* when this handle last looked for mirrors */
	bool waited;           /* the last claim in a stream found no free slot at once */
	enum transition publish[2]; /* indexed by `waited`: the last array that published */
	uint64_t published;         /* the last sequence number published by this handle */
	bool is_only_consumer;      /* at the last look, no other consumer was in the channel */
	uint64_t consumed
		[VITRINE_SLOTS_MAX]; /* per slot: the number of an image that was consumed */
};

void fast_path_start(struct fast_path *fast_path);

/* Call at the start of a round, that is, of a claim or take. */
void fast_path_begin_round(struct vitrine_channel *channel);

/* The spin state to use before this transition sleeps; NULL: do not spin. */
struct spin *fast_path_spin(struct vitrine_channel *channel, enum transition transition);

/*
 * In a stream (see fast_path.c), tries to reserve and claim in one array a slot that is probably
 * free; if `may_sleep`, repeats this while it spins. Returns the slot, or -errno; after -EAGAIN,
 * reserve and then claim.
 */
int fast_path_try_claim(struct vitrine_channel *channel, bool may_sleep);

/* Call after a reserve, which began at `since_ns` and may have slept, even if it failed. */
void fast_path_slept(struct vitrine_channel *channel, uint64_t since_ns);

/* The guesses for the choosers of channel.c. They return 0, or -EAGAIN if there is no guess. */
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

/*
 * predict.h - what the kernel would do with an array of semaphore operations at the values of a
 * snapshot: execute it, sleep (and at which semaphore), or refuse it. sysv/semop_apply.h computes
 * it; this is its form for a channel, with the semaphores that the array touches. Step mode shows
 * the result before the call. Pure; any thread.
 */
#ifndef VITRINE_CHANNEL_PREDICT_H
#define VITRINE_CHANNEL_PREDICT_H

#include <stdint.h>
#include <sys/sem.h>

#include "vitrine.h"

#define PREDICT_MAX 12 /* operations in one array */

enum predict_outcome {
	PREDICT_DONE,    /* the whole array is executed */
	PREDICT_SLEEPS,  /* at `at`, until that semaphore changes */
	PREDICT_REFUSED, /* EAGAIN at `at`, because of IPC_NOWAIT */
	PREDICT_ERROR,   /* ERANGE, or no such semaphore, at `at`; or more than PREDICT_MAX */
};

/* One semaphore that the array touches. */
struct predict_value {
	uint32_t number;
	int32_t before;
	int32_t after; /* unchanged unless the array is executed */
};

struct prediction {
	enum predict_outcome outcome;
	uint32_t at; /* which operation; 0 if the array is executed */
	uint32_t count;
	struct predict_value values[PREDICT_MAX]; /* each semaphore once, in the array's order */
};

void predict(struct prediction *prediction, const struct vitrine_snapshot *snapshot,
	const struct sembuf *operations, uint32_t count);

#endif

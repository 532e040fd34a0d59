/*
 * semaphores.h - finds a semaphore in a snapshot by its number, as used in semop arrays and by
 * `ipcs -s -i`; the snapshot itself has them by name. Pure; any thread.
 */
#ifndef VITRINE_CHANNEL_SEMAPHORES_H
#define VITRINE_CHANNEL_SEMAPHORES_H

#include <stddef.h>
#include <stdint.h>

#include "vitrine.h"

enum {
	SEMAPHORES_MUTEX,
	SEMAPHORES_EMPTY,
	SEMAPHORES_FULL,
	SEMAPHORES_SLOTS = 8,   /* the first one of slot 0 */
	SEMAPHORES_OF_SLOT = 4, /* ready, latest, writer, reader */
	SEMAPHORES_MAX = SEMAPHORES_SLOTS + SEMAPHORES_OF_SLOT * VITRINE_SLOTS_MAX,
};

/* The number of semaphores in the set. */
uint32_t semaphores_count(const struct vitrine_snapshot *snapshot);

/* NULL: the set has no semaphore of that number. */
const struct vitrine_semaphore *semaphores_at(const struct vitrine_snapshot *snapshot,
	uint32_t number);

#define SEMAPHORES_LABEL_MAX 32
/* "empty", "ready₃". Returns `text`. */
char *semaphores_label(char text[SEMAPHORES_LABEL_MAX], uint32_t number);

#endif

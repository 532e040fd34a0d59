/*
 * hope.h - a sleep that is likely to be short is spent trying. To fall asleep and to be woken costs
 * both sides several microseconds, which is more than it takes to copy a small image. Whether to
 * try is decided by how it went before: who is idle, or waits for something slow, never tries.
 * Private to common/ipc; it knows nothing of the protocol.
 */
#ifndef VITRINE_HOPE_H
#define VITRINE_HOPE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/sem.h>

/* What one kind of sleep has been like in one handle; all 0 at first. */
struct hope {
	bool was_short;    /* the last sleep */
	uint16_t pass;     /* so many sleeps more before it is tried again */
	uint16_t disgrace; /* how many to pass after the next failure */
};

/*
 * Calls attempt(data) for some twenty microseconds, if that is wise, until it gives something else
 * than -EAGAIN; returns what it gave last. -EAGAIN: now sleep, and tell hope_slept().
 */
int hope_try(struct hope *hope, int (*attempt)(void *), void *data);

/* There was a sleep, which began at `since_ns` of clock_ns(), tries included. */
void hope_slept(struct hope *hope, uint64_t since_ns);

/* semset_do, with tries before it sleeps; `hope` may be NULL: without. */
int hope_do(struct hope *hope, int semid, const struct sembuf *operations, unsigned count,
	int64_t timeout_ns);

#endif

/*
 * spin.h - spins for some microseconds before a sleep that is probably short. To fall asleep and be
 * woken costs both sides several microseconds, which is more than copying a small image takes. Whether
 * to spin is decided by how the last sleeps went: a program that is idle, or waits for a slow one,
 * never spins. Private to common/ipc; it knows nothing of the protocol.
 */
#ifndef VITRINE_SPIN_H
#define VITRINE_SPIN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/sem.h>

/* How one kind of sleep went in one handle; all 0 at first. */
struct spin {
	bool last_was_short;
	uint16_t skip;    /* sleeps to go without spinning */
	uint16_t backoff; /* sleeps to skip after the next failure */
};

/*
 * Calls attempt(data) for some twenty microseconds, if that is worth it, until it returns something
 * other than -EAGAIN; returns what it returned last. After -EAGAIN sleep, and tell spin_slept().
 */
int spin_try(struct spin *spin, int (*attempt)(void *), void *data);

/* A sleep is over that began at `since_ns` of clock_ns(), tries included. */
void spin_slept(struct spin *spin, uint64_t since_ns);

/* semset_do(), after spinning. `spin` NULL: without. */
int spin_do(struct spin *spin, int semid, const struct sembuf *operations, unsigned count,
	int64_t timeout_ns);

#endif

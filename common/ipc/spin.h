/*
 * spin.h - spins for some microseconds before a sleep that will probably be short. Falling asleep
 * and being woken cost each side several microseconds, more than copying a small image. Whether to
 * spin depends on the length of the last sleep and on the success of the last spins: a program that
 * is idle, or waits for a slow one, never spins. Private to common/ipc; does not depend on the
 * protocol.
 */
#ifndef VITRINE_IPC_SPIN_H
#define VITRINE_IPC_SPIN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/sem.h>

/* The history of one kind of sleep in one handle; initially all 0. */
struct spin {
	bool last_was_short;
	uint16_t skip;    /* number of coming sleeps without spinning */
	uint16_t backoff; /* sleeps to skip after the next failure */
};

/*
 * If spinning is worthwhile, calls attempt(data) for about twenty microseconds until it returns
 * something other than -EAGAIN. Returns its last result, or -EAGAIN if it was not called. After
 * -EAGAIN, sleep and then call spin_slept().
 */
int spin_try(struct spin *spin, int (*attempt)(void *), void *data);

/*
 * Records a sleep that began at `since_ns` of clock_ns() and has just ended; spinning counts as
 * part of it.
 */
void spin_slept(struct spin *spin, uint64_t since_ns);

/* semset_do(), with spinning before it unless `spin` is NULL. */
int spin_do(struct spin *spin, int semid, const struct sembuf *operations, unsigned count,
	int64_t timeout_ns);

#endif

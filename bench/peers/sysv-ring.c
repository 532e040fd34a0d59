/*
 * sysv-ring.c - the ring of bench/race/peer_posix_ring.c with System V's calls: shmget and semop,
 * without SEM_UNDO. The textbook's bounded buffer.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "peer.h"

enum { EMPTY, FULL, SEMAPHORES };

struct ring {
	struct peer_task task;
	int shmid, semid;
	uint8_t *slots;
	unsigned long next; /* of this side */
};

static size_t slot_size(const struct peer_task *task)
{
	return (task->size + 4095) & ~(size_t)4095;
}

static void *ring_open(const struct peer_task *task, enum peer_side side)
{
	int flags = side == PEER_HOST ? IPC_CREAT | IPC_EXCL | 0600 : 0;
	struct ring *ring = calloc(1, sizeof(*ring));

	if (ring == NULL)
		return NULL;
	ring->task = *task;
	ring->shmid = shmget(task->key, slot_size(task) * task->slots, flags);
	ring->semid = semget(task->key, SEMAPHORES, flags);
	ring->slots = ring->shmid >= 0 ? shmat(ring->shmid, NULL, 0) : (void *)-1;
	if (ring->slots == (void *)-1 || ring->semid < 0) {
		perror("sysv-ring");
		free(ring);
		return NULL;
	}
	if (side == PEER_HOST)
		semctl(ring->semid, EMPTY, SETVAL, (int)task->slots);
	return ring;
}

static void ring_close(void *self, enum peer_side side)
{
	struct ring *ring = self;

	shmdt(ring->slots);
	if (side == PEER_HOST) {
		shmctl(ring->shmid, IPC_RMID, NULL);
		semctl(ring->semid, 0, IPC_RMID);
	}
	free(ring);
}

static bool change(const struct ring *ring, unsigned short semaphore, short by)
{
	struct sembuf operation = {.sem_num = semaphore, .sem_op = by};

	while (semop(ring->semid, &operation, 1) != 0) {
		if (errno == EINTR)
			continue;
		perror("semop");
		return false;
	}
	return true;
}

static void *next_slot(const struct ring *ring)
{
	return ring->slots + ring->next % ring->task.slots * slot_size(&ring->task);
}

static void *ring_claim(void *self)
{
	return change(self, EMPTY, -1) ? next_slot(self) : NULL;
}

static bool ring_publish(void *self)
{
	((struct ring *)self)->next++;
	return change(self, FULL, +1);
}

static const void *ring_take(void *self)
{
	return change(self, FULL, -1) ? next_slot(self) : NULL;
}

static bool ring_release(void *self)
{
	((struct ring *)self)->next++;
	return change(self, EMPTY, +1);
}

const struct peer PEER_SYMBOL __attribute__((visibility("default"))) = {
	.name = "sysv-ring",
	.title = "System V shared memory and semop",
	.open = ring_open,
	.close = ring_close,
	.claim = ring_claim,
	.publish = ring_publish,
	.take = ring_take,
	.release = ring_release,
};

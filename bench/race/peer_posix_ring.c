/*
 * peer_posix_ring.c - what a good C programmer writes in an afternoon: a ring of slots in a POSIX
 * shared memory object, and two process-shared semaphores. It does not survive a kill: it is the
 * yardstick for speed, not for robustness.
 */
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "peer.h"

enum { HEADER_SIZE = 4096 };

struct shared {
	sem_t empty, full;
};

struct ring {
	struct peer_task task;
	struct shared *shared;
	uint8_t *slots;
	size_t mapped;
	unsigned long next; /* of this side */
};

static size_t slot_size(const struct peer_task *task)
{
	return (task->size + 4095) & ~(size_t)4095;
}

static void *ring_open(const struct peer_task *task, enum peer_side side)
{
	int flags = side == PEER_HOST ? O_RDWR | O_CREAT | O_EXCL : O_RDWR;
	struct ring *ring = calloc(1, sizeof(*ring));
	int fd = shm_open(task->name, flags, 0600);

	if (ring == NULL || fd < 0) {
		perror("shm_open");
		free(ring);
		return NULL;
	}
	ring->task = *task;
	ring->mapped = HEADER_SIZE + slot_size(task) * task->slots;
	if (side == PEER_HOST && ftruncate(fd, (off_t)ring->mapped) != 0)
		perror("ftruncate");
	ring->shared = mmap(NULL, ring->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (ring->shared == MAP_FAILED) {
		perror("mmap");
		free(ring);
		return NULL;
	}
	ring->slots = (uint8_t *)ring->shared + HEADER_SIZE;
	if (side == PEER_HOST) {
		sem_init(&ring->shared->empty, 1, task->slots);
		sem_init(&ring->shared->full, 1, 0);
	}
	return ring;
}

static void ring_close(void *self, enum peer_side side)
{
	struct ring *ring = self;

	munmap(ring->shared, ring->mapped);
	if (side == PEER_HOST)
		shm_unlink(ring->task.name);
	free(ring);
}

static bool wait_on(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0) {
		if (errno == EINTR)
			continue;
		perror("sem_wait");
		return false;
	}
	return true;
}

static uint8_t *next_slot(struct ring *ring)
{
	return ring->slots + ring->next % ring->task.slots * slot_size(&ring->task);
}

static void *ring_claim(void *self)
{
	struct ring *ring = self;

	return wait_on(&ring->shared->empty) ? next_slot(ring) : NULL;
}

static bool ring_publish(void *self)
{
	struct ring *ring = self;

	ring->next++;
	return sem_post(&ring->shared->full) == 0;
}

static const void *ring_take(void *self)
{
	struct ring *ring = self;

	return wait_on(&ring->shared->full) ? next_slot(ring) : NULL;
}

static bool ring_release(void *self)
{
	struct ring *ring = self;

	ring->next++;
	return sem_post(&ring->shared->empty) == 0;
}

const struct peer peer_posix_ring = {
	.name = "posix-ring",
	.title = "POSIX shared memory and sem_t",
	.open = ring_open,
	.close = ring_close,
	.claim = ring_claim,
	.publish = ring_publish,
	.take = ring_take,
	.release = ring_release,
};

/*
 * 12-posix-pair.c - the bounded buffer with POSIX shared memory and POSIX semaphores. Compare it with
 * 08-ring-right.c, which does the same with System V.
 *
 *	cc -g -std=c17 -pedantic -pthread -o posix-pair 12-posix-pair.c lesson.c
 *	./posix-pair
 *
 * The objects have names like files, and are descriptors and pointers, not ids. Their names are
 * removed at once, so nothing is left behind whatever happens: the children have inherited the objects.
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lesson.h"

enum { PLACES = 4, NUMBERS = 1000 };

static struct {
	int in, out;
	int numbers[PLACES];
} * ring;
static sem_t *mutex, *empty, *full;

static bool take(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0)
		if (errno != EINTR || lesson_interrupted())
			return false;
	return true;
}

static sem_t *open_semaphore(const char *kind, unsigned value)
{
	char name[64];
	sem_t *semaphore;

	snprintf(name, sizeof(name), "/lesson-12-%d-%s", (int)getpid(), kind);
	semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, value);
	if (semaphore == SEM_FAILED)
		lesson_fail("sem_open");
	sem_unlink(name);
	return semaphore;
}

static void *open_memory(size_t size)
{
	char name[64];
	void *address;
	int file;

	snprintf(name, sizeof(name), "/lesson-12-%d", (int)getpid());
	file = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
	if (file < 0)
		lesson_fail("shm_open");
	shm_unlink(name);
	if (ftruncate(file, (off_t)size) != 0)
		lesson_fail("ftruncate");
	address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (address == MAP_FAILED)
		lesson_fail("mmap");
	close(file);
	return address;
}

static void produce(int count)
{
	for (int number = 1; number <= count; number++) {
		if (!take(empty) || !take(mutex))
			return;
		ring->numbers[ring->in] = number;
		ring->in = (ring->in + 1) % PLACES;
		sem_post(mutex);
		sem_post(full);
	}
}

static void consume(int count)
{
	long sum = 0;

	for (int i = 0; i < count; i++) {
		if (!take(full) || !take(mutex))
			return;
		sum += ring->numbers[ring->out];
		ring->out = (ring->out + 1) % PLACES;
		sem_post(mutex);
		sem_post(empty);
	}
	printf("the sum of the numbers from 1 to %d is %ld\n", count, sum);
	exit(sum == (long)count * (count + 1) / 2 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int main(void)
{
	pid_t producer, consumer;
	bool is_done;

	lesson_start();
	ring = open_memory(sizeof(*ring));
	mutex = open_semaphore("mutex", 1);
	empty = open_semaphore("empty", PLACES);
	full = open_semaphore("full", 0);
	producer = lesson_child(produce, NUMBERS);
	consumer = lesson_child(consume, NUMBERS);
	is_done = lesson_wait(producer);
	return lesson_wait(consumer) && is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * pair.c - the textbook's bounded buffer, as homework has it: pair ROLE KEY ITEMS [wrong|undo].
 * Three semaphores; "wrong": the producer takes the mutex before it waits for an empty slot.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/shm.h>

enum { MUTEX, EMPTY, FULL, SEMAPHORES };
enum { SLOTS = 2 };

struct buffer {
	int in, out;
	int items[SLOTS];
};

static int set, flags;

static void P(unsigned short semaphore)
{
	struct sembuf operation = {semaphore, -1, (short)flags};

	while (semop(set, &operation, 1) < 0)
		if (errno != EINTR)
			exit(3);
}

static void V(unsigned short semaphore)
{
	struct sembuf operation = {semaphore, +1, (short)flags};

	if (semop(set, &operation, 1) < 0)
		exit(3);
}

/* Whoever makes the set gives it its values. */
static void open_set(key_t key)
{
	unsigned short values[SEMAPHORES] = {1, SLOTS, 0};

	set = semget(key, SEMAPHORES, IPC_CREAT | IPC_EXCL | 0600);
	if (set >= 0)
		semctl(set, 0, SETALL, values);
	else
		set = semget(key, SEMAPHORES, 0);
	if (set < 0)
		exit(2);
}

static void produce(struct buffer *buffer, int items, int is_wrong)
{
	for (int i = 0; i < items; i++) {
		P(is_wrong ? MUTEX : EMPTY);
		P(is_wrong ? EMPTY : MUTEX);
		buffer->items[buffer->in++ % SLOTS] = i;
		V(MUTEX);
		V(FULL);
	}
}

static int consume(struct buffer *buffer, int items)
{
	int sum = 0;

	for (int i = 0; i < items; i++) {
		P(FULL);
		P(MUTEX);
		sum += buffer->items[buffer->out++ % SLOTS];
		V(MUTEX);
		V(EMPTY);
	}
	return sum;
}

int main(int argc, char **argv)
{
	struct buffer *buffer;
	key_t key;
	int items, segment;

	if (argc < 4)
		return 2;
	key = (key_t)strtol(argv[2], NULL, 0);
	items = (int)strtol(argv[3], NULL, 10);
	flags = argc > 4 && strcmp(argv[4], "undo") == 0 ? SEM_UNDO : 0;
	open_set(key);
	segment = shmget(key, sizeof(*buffer), IPC_CREAT | 0600);
	buffer = shmat(segment, NULL, 0);
	if (segment < 0 || (intptr_t)buffer == -1)
		return 2;
	if (strcmp(argv[1], "producer") == 0)
		produce(buffer, items, argc > 4 && strcmp(argv[4], "wrong") == 0);
	else
		printf("sum %d\n", consume(buffer, items));
	return 0;
}

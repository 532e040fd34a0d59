/*
 * 08-ring-right.c - the bounded buffer as homework sets it: a ring of four places, a producer, a
 * consumer, three semaphores. It ends.
 *
 *	cc -g -std=c17 -pedantic -o ring-right 08-ring-right.c lesson.c
 *	vitrine xray --names mutex,empty,full -- ./ring-right
 *
 * insert() waits for an empty place first, and takes the mutex last. Its twin is 08-ring-wrong.c.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>

#include "lesson.h"

enum { MUTEX, EMPTY, FULL, SEMAPHORES };
enum { PLACES = 4, NUMBERS = 9 };

static struct {
	int in;  /* the place of the next number that comes */
	int out; /* the place of the next number that is taken */
	int numbers[PLACES];
} * ring;

static bool insert(int set, int number)
{
	if (!P(set, EMPTY, 0) || !P(set, MUTEX, 0))
		return false;
	ring->numbers[ring->in] = number;
	ring->in = (ring->in + 1) % PLACES;
	return V(set, MUTEX, 0) && V(set, FULL, 0);
}

static bool take_out(int set, int *number)
{
	if (!P(set, FULL, 0) || !P(set, MUTEX, 0))
		return false;
	*number = ring->numbers[ring->out];
	ring->out = (ring->out + 1) % PLACES;
	return V(set, MUTEX, 0) && V(set, EMPTY, 0);
}

static void produce(int set)
{
	int number = 1;

	while (number <= NUMBERS && insert(set, number))
		number++;
}

static void consume(int set)
{
	int number, sum = 0;

	lesson_sleep_ms(200); /* the unlucky timing: the producer is first, and fills the ring */
	for (int i = 0; i < NUMBERS && take_out(set, &number); i++)
		sum += number;
	printf("the sum of the numbers from 1 to %d is %d\n", NUMBERS, sum);
	exit(sum == NUMBERS * (NUMBERS + 1) / 2 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int main(void)
{
	pid_t producer, consumer;
	bool is_done;
	int set;

	lesson_start();
	ring = lesson_share(sizeof(*ring));
	set = lesson_create_set(IPC_PRIVATE, SEMAPHORES);
	V(set, MUTEX, 0);
	for (int place = 0; place < PLACES; place++)
		V(set, EMPTY, 0);
	producer = lesson_child(produce, set);
	consumer = lesson_child(consume, set);
	is_done = lesson_wait(producer);
	return lesson_wait(consumer) && is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * 06-order-right.c - P(empty) before P(mutex): no deadlock. Its twin is 06-order-wrong.c.
 *
 *	cc -std=c17 -pedantic -o order-right 06-order-right.c lesson.c
 *	./order-right
 *
 * First wait for what may take long, while you hold nothing. Take the mutex last, and never sleep
 * while you hold it.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <stdio.h>
#include <sys/ipc.h>

#include "lesson.h"

enum { MUTEX, EMPTY, FULL, SEMAPHORES };
enum { SLOTS = 2, IMAGES = 1000 };

static void produce(int set)
{
	for (int image = 0; image < IMAGES; image++) {
		if (!P(set, EMPTY, 0)) /* it may sleep here, and holds nothing */
			return;
		if (!P(set, MUTEX, 0))
			return;
		V(set, MUTEX, 0);
		V(set, FULL, 0);
	}
}

static void consume(int set)
{
	for (int image = 0; image < IMAGES; image++) {
		if (!P(set, FULL, 0) || !P(set, MUTEX, 0))
			return;
		V(set, MUTEX, 0);
		V(set, EMPTY, 0);
	}
}

static void set_values(int set)
{
	V(set, MUTEX, 0);
	for (int slot = 0; slot < SLOTS; slot++)
		V(set, EMPTY, 0);
}

int main(void)
{
	pid_t producer, consumer;
	bool is_done;
	int set;

	lesson_start();
	set = lesson_create_set(IPC_PRIVATE, SEMAPHORES);
	set_values(set);

	/* The unlucky timing is forced: the consumer starts when the buffer is full. */
	producer = lesson_child(produce, set);
	lesson_wait_sleepers(set, EMPTY, 1);
	printf("the producer sleeps on empty, and nobody holds the mutex (value %d)\n",
		lesson_value(set, MUTEX));
	consumer = lesson_child(consume, set);

	is_done = lesson_wait(producer);
	is_done = lesson_wait(consumer) && is_done;
	if (is_done)
		printf("both are done: %d images went across, %d slots are free again\n", IMAGES,
			lesson_value(set, EMPTY));
	return is_done ? 0 : 1;
}

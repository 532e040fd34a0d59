/*
 * 06-order-wrong.c - P(mutex) before P(empty): a deadlock. Its twin is 06-order-right.c.
 *
 *	cc -std=c17 -pedantic -o order-wrong 06-order-wrong.c lesson.c
 *	./order-wrong
 *
 * The producer takes the mutex and then sleeps until a slot is free. The consumer, which could
 * free one, sleeps until the mutex is free. Each holds what the other one needs.
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
		if (!P(set, MUTEX, 0))
			return;
		if (!P(set, EMPTY, 0)) /* the mistake: it may sleep here, and holds the mutex */
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
	bool is_deadlock;
	int set;

	lesson_start();
	set = lesson_create_set(IPC_PRIVATE, SEMAPHORES);
	set_values(set);

	/* The unlucky timing is forced: the consumer starts when the buffer is full. */
	producer = lesson_child(produce, set);
	lesson_wait_sleepers(set, EMPTY, 1);
	printf("the producer sleeps on empty, and holds the mutex (value %d)\n",
		lesson_value(set, MUTEX));
	consumer = lesson_child(consume, set);
	lesson_wait_sleepers(set, MUTEX, 1);
	printf("the consumer sleeps on mutex\n");

	/* Both sleep, and there is no other process that could wake them. */
	is_deadlock = lesson_sleepers(set, EMPTY) == 1 && lesson_sleepers(set, MUTEX) == 1;
	printf("%s\n", is_deadlock ? "DEADLOCK: both sleep, for ever" : "no deadlock");
	lesson_kill(producer);
	lesson_kill(consumer);
	return is_deadlock ? 0 : 1;
}

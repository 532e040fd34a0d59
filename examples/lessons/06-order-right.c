/*
 * 06-order-right.c - P(empty) before P(mutex): no deadlock. Its twin is 06-order-wrong.c.
 *
 *	cc -o order-right 06-order-right.c lesson.c
 *	./order-right
 *
 * First wait for what may take long, with nothing in your hands; take the mutex last, and hold it
 * only for what never sleeps.
 */
#include <stdio.h>
#include <sys/ipc.h>

#include "lesson.h"

enum { MUTEX, EMPTY, FULL, SEMAPHORES };
enum { SLOTS = 2, IMAGES = 1000 };

static void produce(int set)
{
	for (int image = 0; image < IMAGES; image++) {
		P(set, EMPTY, 0); /* it may sleep here, and holds nothing */
		P(set, MUTEX, 0);
		V(set, MUTEX, 0);
		V(set, FULL, 0);
	}
}

static void consume(int set)
{
	for (int image = 0; image < IMAGES; image++) {
		P(set, FULL, 0);
		P(set, MUTEX, 0);
		V(set, MUTEX, 0);
		V(set, EMPTY, 0);
	}
}

static void open_for_business(int set)
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
	open_for_business(set);

	/* The bad luck is made certain: the consumer comes when the buffer is full. */
	producer = lesson_child(produce, set);
	while (lesson_sleepers(set, EMPTY) == 0 && !lesson_interrupted())
		lesson_sleep_ms(1);
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

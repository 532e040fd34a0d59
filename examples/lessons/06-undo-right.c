/*
 * 06-undo-right.c - what is delivered stays, and what is not delivered is given back. Its twin is
 * 06-undo-wrong.c.
 *
 *	cc -std=c17 -pedantic -o undo-right 06-undo-right.c lesson.c
 *	./undo-right
 *
 * While the producer fills its slot, the kernel would give the slot back if the producer died. The
 * semop that delivers ends that: `empty +1 with undo, -1 without` leaves the value as it is, and sets
 * the kernel's note back to 0. Vitrine's publish does the same.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sem.h>

#include "lesson.h"

enum { EMPTY, FULL, SEMAPHORES };
enum { SLOTS = 4 };

static void show(int set, const char *when)
{
	printf("%-30s empty %d, full %d\n", when, lesson_value(set, EMPTY),
		lesson_value(set, FULL));
}

static void produce(int set)
{
	struct sembuf deliver[] = {
		{.sem_num = EMPTY, .sem_op = +1, .sem_flg = SEM_UNDO}, /* the note is 0 again ... */
		{.sem_num = EMPTY, .sem_op = -1}, /* ... and the slot stays taken */
		{.sem_num = FULL, .sem_op = +1},
	};

	if (!P(set, EMPTY, SEM_UNDO))
		return;
	if (semop(set, deliver, 3) < 0)
		lesson_fail("semop");
	show(set, "the image is delivered:");
}

/* Killed after it took a slot and before the delivery. */
static void die(int set)
{
	if (!P(set, EMPTY, SEM_UNDO))
		return;
	show(set, "another one fills a slot:");
	raise(SIGKILL);
}

int main(void)
{
	int set;

	lesson_start();
	set = lesson_create_set(IPC_PRIVATE, SEMAPHORES);
	for (int slot = 0; slot < SLOTS; slot++)
		V(set, EMPTY, 0);
	show(set, "at first:");

	if (!lesson_wait(lesson_child(produce, set)))
		return EXIT_FAILURE;
	show(set, "the producer has ended:");
	lesson_wait(lesson_child(die, set));
	show(set, "kill -9 of that one:");
	if (lesson_value(set, FULL) != 1 || lesson_value(set, EMPTY) != SLOTS - 1)
		return EXIT_FAILURE;
	printf("the image is still there, and the slot of the dead is free again\n");
	return EXIT_SUCCESS;
}

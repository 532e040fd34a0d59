/*
 * 06-undo-wrong.c - SEM_UNDO on the wrong semaphore takes a delivered image back. Its twin is
 * 06-undo-right.c.
 *
 *	cc -std=c17 -pedantic -o undo-wrong 06-undo-wrong.c lesson.c
 *	./undo-wrong
 *
 * When a process ends, SEM_UNDO takes back what it did to the value. That is right for a change that
 * the process will take back itself, as with a mutex. It is wrong for a change that must last.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
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
	if (!P(set, EMPTY, SEM_UNDO)) /* takes a free slot: if we die, it must be free again */
		return;
	if (!V(set, FULL, SEM_UNDO)) /* the mistake: an image is delivered, and that must last */
		return;
	show(set, "the image is delivered:");
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
	if (lesson_value(set, FULL) != 0)
		return EXIT_FAILURE;
	printf("GONE: the producer ended normally, and the kernel took its image back\n");
	return EXIT_SUCCESS;
}

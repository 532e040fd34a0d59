/*
 * 06-undo-wrong.c - SEM_UNDO on the wrong semaphore un-delivers an image. Its twin is
 * 06-undo-right.c.
 *
 *	cc -o undo-wrong 06-undo-wrong.c lesson.c
 *	./undo-wrong
 *
 * SEM_UNDO takes back, when a process ends, whatever it did to the value. That is right for what one
 * borrows and gives back, like a mutex. It is wrong for what one gives away.
 */
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
	P(set, EMPTY, SEM_UNDO); /* takes a free slot: if we die, it is to be free again */
	V(set, FULL, SEM_UNDO);  /* the mistake: an image is delivered, and that is to last */
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
	printf("GONE: the producer ended in peace, and the kernel took its image back\n");
	return EXIT_SUCCESS;
}

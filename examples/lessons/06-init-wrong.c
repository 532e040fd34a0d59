/*
 * 06-init-wrong.c - the initialisation race: a count is lost. Its twin is 06-init-right.c.
 *
 *	cc -std=c17 -pedantic -o init-wrong 06-init-wrong.c lesson.c
 *	./init-wrong
 *
 * Creating a set and setting its values are two calls. A program that finds the set in between
 * believes that it is ready. Whatever it counts is wiped out when the first program then sets the
 * values.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/sem.h>

#include "lesson.h"

enum { EMPTY, FULL, SEMAPHORES };
enum { SLOTS = 4 };

/* The second program: finds the set, and delivers an image. */
static void deliver(int key)
{
	int set = semget((key_t)key, SEMAPHORES, 0);

	if (set < 0)
		lesson_fail("semget");
	printf("the second program finds the set, and delivers an image\n");
	V(set, FULL, 0); /* the mistake: is the set ready? */
}

/* The creator's second half: all values at once. */
static void initialise(int set)
{
	unsigned short values[SEMAPHORES] = {[EMPTY] = SLOTS, [FULL] = 0};
	union semun all = {.array = values};

	if (semctl(set, 0, SETALL, all) < 0)
		lesson_fail("semctl SETALL");
}

int main(int argc, char **argv)
{
	key_t key = lesson_key(argc, argv, 1);
	int set, before, after;

	lesson_start();
	printf("the first program makes the set ...\n");
	set = lesson_create_set(key, SEMAPHORES);

	/* The unlucky timing is forced: the second program runs now, to its end. */
	if (!lesson_wait(lesson_child(deliver, key)))
		return EXIT_FAILURE;
	before = lesson_value(set, FULL);
	printf("full is %d\n", before);

	printf("... and the first program sets the values\n");
	initialise(set);
	after = lesson_value(set, FULL);
	printf("full is %d\n", after);
	if (before != 1 || after != 0)
		return EXIT_FAILURE;
	printf("LOST: one image was delivered, and no consumer will ever wake up for it\n");
	return EXIT_SUCCESS;
}

/*
 * 05-undo.c - kill -9 of a program that holds a semaphore: without SEM_UNDO, and with it.
 *
 *	cc -std=c17 -pedantic -o undo 05-undo.c lesson.c
 *	./undo
 *
 * Without it the mutex stays taken by a process that no longer exists, and the next process that
 * wants it sleeps for ever. With it the kernel, when the process ends, does the opposite of what it
 * did.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sem.h>

#include "lesson.h"

enum { MUTEX, SEMAPHORES };

static void die_without(int set)
{
	if (!P(set, MUTEX, 0))
		return;
	printf("  a program takes it:  mutex %d\n", lesson_value(set, MUTEX));
	raise(SIGKILL);
}

static void die_with(int set)
{
	if (!P(set, MUTEX, SEM_UNDO))
		return;
	printf("  a program takes it:  mutex %d\n", lesson_value(set, MUTEX));
	raise(SIGKILL);
}

/* The value that is left. */
static int play(int set, const char *how, void (*die)(int))
{
	printf("%s\n  at first:            mutex %d\n", how, lesson_value(set, MUTEX));
	lesson_wait(lesson_child(die, set));
	printf("  kill -9:             mutex %d\n", lesson_value(set, MUTEX));
	return lesson_value(set, MUTEX);
}

int main(void)
{
	int set, without, with;

	lesson_start();
	set = lesson_create_set(IPC_PRIVATE, SEMAPHORES);
	V(set, MUTEX, 0);
	without = play(set, "without SEM_UNDO", die_without);
	V(set, MUTEX, 0); /* correct it by hand */
	with = play(set, "with SEM_UNDO", die_with);
	return without == 0 && with == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}

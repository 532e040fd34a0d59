/*
 * 05-undo.c - kill -9 of a program that holds a semaphore: without SEM_UNDO, and with it.
 *
 *	cc -o undo 05-undo.c lesson.c
 *	./undo
 *
 * Without it the mutex stays taken by a process that is no longer there, and whoever comes next
 * sleeps for ever. With it the kernel, when the process ends, does the opposite of what it did.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sem.h>

#include "lesson.h"

enum { MUTEX, SEMAPHORES };

static void die_without(int set)
{
	P(set, MUTEX, 0);
	printf("  a program takes it:  mutex %d\n", lesson_value(set, MUTEX));
	raise(SIGKILL);
}

static void die_with(int set)
{
	P(set, MUTEX, SEM_UNDO);
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
	V(set, MUTEX, 0); /* mend it by hand */
	with = play(set, "with SEM_UNDO", die_with);
	return without == 0 && with == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}

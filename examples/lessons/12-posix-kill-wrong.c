/*
 * 12-posix-kill-wrong.c - kill -9 of a process that holds a POSIX semaphore: it stays taken for ever.
 * Its twin is 12-posix-kill-right.c; 05-undo.c does the same with System V.
 *
 *	cc -g -std=c17 -pedantic -pthread -o posix-kill-wrong 12-posix-kill-wrong.c lesson.c
 *	./posix-kill-wrong
 *
 * A POSIX semaphore is a number in shared memory. The kernel is asked only when a process must sleep;
 * it does not know who took what, so it cannot give anything back. There is no SEM_UNDO.
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lesson.h"

static sem_t *mutex; /* in shared memory */

static int value(void)
{
	int number;

	sem_getvalue(mutex, &number);
	return number;
}

static void die(int unused)
{
	(void)unused;
	sem_wait(mutex);
	printf("a program takes it:  mutex %d\n", value());
	raise(SIGKILL);
}

int main(void)
{
	struct timespec end;
	int error;

	lesson_start();
	mutex = lesson_share(sizeof(*mutex));
	sem_init(mutex, 1, 1); /* 1: processes share it */
	printf("at first:            mutex %d\n", value());
	lesson_wait(lesson_child(die, 0));
	printf("kill -9:             mutex %d\n", value());

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec++;
	error = sem_timedwait(mutex, &end) == 0 ? 0 : errno;
	printf("STUCK: the next program waits a second: %s\n", strerror(error));
	return error == ETIMEDOUT ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * 12-posix-kill-right.c - kill -9 of a process that holds a robust mutex: the next one is told. Its
 * twin is 12-posix-kill-wrong.c.
 *
 *	cc -g -std=c17 -pedantic -pthread -o posix-kill-right 12-posix-kill-right.c lesson.c
 *	./posix-kill-right
 *
 * A mutex knows its owner. If it is robust and the owner dies, the next pthread_mutex_lock() returns
 * EOWNERDEAD: that process has the mutex now, and must first put the shared data in order. It is only
 * for mutexes: nothing brings back what was taken from a counting semaphore such as `empty`.
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson.h"

static pthread_mutex_t *mutex; /* in shared memory */

static void die(int unused)
{
	(void)unused;
	pthread_mutex_lock(mutex);
	printf("a program locks the mutex, and is killed\n");
	raise(SIGKILL);
}

int main(void)
{
	pthread_mutexattr_t attributes;
	int error;

	lesson_start();
	mutex = lesson_share(sizeof(*mutex));
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(mutex, &attributes);
	lesson_wait(lesson_child(die, 0));

	error = pthread_mutex_lock(mutex);
	printf("the next program locks it: %s (%s)\n", strerror(error),
		error == EOWNERDEAD ? "EOWNERDEAD" : "not EOWNERDEAD");
	if (error != EOWNERDEAD)
		return EXIT_FAILURE;
	pthread_mutex_consistent(mutex); /* after the shared data is in order */
	pthread_mutex_unlock(mutex);
	error = pthread_mutex_lock(mutex);
	printf("after pthread_mutex_consistent(): %s\n", strerror(error));
	return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

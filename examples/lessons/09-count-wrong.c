/*
 * 09-count-wrong.c - two processes count together; one update may be lost.
 *
 *	cc -g -std=c17 -pedantic -o count-wrong 09-count-wrong.c lesson.c
 *	vitrine check -- ./count-wrong
 *
 * Each access to the counter is protected, but the mutex is given back between reading and writing. If
 * the other process runs in between, both write the same number. Nearly all runs go well, so a test does
 * not see it. Its twin is 09-count-right.c.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>

#include "lesson.h"

enum { MUTEX, SEMAPHORES };

static int *counter; /* in the segment */

static void count(int set)
{
	int number;

	if (!P(set, MUTEX, 0))
		return;
	number = *counter;
	if (!V(set, MUTEX, 0)) /* the mistake: the counter may change now */
		return;
	number++;
	if (!P(set, MUTEX, 0))
		return;
	*counter = number;
	V(set, MUTEX, 0);
}

int main(void)
{
	pid_t one, other;
	bool are_done;
	int set;

	lesson_start();
	counter = lesson_share(sizeof(*counter));
	set = lesson_create_set(IPC_PRIVATE, SEMAPHORES);
	V(set, MUTEX, 0);
	one = lesson_child(count, set);
	other = lesson_child(count, set);
	are_done = lesson_wait(one);
	are_done = lesson_wait(other) && are_done;
	printf("two processes added 1 each: %d\n", *counter);
	return are_done && *counter == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}

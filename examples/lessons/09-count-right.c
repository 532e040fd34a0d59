/*
 * 09-count-right.c - two processes count together; no update is lost.
 *
 *	cc -g -std=c17 -pedantic -o count-right 09-count-right.c lesson.c
 *	vitrine check -- ./count-right
 *
 * The mutex is held from reading to writing. vitrine check tries every schedule, and each of them ends
 * with the right number. Its twin is 09-count-wrong.c.
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
	if (!P(set, MUTEX, 0))
		return;
	*counter = *counter + 1;
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

/*
 * 11-philosophers-right.c - five philosophers, five forks; each needs two forks to eat. All eat.
 *
 *	cc -g -std=c17 -pedantic -o philosophers-right 11-philosophers-right.c lesson.c
 *	vitrine xray -- ./philosophers-right
 *
 * Each takes the fork with the lower number first. So the last philosopher reaches for the same fork
 * as the first one, and the circle cannot close. Its twin is 11-philosophers-wrong.c.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>

#include "lesson.h"

enum { PHILOSOPHERS = 5 };

static int set; /* of forks: fork i lies to the left of philosopher i */

static void eat(int philosopher)
{
	int first = philosopher, second = (philosopher + 1) % PHILOSOPHERS;

	if (second < first) {
		first = second;
		second = philosopher;
	}
	if (!P(set, (unsigned short)first, 0))
		return;
	lesson_sleep_ms(200); /* the unlucky timing: all of them reach for their first fork */
	if (!P(set, (unsigned short)second, 0))
		return;
	printf("philosopher %d eats\n", philosopher);
	V(set, (unsigned short)second, 0);
	V(set, (unsigned short)first, 0);
}

int main(void)
{
	pid_t philosophers[PHILOSOPHERS];
	int fed = 0;

	lesson_start();
	set = lesson_create_set(IPC_PRIVATE, PHILOSOPHERS);
	for (int fork = 0; fork < PHILOSOPHERS; fork++)
		V(set, (unsigned short)fork, 0);
	for (int i = 0; i < PHILOSOPHERS; i++)
		philosophers[i] = lesson_child(eat, i);
	for (int i = 0; i < PHILOSOPHERS; i++)
		fed += lesson_wait(philosophers[i]);
	printf("%d philosophers have eaten\n", fed);
	return fed == PHILOSOPHERS ? EXIT_SUCCESS : EXIT_FAILURE;
}

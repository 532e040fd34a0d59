/*
 * 10-readers-right.c - readers and writers: several readers may be in the room at once, a writer only
 * alone. Nobody starves.
 *
 *	cc -g -std=c17 -pedantic -o readers-right 10-readers-right.c lesson.c
 *	./readers-right
 *
 * All pass a turnstile, a semaphore of value 1. A writer that waits for the room holds it, so no more
 * readers come in, and the room becomes free. Its twin is 10-readers-wrong.c.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>

#include "lesson.h"

enum { MUTEX, ROOM, TURNSTILE, SEMAPHORES };
enum { READS = 300, PATIENCE_MS = 20 };

static volatile struct {
	int readers; /* in the room; protected by the mutex */
	int entered; /* how often a reader came in; the same */
	int reads;   /* how often one left; the same */
} * shared;

static bool enter(int set)
{
	if (!P(set, TURNSTILE, 0) || !V(set, TURNSTILE, 0)) /* not while a writer waits */
		return false;
	if (!P(set, MUTEX, 0))
		return false;
	if (++shared->readers == 1 && !P(set, ROOM, 0)) /* the first one keeps writers out */
		return false;
	shared->entered++;
	return V(set, MUTEX, 0);
}

static bool leave(int set)
{
	if (!P(set, MUTEX, 0))
		return false;
	shared->reads++;
	if (--shared->readers == 0 && !V(set, ROOM, 0)) /* the last one lets a writer in */
		return false;
	return V(set, MUTEX, 0);
}

/* The unlucky timing is forced: a reader leaves when another one has come after it, if one can come. */
static void read_often(int set)
{
	while (shared->reads < READS && enter(set)) {
		int entered = shared->entered;

		for (int ms = 0; ms < PATIENCE_MS && shared->entered == entered; ms++)
			lesson_sleep_ms(1);
		if (!leave(set))
			return;
	}
}

static void write_once(int set)
{
	int before, waited;

	while (shared->reads < 9 && !lesson_interrupted())
		lesson_sleep_ms(1);
	before = shared->reads;
	printf("the writer wants the room\n");
	if (!P(set, TURNSTILE, 0) || !P(set, ROOM, 0))
		return;
	waited = shared->reads - before;
	printf("it got in after %d more reads\n", waited);
	V(set, TURNSTILE, 0);
	V(set, ROOM, 0);
	exit(waited < READS / 2 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int main(void)
{
	pid_t one, other, writer;
	bool is_as_told;
	int set;

	lesson_start();
	shared = lesson_share(sizeof(*shared));
	set = lesson_create_set(IPC_PRIVATE, SEMAPHORES);
	for (int semaphore = 0; semaphore < SEMAPHORES; semaphore++)
		V(set, (unsigned short)semaphore, 0);
	one = lesson_child(read_often, set);
	other = lesson_child(read_often, set);
	writer = lesson_child(write_once, set);
	is_as_told = lesson_wait(writer);
	lesson_wait(one);
	lesson_wait(other);
	return is_as_told ? EXIT_SUCCESS : EXIT_FAILURE;
}

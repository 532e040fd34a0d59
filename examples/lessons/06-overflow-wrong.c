/*
 * 06-overflow-wrong.c - SEM_UNDO on one side only: an error after 32,767 images. Its twin is
 * 06-overflow-right.c.
 *
 *	cc -std=c17 -pedantic -o overflow-wrong 06-overflow-wrong.c lesson.c
 *	./overflow-wrong
 *
 * The consumer takes from `full` with SEM_UNDO, the producer adds to it without. The kernel keeps
 * one number for the consumer: how much to give back to `full` when it ends. Each image adds 1 to it,
 * nothing ever takes 1 away, and it cannot be larger than 32,767.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>

#include "lesson.h"

enum { EMPTY, FULL, SEMAPHORES };
enum { LIMIT = 32767, ENOUGH = 100000 };

static void produce(int set)
{
	for (;;) {
		if (!P(set, EMPTY, 0) || !V(set, FULL, 0))
			return;
	}
}

static void consume(int set)
{
	struct sembuf take = {.sem_num = FULL, .sem_op = -1, .sem_flg = SEM_UNDO}; /* the mistake */
	int images = 0;

	while (images < ENOUGH && semop(set, &take, 1) == 0) {
		V(set, EMPTY, 0);
		images++;
	}
	printf("%d images are taken; the next one: %s (%s)\n", images, strerror(errno),
		errno == ERANGE ? "ERANGE" : "not ERANGE");
	exit(images == LIMIT && errno == ERANGE ? EXIT_SUCCESS : EXIT_FAILURE);
}

int main(void)
{
	pid_t producer;
	bool is_as_told;
	int set, full;

	lesson_start();
	set = lesson_create_set(IPC_PRIVATE, SEMAPHORES);
	V(set, EMPTY, 0);
	producer = lesson_child(produce, set);
	is_as_told = lesson_wait(lesson_child(consume, set));
	lesson_kill(producer);
	if (!is_as_told)
		return EXIT_FAILURE;

	/* When the consumer ended, the kernel gave back to `full` all that it had ever taken. */
	full = lesson_value(set, FULL);
	printf("GHOSTS: full is %d, and one image waits\n", full);
	return full > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}

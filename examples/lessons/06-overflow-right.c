/*
 * 06-overflow-right.c - the kernel's note goes back to 0 with each image. Its twin is
 * 06-overflow-wrong.c.
 *
 *	cc -std=c17 -pedantic -o overflow-right 06-overflow-right.c lesson.c
 *	./overflow-right
 *
 * While the consumer reads, the kernel would give the image back if the consumer died. When it has
 * read, one semop frees the slot and ends that: `full +1 with undo, -1 without`. So the number that
 * the kernel keeps goes from 1 back to 0 with each image, and never grows. Vitrine's release does the
 * same.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/sem.h>

#include "lesson.h"

enum { EMPTY, FULL, SEMAPHORES };
enum { ENOUGH = 100000 };

static void produce(int set)
{
	for (int image = 0; image < ENOUGH; image++) {
		if (!P(set, EMPTY, 0) || !V(set, FULL, 0))
			return;
	}
}

static void consume(int set)
{
	struct sembuf take = {.sem_num = FULL, .sem_op = -1, .sem_flg = SEM_UNDO};
	struct sembuf release[] = {
		{.sem_num = FULL, .sem_op = +1, .sem_flg = SEM_UNDO}, /* the note is 0 again ... */
		{.sem_num = FULL, .sem_op = -1}, /* ... and the image stays taken */
		{.sem_num = EMPTY, .sem_op = +1},
	};
	int images = 0;

	while (images < ENOUGH && semop(set, &take, 1) == 0 && semop(set, release, 3) == 0)
		images++;
	if (images < ENOUGH)
		lesson_fail("semop");
	printf("%d images are taken\n", images);
}

int main(void)
{
	pid_t producer, consumer;
	bool are_done;
	int set, full;

	lesson_start();
	set = lesson_create_set(IPC_PRIVATE, SEMAPHORES);
	V(set, EMPTY, 0);
	producer = lesson_child(produce, set);
	consumer = lesson_child(consume, set);
	are_done = lesson_wait(consumer);
	are_done = lesson_wait(producer) && are_done;
	if (!are_done)
		return EXIT_FAILURE;

	full = lesson_value(set, FULL);
	printf("both have ended: full is %d, and no image waits\n", full);
	return full == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

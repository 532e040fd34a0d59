/*
 * 06-init-right.c - a set that says when it is ready. Its twin is 06-init-wrong.c.
 *
 *	cc -std=c17 -pedantic -o init-right 06-init-right.c lesson.c
 *	./init-right
 *
 * The kernel notes in sem_otime when the last semop was made; it is 0 in a new set, and semctl leaves
 * it so. So the creator sets the values by a semop, and the others wait until sem_otime is not 0.
 * (Vitrine does the same: "begin" and "init" in docs/protocol.md.)
 *
 * They ask again and again, which is busy waiting, and usually wrong. It is the exception: before the
 * values are set there is no semaphore to sleep on, and it takes microseconds. It must have an end,
 * because a creator that was killed in between will never set the values.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/sem.h>
#include <unistd.h>

#include "lesson.h"

enum { EMPTY, FULL, SEMAPHORES };
enum { SLOTS = 4, LOOKS_MOST = 1000 };

static int looked[2]; /* a pipe: the second program says that it has looked once */

static bool is_ready(int set)
{
	struct semid_ds state;
	union semun info = {.buf = &state};

	if (semctl(set, 0, IPC_STAT, info) < 0)
		lesson_fail("semctl IPC_STAT");
	return state.sem_otime != 0;
}

/* The second program: finds the set, waits until it is ready, and delivers an image. */
static void deliver(int key)
{
	int set = semget((key_t)key, SEMAPHORES, 0);

	if (set < 0)
		lesson_fail("semget");
	if (!is_ready(set))
		printf("the second program finds the set: sem_otime is 0, so it waits\n");
	close(looked[1]);
	for (int look = 0; !is_ready(set) && !lesson_interrupted(); look++) {
		if (look == LOOKS_MOST) {
			fprintf(stderr, "its creator seems to have been killed: remove the set\n");
			exit(EXIT_FAILURE);
		}
		lesson_sleep_ms(10);
	}
	printf("the second program sees that it is ready, and delivers an image\n");
	V(set, FULL, 0);
}

/* The creator's second half: one semop. SETALL would wipe out what others did. */
static void initialise(int set)
{
	struct sembuf values[] = {{.sem_num = EMPTY, .sem_op = SLOTS}};

	if (semop(set, values, 1) < 0)
		lesson_fail("semop");
}

int main(int argc, char **argv)
{
	key_t key = lesson_key(argc, argv, 1);
	pid_t second;
	char none;
	int set;

	lesson_start();
	if (pipe(looked) < 0)
		lesson_fail("pipe");
	printf("the first program makes the set ...\n");
	set = lesson_create_set(key, SEMAPHORES);

	/* The same unlucky timing: the second program starts now. read() ends when it has looked. */
	second = lesson_child(deliver, key);
	close(looked[1]);
	if (read(looked[0], &none, 1) < 0)
		lesson_fail("read");

	printf("... and the first program sets the values, by a semop\n");
	initialise(set);
	if (!lesson_wait(second) || lesson_value(set, FULL) != 1)
		return EXIT_FAILURE;
	printf("full is 1: nothing is lost\n");
	return EXIT_SUCCESS;
}

/*
 * 06-leftover-wrong.c - the segment of a dead program is too small for the next one (EINVAL). Its
 * twin is 06-leftover-right.c.
 *
 *	cc -std=c17 -pedantic -o leftover-wrong 06-leftover-wrong.c lesson.c
 *	./leftover-wrong
 *
 * A segment belongs to no process: it stays until it is removed. IPC_CREAT creates nothing if there is
 * one under the key, and a segment never grows.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>

#include "lesson.h"

enum { SMALL = 1 << 20, LARGE = 2 << 20 };

/* Version 1 of a program: makes its segment, and is killed before it can remove it. */
static void version_1(int key)
{
	int shmid = shmget((key_t)key, SMALL, IPC_CREAT | IPC_EXCL | 0600);

	if (shmid < 0)
		lesson_fail("shmget");
	printf("version 1 makes a segment of 1 MiB, and is killed\n");
	raise(SIGKILL);
}

/* Version 2 wants more. Returns its error; 0: it worked. */
static int version_2(key_t key)
{
	if (shmget(key, LARGE, IPC_CREAT | 0600) >= 0) /* the mistake: whose segment is it? */
		return 0;
	return errno;
}

int main(int argc, char **argv)
{
	key_t key = lesson_key(argc, argv, 4);
	struct shmid_ds state;
	int shmid, error;

	lesson_start();
	if (shmget(key, 0, 0) >= 0)
		lesson_key_in_use(key);
	lesson_wait(lesson_child(version_1, key));
	shmid = shmget(key, 0, 0);
	if (shmid < 0 || shmctl(shmid, IPC_STAT, &state) < 0)
		lesson_fail("shmget");
	lesson_remove_segment_later(shmid);
	printf("it is still there: %zu bytes, %lu processes have it attached\n", state.shm_segsz,
		(unsigned long)state.shm_nattch);

	error = version_2(key);
	printf("version 2 asks for 2 MiB: %s (%s)\n", strerror(error),
		error == EINVAL ? "EINVAL" : "not EINVAL");
	if (error != EINVAL)
		return EXIT_FAILURE;
	printf("STUCK: every start fails like this until somebody removes the segment with ipcrm\n");
	return EXIT_SUCCESS;
}

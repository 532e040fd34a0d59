/*
 * 06-leftover-right.c - check what exists under the key before you remove it. Its twin is
 * 06-leftover-wrong.c.
 *
 *	cc -std=c17 -pedantic -o leftover-right 06-leftover-right.c lesson.c
 *	./leftover-right
 *
 * The object may be removed if it belongs to this user, was made by this program, and no process uses
 * it. Between the check and the removal another process could still attach it: docs/protocol.md,
 * "Opening", says how Vitrine closes that gap, too.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/shm.h>
#include <unistd.h>

#include "lesson.h"

enum { SMALL = 1 << 20, LARGE = 2 << 20, MAGIC = 0x1e550006 };

/* True if a segment begins with our mark. */
static bool has_magic(int shmid)
{
	const uint32_t *memory = shmat(shmid, NULL, SHM_RDONLY);
	bool has;

	if (memory == (void *)-1)
		return false;
	has = *memory == MAGIC;
	shmdt(memory);
	return has;
}

/* Why a segment must not be removed; NULL: it is a leftover of ours. Changes nothing. */
static const char *reason_to_keep(int shmid)
{
	struct shmid_ds state = {.shm_nattch = 1};

	/* A process that was just killed may take a moment to detach. This wait has an end, too. */
	for (int look = 0; look < 50 && state.shm_nattch > 0; look++) {
		if (look > 0)
			lesson_sleep_ms(10);
		if (shmctl(shmid, IPC_STAT, &state) < 0)
			return "we may not even look at it";
	}
	if (state.shm_perm.uid != geteuid())
		return "it is another user's";
	if (state.shm_nattch > 0)
		return "a living program uses it";
	if (state.shm_segsz < sizeof(uint32_t) || !has_magic(shmid))
		return "another kind of program made it";
	return NULL;
}

/* A new segment, and only a new one; -1: there is one that must stay. */
static int create(key_t key, size_t size)
{
	int shmid, found;
	const char *reason;

	while ((shmid = shmget(key, size, IPC_CREAT | IPC_EXCL | 0600)) < 0) {
		if (errno != EEXIST)
			lesson_fail("shmget");
		found = shmget(key, 0, 0);
		if (found < 0)
			continue; /* it was removed meanwhile */
		reason = reason_to_keep(found);
		if (reason != NULL) {
			printf("it stays as it is: %s\n", reason);
			return -1;
		}
		printf("a leftover of ours is found and removed\n");
		shmctl(found, IPC_RMID, NULL); /* by id: it is the one that was checked */
	}
	lesson_remove_segment_later(shmid);
	uint32_t *memory = shmat(shmid, NULL, 0);
	if (memory == (void *)-1)
		lesson_fail("shmat");
	*memory = MAGIC;
	return shmid; /* it stays attached, so that others see that it is in use */
}

static void version_1(int key)
{
	if (create((key_t)key, SMALL) < 0)
		return;
	printf("version 1 makes a segment of 1 MiB, and is killed\n");
	raise(SIGKILL);
}

static void version_2_again(int key)
{
	printf("version 2 is started twice\n");
	create((key_t)key, LARGE);
}

int main(int argc, char **argv)
{
	key_t key = lesson_key(argc, argv, 4);

	lesson_start();
	if (shmget(key, 0, 0) >= 0)
		lesson_key_in_use(key);
	lesson_wait(lesson_child(version_1, key));
	if (create(key, LARGE) < 0)
		return EXIT_FAILURE;
	printf("version 2 makes one of 2 MiB\n");
	lesson_wait(lesson_child(version_2_again, key));
	return shmget(key, LARGE, 0) >= 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* buffer.c - see buffer.h. */
#define _XOPEN_SOURCE 700 /* System V IPC */
#include "buffer.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sem.h>
#include <sys/shm.h>

static int shmid, semid;
static atomic_bool has_given_up;

static void fail(const char *call)
{
	perror(call);
	exit(EXIT_FAILURE);
}

/*
 * Linux creates semaphores with the value 0. So a program that finds the set before its creator has
 * set the values sleeps in its first P, and continues when they are set.
 */
struct buffer *buffer_open(void)
{
	struct sembuf values[] = {
		{.sem_num = MUTEX, .sem_op = 1}, {.sem_num = EMPTY, .sem_op = SLOTS}};
	key_t key = ftok(".", 'v'); /* programs that are started in one folder share a buffer */
	void *address;

	shmid = shmget(key, sizeof(struct buffer), IPC_CREAT | 0600);
	if (shmid < 0)
		fail("shmget");
	address = shmat(shmid, NULL, 0);
	if (address == (void *)-1)
		fail("shmat");
	semid = semget(key, SEMAPHORES, IPC_CREAT | IPC_EXCL | 0600);
	if (semid >= 0 && semop(semid, values, 2) != 0)
		fail("semop");
	if (semid < 0 && (errno != EEXIST || (semid = semget(key, SEMAPHORES, 0)) < 0))
		fail("semget");
	return address;
}

/* A program that starts at this moment may lose the buffer that it has just found. */
void buffer_close(struct buffer *buffer)
{
	struct shmid_ds segment;

	shmdt(buffer);
	if (shmctl(shmid, IPC_STAT, &segment) != 0 || segment.shm_nattch > 0 ||
		semctl(semid, FULL, GETVAL) > 0)
		return;
	shmctl(shmid, IPC_RMID, NULL);
	semctl(semid, 0, IPC_RMID);
}

bool P(enum semaphore semaphore)
{
	struct sembuf operation = {.sem_num = (unsigned short)semaphore, .sem_op = -1};

	while (semaphore == MUTEX || !atomic_load(&has_given_up)) {
		if (semop(semid, &operation, 1) == 0)
			return true;
		if (errno != EINTR) /* a signal has ended the sleep */
			fail("semop");
	}
	return false;
}

void V(enum semaphore semaphore)
{
	struct sembuf operation = {.sem_num = (unsigned short)semaphore, .sem_op = 1};

	if (semop(semid, &operation, 1) != 0)
		fail("semop");
}

void buffer_give_up(void)
{
	atomic_store(&has_given_up, true);
}

/*
 * print_queue.c - the assignment of docs/teaching, solved. The test makes the usual mistakes of it.
 */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <stdlib.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MUTEX, EMPTY, FULL, SEMAPHORES };
enum { SLOTS = 2, JOBS = 3 };

static struct {
	int in, out;
	int jobs[SLOTS];
} * queue;
static int set;

static void change(unsigned short semaphore, short amount)
{
	struct sembuf operation = {.sem_num = semaphore, .sem_op = amount};

	if (semop(set, &operation, 1) != 0)
		exit(EXIT_FAILURE);
}

static void put(int job)
{
	change(EMPTY, -1);
	change(MUTEX, -1);
	queue->jobs[queue->in] = job;
	queue->in = (queue->in + 1) % SLOTS;
	change(MUTEX, 1);
	change(FULL, 1);
}

static int get(void)
{
	int job;

	change(FULL, -1);
	change(MUTEX, -1);
	job = queue->jobs[queue->out];
	queue->out = (queue->out + 1) % SLOTS;
	change(MUTEX, 1);
	change(EMPTY, 1);
	return job;
}

int main(void)
{
	int segment = shmget(IPC_PRIVATE, sizeof(*queue), IPC_CREAT | 0600);

	set = semget(IPC_PRIVATE, SEMAPHORES, IPC_CREAT | 0600);
	queue = shmat(segment, NULL, 0);
	change(MUTEX, 1);
	change(EMPTY, SLOTS);
	if (fork() == 0) {
		for (int i = 0; i < JOBS; i++)
			printf("%d\n", get());
		return EXIT_SUCCESS;
	}
	for (int job = 1; job <= JOBS; job++)
		put(job);
	wait(NULL);
	semctl(set, 0, IPC_RMID);
	shmctl(segment, IPC_RMID, NULL);
	return EXIT_SUCCESS;
}

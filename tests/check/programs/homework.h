/*
 * homework.h - what each of these small programs would write again: a set, a segment, P and V, and
 * children. Everything is private to the program, and removed at its end.
 */
#ifndef VITRINE_TESTS_HOMEWORK_H
#define VITRINE_TESTS_HOMEWORK_H

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

static int set, segment;
static volatile int *shared; /* 16 numbers, all 0 at the beginning */

static inline int change_of(int id, int semaphore, int by, int flags)
{
	struct sembuf operation = {(unsigned short)semaphore, (short)by, (short)flags};

	return semop(id, &operation, 1);
}

static inline int change(int semaphore, int by, int flags)
{
	return change_of(set, semaphore, by, flags);
}

static inline void P(int semaphore)
{
	while (change(semaphore, -1, 0) < 0)
		if (errno != EINTR)
			exit(3);
}

static inline void V(int semaphore)
{
	if (change(semaphore, 1, 0) < 0)
		exit(3);
}

static inline int make_set(int count, const unsigned short *values)
{
	int id = semget(IPC_PRIVATE, count, 0600);

	if (id < 0 || semctl(id, 0, SETALL, values) < 0)
		exit(2);
	return id;
}

static inline void make_segment(void)
{
	segment = shmget(IPC_PRIVATE, 16 * sizeof(int), 0600);
	shared = shmat(segment, NULL, 0);
	if (segment < 0 || shared == (void *)-1)
		exit(2);
}

/* make(1, 2, 0): a set with these values, and a segment. */
#define make(...)                                                                                  \
	do {                                                                                       \
		const unsigned short values_[] = {__VA_ARGS__};                                    \
		set = make_set((int)(sizeof(values_) / sizeof(values_[0])), values_);              \
		make_segment();                                                                    \
	} while (0)

/* A child that does `work` and ends. */
static inline void child(void (*work)(void))
{
	if (fork() == 0) {
		work();
		exit(0);
	}
}

/* Waits for this many children, and removes what was made. Returns the worst exit status. */
static inline int finish(int children)
{
	int status, worst = 0;

	while (children > 0) {
		if (wait(&status) < 0 && errno == EINTR)
			continue;
		children--;
		if (WIFEXITED(status) && WEXITSTATUS(status) > worst)
			worst = WEXITSTATUS(status);
	}
	semctl(set, 0, IPC_RMID);
	shmctl(segment, IPC_RMID, NULL);
	return worst;
}

#endif

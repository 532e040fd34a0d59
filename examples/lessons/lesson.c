/* lesson.c - see lesson.h. */
#include "lesson.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;
static pid_t owner; /* of what is removed at the end: a child that fails must leave it */

static void interrupt(int number)
{
	interrupted = number;
}

void lesson_start(void)
{
	const struct sigaction action = {.sa_handler = interrupt}; /* no SA_RESTART: sleeps end */

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	setlinebuf(stdout);
	owner = getpid();
}

bool lesson_interrupted(void)
{
	return interrupted != 0;
}

void lesson_fail(const char *what)
{
	if (!lesson_interrupted())
		perror(what);
	exit(EXIT_FAILURE);
}

/* ---- objects that are removed at the end ---------------------------------------------------- */

static void remove_set(int status, void *semid)
{
	(void)status;
	if (getpid() == owner)
		semctl((int)(intptr_t)semid, 0, IPC_RMID);
}

static void remove_segment(int status, void *shmid)
{
	(void)status;
	if (getpid() == owner)
		shmctl((int)(intptr_t)shmid, IPC_RMID, NULL);
}

key_t lesson_key(int argc, char **argv, int number)
{
	if (argc > 1)
		return (key_t)strtoul(argv[1], NULL, 0);
	return (key_t)(0x77600000u | (getuid() & 0xffff) << 4 | (unsigned)number);
}

void lesson_key_in_use(key_t key)
{
	fprintf(stderr,
		"key 0x%08x is in use: this lesson runs already, or it is somebody else's (ipcs shows "
		"whose). Give another key, as a number\n",
		(unsigned)key);
	exit(EXIT_FAILURE);
}

int lesson_create_set(key_t key, int count)
{
	int semid = semget(key, count, IPC_CREAT | IPC_EXCL | 0600);

	if (semid < 0 && errno == EEXIST)
		lesson_key_in_use(key);
	if (semid < 0)
		lesson_fail("semget");
	on_exit(remove_set, (void *)(intptr_t)semid);
	return semid;
}

void lesson_remove_later(int shmid)
{
	on_exit(remove_segment, (void *)(intptr_t)shmid);
}

/* ---- semaphores ----------------------------------------------------------------------------- */

static bool add(int semid, unsigned short semaphore, short change, short flags)
{
	struct sembuf operation = {.sem_num = semaphore, .sem_op = change, .sem_flg = flags};

	if (!lesson_interrupted() && semop(semid, &operation, 1) == 0)
		return true;
	if (!lesson_interrupted())
		lesson_fail("semop");
	return false;
}

bool P(int semid, unsigned short semaphore, short flags)
{
	return add(semid, semaphore, -1, flags);
}

bool V(int semid, unsigned short semaphore, short flags)
{
	return add(semid, semaphore, +1, flags);
}

int lesson_value(int semid, int semaphore)
{
	int value = semctl(semid, semaphore, GETVAL);

	if (value < 0)
		lesson_fail("semctl GETVAL");
	return value;
}

int lesson_sleepers(int semid, int semaphore)
{
	int count = semctl(semid, semaphore, GETNCNT);

	if (count < 0)
		lesson_fail("semctl GETNCNT");
	return count;
}

/* ---- processes ------------------------------------------------------------------------------ */

pid_t lesson_child(void (*play)(int id), int id)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		lesson_fail("fork");
	if (child > 0)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		play(id);
	exit(lesson_interrupted() ? EXIT_FAILURE : EXIT_SUCCESS);
}

static bool ended_well(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

bool lesson_end(pid_t child)
{
	int status = 0;

	/* More than once: a signal that comes just before a sleep does not end the sleep. */
	while (waitpid(child, &status, WNOHANG) == 0) {
		kill(child, SIGTERM);
		lesson_sleep_ms(10);
	}
	return ended_well(status);
}

bool lesson_wait(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) == child)
		return ended_well(status);
	return lesson_end(child); /* Ctrl+C: the child is to end as well */
}

void lesson_kill(pid_t child)
{
	kill(child, SIGKILL);
	lesson_wait(child);
}

void lesson_sleep_ms(int milliseconds)
{
	struct timespec time = {
		.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};

	nanosleep(&time, NULL); /* a signal ends it early; whoever called looks for that */
}

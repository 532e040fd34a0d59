/* lesson.c - see lesson.h. */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include "lesson.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { OBJECTS_MOST = 8 };

static volatile sig_atomic_t interrupted;

/* The objects that are removed at the end, by the process that created them. */
static pid_t owner;
enum kind { SET, SEGMENT, QUEUE };
static struct {
	enum kind kind;
	int id;
} objects[OBJECTS_MOST];
static int object_count;

/*
 * The alarm repeats the interrupt every second: a signal that arrives just before a system call
 * sleeps does not end that sleep.
 */
static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
	alarm(1);
}

static void remove_objects(void)
{
	if (getpid() != owner)
		return; /* a child that fails leaves them to its parent */
	while (object_count > 0) {
		object_count--;
		switch (objects[object_count].kind) {
		case SET: semctl(objects[object_count].id, 0, IPC_RMID); break;
		case SEGMENT: shmctl(objects[object_count].id, IPC_RMID, NULL); break;
		case QUEUE: msgctl(objects[object_count].id, IPC_RMID, NULL); break;
		}
	}
}

void lesson_start(void)
{
	const struct sigaction action = {.sa_handler = interrupt}; /* no SA_RESTART: sleeps end */

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	owner = getpid();
	atexit(remove_objects);
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

/* ---- the command line ----------------------------------------------------------------------- */

int lesson_number(int argc, char **argv, int number, int least, int other)
{
	char *end;
	long value;

	if (argc <= number)
		return other;
	value = strtol(argv[number], &end, 10);
	if (*argv[number] != '\0' && *end == '\0' && value >= least && value <= INT_MAX)
		return (int)value;
	fprintf(stderr, "%s: %s: give a number of at least %d\n", argv[0], argv[number], least);
	exit(2);
}

/*
 * A factor that is odd gives each user and lesson another key, and spreads the keys, so that they
 * are unlikely to meet those of other programs.
 */
key_t lesson_key(int argc, char **argv, unsigned number)
{
	char *end;
	unsigned long key;

	if (argc <= 1)
		return (key_t)((getuid() << 4 | number) * 2654435769U);
	key = strtoul(argv[1], &end, 0);
	if (*argv[1] != '\0' && *end == '\0' && key > 0 && key <= UINT32_MAX)
		return (key_t)key;
	fprintf(stderr, "%s: %s: give a key, such as 0x1234\n", argv[0], argv[1]);
	exit(2);
}

void lesson_key_in_use(key_t key)
{
	fprintf(stderr,
		"key 0x%08x is in use: this lesson is already running, or the object belongs to another "
		"program (ipcs shows its owner). Give another key, as a number\n",
		(unsigned)key);
	exit(EXIT_FAILURE);
}

/* ---- objects -------------------------------------------------------------------------------- */

static void remove_later(enum kind kind, int id)
{
	objects[object_count].kind = kind;
	objects[object_count].id = id;
	object_count++;
}

int lesson_create_set(key_t key, int count)
{
	int semid = semget(key, count, IPC_CREAT | IPC_EXCL | 0600);

	if (semid < 0 && errno == EEXIST)
		lesson_key_in_use(key);
	if (semid < 0)
		lesson_fail("semget");
	remove_later(SET, semid);
	return semid;
}

/* It is marked as removed from the start, so the kernel frees it when the last process has ended. */
void *lesson_share(size_t size)
{
	int shmid = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
	void *address = shmid < 0 ? (void *)-1 : shmat(shmid, NULL, 0);

	if (address == (void *)-1)
		lesson_fail("shared memory");
	shmctl(shmid, IPC_RMID, NULL);
	return address;
}

void lesson_remove_segment_later(int shmid)
{
	remove_later(SEGMENT, shmid);
}

void lesson_remove_queue_later(int msqid)
{
	remove_later(QUEUE, msqid);
}

/* ---- semaphores ----------------------------------------------------------------------------- */

static bool semop_retried(int semid, unsigned short semaphore, short change, short flags)
{
	struct sembuf operation = {.sem_num = semaphore, .sem_op = change, .sem_flg = flags};

	while (!lesson_interrupted()) {
		if (semop(semid, &operation, 1) == 0)
			return true;
		if (errno != EINTR) /* a signal ended the sleep, for example Ctrl+Z and fg */
			lesson_fail("semop");
	}
	return false;
}

bool P(int semid, unsigned short semaphore, short flags)
{
	return semop_retried(semid, semaphore, -1, flags);
}

bool V(int semid, unsigned short semaphore, short flags)
{
	return semop_retried(semid, semaphore, +1, flags);
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

/* Only a program that observes others may ask like this: it would be busy waiting anywhere else. */
bool lesson_wait_sleepers(int semid, int semaphore, int count)
{
	while (lesson_sleepers(semid, semaphore) < count && !lesson_interrupted())
		lesson_sleep_ms(1);
	return !lesson_interrupted();
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

	kill(child, SIGTERM);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return ended_well(status);
}

bool lesson_wait(pid_t child)
{
	int status = 0;

	while (!lesson_interrupted()) {
		if (waitpid(child, &status, 0) == child)
			return ended_well(status);
		if (errno != EINTR)
			return false;
	}
	return lesson_end(child); /* Ctrl+C: the child is to end, too */
}

void lesson_kill(pid_t child)
{
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
}

void lesson_sleep_ms(int milliseconds)
{
	struct timespec time = {
		.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};

	nanosleep(&time, NULL); /* a signal ends it early; the caller looks for that */
}

/*
 * 14-errors.c - the errors that everybody meets, one after the other: each is made on purpose, and the
 * kernel's answer is printed.
 *
 *	cc -g -std=c17 -pedantic -o errors 14-errors.c lesson.c
 *	./errors
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <unistd.h>

#include "lesson.h"

enum { MUTEX, SEMAPHORES };
enum { NOBODY = 65534 };

static key_t key;
static bool is_as_told = true;

/* Prints the error of a call, which must be `wanted`. */
static bool report(const char *what, const char *name, int error, int wanted)
{
	printf("%-7s %s: %s\n", name, what, error == 0 ? "no error" : strerror(error));
	return error == wanted;
}

/* The owner may always do this. IPC_STAT first, as usual, would need permission to read. */
static void set_mode(int set, unsigned short mode)
{
	struct semid_ds state = {.sem_perm = {.uid = geteuid(), .gid = getegid(), .mode = mode}};
	union semun argument = {.buf = &state};

	if (semctl(set, 0, IPC_SET, argument) != 0)
		lesson_fail("semctl IPC_SET");
}

/* Root may do everything, so a process of another user asks. */
static void open_forbidden(int unused)
{
	int error;

	(void)unused;
	if (geteuid() == 0 && setuid(NOBODY) != 0)
		lesson_fail("setuid");
	error = semget(key, SEMAPHORES, 0600) < 0 ? errno : 0;
	exit(report("semget of a set whose mode is 000", "EACCES", error, EACCES) ? 0 : 1);
}

static void open_larger(int set)
{
	int error = semget(key, SEMAPHORES + 4, 0600) < 0 ? errno : 0;

	(void)set;
	is_as_told &= report("semget of 5 semaphores, but the set has 1", "EINVAL", error, EINVAL);
}

static void take(int set)
{
	if (P(set, MUTEX, SEM_UNDO))
		pause();
}

/* SETVAL deletes the undo entries of all processes for this semaphore. */
static void set_value(int set)
{
	union semun zero = {.val = 0};
	pid_t child = lesson_child(take, set);

	while (lesson_value(set, MUTEX) == 1 && !lesson_interrupted())
		lesson_sleep_ms(1);
	semctl(set, MUTEX, SETVAL, zero);
	lesson_kill(child);
	printf("SETVAL  a process took 1 with SEM_UNDO; SETVAL 0; kill -9: the value is %d\n",
		lesson_value(set, MUTEX));
	is_as_told &= lesson_value(set, MUTEX) == 0;
}

static void sleep_and_ask_again(int set)
{
	struct sembuf take_one = {.sem_num = MUTEX, .sem_op = -1};
	int first = semop(set, &take_one, 1) == 0 ? 0 : errno;
	int second = semop(set, &take_one, 1) == 0 ? 0 : errno;
	bool is_so = report("the set is removed while a process sleeps", "EIDRM", first, EIDRM);

	exit(report("its next semop on it", "EINVAL", second, EINVAL) && is_so ? 0 : 1);
}

static void remove_under(int set)
{
	pid_t child = lesson_child(sleep_and_ask_again, set);

	lesson_wait_sleepers(set, MUTEX, 1);
	semctl(set, 0, IPC_RMID);
	is_as_told &= lesson_wait(child);
}

static void create_and_die(int unused)
{
	(void)unused;
	if (semget(key, SEMAPHORES, IPC_CREAT | IPC_EXCL | 0600) >= 0)
		raise(SIGKILL);
}

static void leave_behind(void)
{
	int left;

	lesson_wait(lesson_child(create_and_die, 0));
	left = semget(key, 0, 0);
	printf("LEFT    a program is killed; its set is %s\n", left < 0 ? "gone" : "still there");
	is_as_told &= left >= 0;
	if (left >= 0)
		semctl(left, 0, IPC_RMID);
}

int main(int argc, char **argv)
{
	int set;

	lesson_start();
	key = lesson_key(argc, argv, 14);
	set = lesson_create_set(key, SEMAPHORES);
	V(set, MUTEX, 0);
	set_mode(set, 0);
	is_as_told &= lesson_wait(lesson_child(open_forbidden, 0));
	set_mode(set, 0600);
	open_larger(set);
	set_value(set);
	remove_under(set);
	leave_behind();
	return is_as_told && !lesson_interrupted() ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * lesson.h - what the lesson programs share: P and V, children, and an end that leaves nothing. The
 * calls that a lesson is about stand in the lesson itself.
 *
 * Every program ends with 0 if it showed what it is there to show, else with 1.
 */
#ifndef LESSON_H
#define LESSON_H

#include <stdbool.h>
#include <sys/types.h>

/* What semctl() takes as its fourth argument; the caller has to define it (semctl(2)). */
union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

/* First thing in main: lines come out whole, and Ctrl+C sets a flag instead of ending us. */
void lesson_start(void);
bool lesson_interrupted(void);

/* "what: why" by errno, on standard error; ends the program with 1, or quietly after Ctrl+C. */
_Noreturn void lesson_fail(const char *what);

/* The key that the command line names, else one of this user and of this lesson's `number`. */
key_t lesson_key(int argc, char **argv, int number);

/* Ends the program: something of somebody's lies under the key. */
_Noreturn void lesson_key_in_use(key_t key);

/*
 * A set of so many semaphores, all 0, under a key or IPC_PRIVATE. It is removed when the program
 * that called this ends, on Ctrl+C as well; its children only use it.
 */
int lesson_create_set(key_t key, int count);

/* Has a segment removed at the end in the same way. */
void lesson_remove_later(int shmid);

/*
 * One semop: takes 1 from a semaphore, and sleeps while it is 0; adds 1 to it. `flags` is 0 or
 * SEM_UNDO. false: Ctrl+C came.
 */
bool P(int semid, unsigned short semaphore, short flags);
bool V(int semid, unsigned short semaphore, short flags);

int lesson_value(int semid, int semaphore);
int lesson_sleepers(int semid, int semaphore); /* processes asleep in P() of it */

/* A process that does play(id) and ends. It never outlives this one. */
pid_t lesson_child(void (*play)(int id), int id);

/* Waits for its end; whether that was a good one. */
bool lesson_wait(pid_t child);

/* The same, but asks it to end first (SIGTERM). */
bool lesson_end(pid_t child);

/* kill -9, and waits until the kernel has undone what it held. */
void lesson_kill(pid_t child);

void lesson_sleep_ms(int milliseconds);

#endif

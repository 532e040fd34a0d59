/*
 * lesson.h - what the lesson programs share: P and V, child processes, and an end that leaves nothing
 * behind. The calls that a lesson is about are in the lesson itself.
 *
 * Every program ends with status 0 if it showed what it is meant to show, otherwise with 1.
 */
#ifndef LESSON_H
#define LESSON_H

#include <stdbool.h>
#include <sys/types.h>

/* The fourth argument of semctl(). No header defines it: each program must (semctl(2)). */
union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

/* Call first in main(): output appears line by line, and Ctrl+C sets a flag instead of ending us. */
void lesson_start(void);
bool lesson_interrupted(void);

/* Prints "what: reason" from errno and ends the program with 1; after Ctrl+C it prints nothing. */
_Noreturn void lesson_fail(const char *what);

/*
 * Argument `number` of the command line, which must be a number of at least `least`; `other` if it
 * was not given.
 */
int lesson_number(int argc, char **argv, int number, int least, int other);

/* The key that the command line gives; otherwise one for this user and this lesson's `number`. */
key_t lesson_key(int argc, char **argv, unsigned number);

/* Ends the program because an object exists under the key already. */
_Noreturn void lesson_key_in_use(key_t key);

/*
 * Creates a set of `count` semaphores, all 0, under a key or IPC_PRIVATE. The program that called
 * this removes it when it ends, even by Ctrl+C; its children only use it.
 */
int lesson_create_set(key_t key, int count);

/* Attaches new zeroed memory that this process and its later children share; it removes itself. */
void *lesson_share(size_t size);

/* These objects, too, are removed when this program ends. */
void lesson_remove_segment_later(int shmid);
void lesson_remove_queue_later(int msqid);

/*
 * P takes 1 from a semaphore, and sleeps while it is 0; V adds 1. Each is one semop(). `flags` is 0
 * or SEM_UNDO. false: Ctrl+C was pressed, and nothing was changed.
 *
 * semop() also orders memory: what one process wrote before its V, another one reads after its P.
 */
bool P(int semid, unsigned short semaphore, short flags);
bool V(int semid, unsigned short semaphore, short flags);

int lesson_value(int semid, int semaphore);
int lesson_sleepers(int semid, int semaphore); /* processes asleep in P() of it */

/* Waits until `count` processes sleep in P() of a semaphore. false: Ctrl+C was pressed. */
bool lesson_wait_sleepers(int semid, int semaphore, int count);

/* Starts a process that executes play(id) and ends. It never outlives this one. */
pid_t lesson_child(void (*play)(int id), int id);

/* Waits for its end. true: it ended with status 0. */
bool lesson_wait(pid_t child);

/* Asks it to end (SIGTERM), and waits. */
bool lesson_end(pid_t child);

/* kill -9, and waits until the kernel has undone what it held. */
void lesson_kill(pid_t child);

void lesson_sleep_ms(int milliseconds);

#endif

/*
 * buffer.h - the textbook's bounded buffer: a segment of shared memory with room for four pictures,
 * and three semaphores that make it safe. The books have many names for the two operations:
 *
 *	P  wait    down  acquire	takes 1, or sleeps until it can
 *	V  signal  up    release	gives 1, and wakes a process that waits for it
 *
 * It is as right as the books are, and as fragile: after kill -9 between a P and its V the other
 * program waits for ever, until `ipcrm` removes the buffer.
 */
#ifndef TEXTBOOK_BUFFER_H
#define TEXTBOOK_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

enum semaphore {
	MUTEX, /* 0 while a program uses the buffer, otherwise 1 */
	EMPTY, /* how many slots are free */
	FULL,  /* how many slots hold a picture */
	SEMAPHORES,
};

enum { SLOTS = 4, WIDTH = 640, HEIGHT = 480, PITCH = WIDTH * 4 };

struct buffer {
	int in;  /* the slot for the next picture that comes */
	int out; /* the slot of the next picture to be taken */
	uint32_t pixels[SLOTS][WIDTH * HEIGHT];
};

/* Opens the buffer of this folder, or creates it. On any error these functions end the program. */
struct buffer *buffer_open(void);

/* The last program that closes the buffer removes it, unless pictures wait in it. */
void buffer_close(struct buffer *buffer);

/*
 * Takes 1, or sleeps until it can. False: buffer_give_up() was called, and nothing was taken. P
 * always waits for the mutex, which no program holds for long.
 */
bool P(enum semaphore semaphore);

/* Gives 1. It never sleeps. */
void V(enum semaphore semaphore);

/*
 * From now on P sleeps neither on `empty` nor on `full`. If a thread already sleeps there, also
 * send it a signal, which ends the sleep.
 */
void buffer_give_up(void);

#endif

/*
 * 04-locked.c - shared memory, and the two semaphores that make it safe. Its twin without them is
 * 04-unlocked.c; compare them: diff 04-unlocked.c 04-locked.c
 *
 *	cc -o locked 04-locked.c lesson.c glass.c $(pkg-config --cflags --libs sdl2)
 *	./locked
 *
 * One process paints picture after picture into the memory, band by band; the left window shows what
 * it means. The other looks at the memory; the right window shows what it finds there. The writer may
 * paint while `empty` is 1, the reader look while `full` is 1: never both.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>

#include "04-picture.h"
#include "glass.h"
#include "lesson.h"

enum { PAUSE_MS = 40 };
enum { EMPTY, FULL, SEMAPHORES };

static uint32_t *memory;  /* the segment, in both processes */
static int pictures = 25; /* to be painted */

/* A whole picture, for the window only. */
static bool show_meant(struct glass *glass, int number)
{
	static uint32_t meant[WIDTH * HEIGHT];

	for (int top = 0; top < HEIGHT; top += BAND)
		paint_band(meant, top, number);
	return glass_show(glass, meant, WIDTH, HEIGHT);
}

static void write_pictures(int set)
{
	struct glass *glass = glass_open("written", GLASS_LEFT);
	bool is_open = true;

	for (int number = 1; number <= pictures && is_open && P(set, EMPTY, 0); number++) {
		for (int top = 0; top < HEIGHT && is_open; top += BAND) {
			paint_band(memory, top, number);
			is_open = show_meant(glass, number);
			lesson_sleep_ms(PAUSE_MS); /* so that a slow writer is seen at work */
		}
		if (is_open)
			V(set, FULL, 0);
	}
	if (is_open)
		P(set, EMPTY, 0); /* until the last one was read */
	glass_close(glass);
}

static void read_pictures(int set)
{
	static uint32_t seen[WIDTH * HEIGHT];
	struct glass *glass = glass_open("read", GLASS_RIGHT);
	int looks = 0, torn = 0;

	while (glass_show(glass, seen, WIDTH, HEIGHT) && P(set, FULL, 0)) {
		memcpy(seen, memory, sizeof(seen));
		V(set, EMPTY, 0);
		looks++;
		if (first_torn_row(seen) < HEIGHT)
			torn++;
	}
	glass_close(glass);
	printf("the reader looked %d times: %d torn, %d whole\n", looks, torn, looks - torn);
	exit(looks > 0 && torn == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* The segment goes when both have ended, however they do: it is marked as removed from the start. */
static uint32_t *share_memory(void)
{
	int shmid = shmget(IPC_PRIVATE, WIDTH * HEIGHT * sizeof(uint32_t), IPC_CREAT | 0600);
	void *address = shmid < 0 ? (void *)-1 : shmat(shmid, NULL, 0);

	if (address == (void *)-1)
		lesson_fail("shared memory");
	shmctl(shmid, IPC_RMID, NULL);
	return address;
}

int main(int argc, char **argv)
{
	pid_t writer, reader;
	siginfo_t first;
	int set;

	lesson_start();
	if (argc > 1)
		pictures = atoi(argv[1]);
	memory = share_memory();
	set = lesson_create_set(IPC_PRIVATE, SEMAPHORES);
	V(set, EMPTY, 0);
	writer = lesson_child(write_pictures, set);
	reader = lesson_child(read_pictures, set);

	/* When one ends, the other one does. */
	waitid(P_ALL, 0, &first, WEXITED | WNOWAIT);
	lesson_end(writer);
	return lesson_end(reader) ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * 04-unlocked.c - shared memory with nothing that makes it safe. Its twin with two semaphores is
 * 04-locked.c; compare them: diff 04-unlocked.c 04-locked.c
 *
 *	cc -std=c17 -pedantic -o unlocked 04-unlocked.c lesson.c glass.c $(pkg-config --cflags --libs sdl2)
 *	./unlocked [PICTURES [PAUSE_MS]]
 *
 * One process paints picture after picture into the memory, band by band; the left window shows what
 * it paints. The other reads the memory; the right window shows what it finds there. With a pause of
 * 0 the program is just as wrong, and still tears most pictures.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "04-picture.h"
#include "glass.h"
#include "lesson.h"

enum { LOOK_MS = 20 };

static uint32_t *memory;  /* the segment, in both processes */
static int pictures = 25; /* to be painted */
static int pause_ms = 40; /* after each band, so that a slow writer is seen at work */

/* A whole picture, only for the window. */
static bool show_meant(struct glass *glass, int number)
{
	static uint32_t meant[WIDTH * HEIGHT];

	for (int top = 0; top < HEIGHT; top += BAND)
		paint_band(meant, top, number);
	return glass_show(glass, meant, WIDTH, HEIGHT);
}

static void write_pictures(int unused)
{
	struct glass *glass = glass_open("written", GLASS_LEFT);
	bool is_open = true;

	(void)unused;
	for (int number = 1; number <= pictures && is_open && !lesson_interrupted(); number++) {
		for (int top = 0; top < HEIGHT && is_open; top += BAND) {
			paint_band(memory, top, number);
			is_open = show_meant(glass, number);
			lesson_sleep_ms(pause_ms);
		}
	}
	glass_close(glass);
}

static void read_pictures(int unused)
{
	static uint32_t seen[WIDTH * HEIGHT];
	struct glass *glass = glass_open("read", GLASS_RIGHT);
	int looks = 0, torn = 0;

	(void)unused;
	do {
		lesson_sleep_ms(LOOK_MS);
		memcpy(seen, memory, sizeof(seen));
		looks++;
		if (first_torn_row(seen) < HEIGHT)
			torn++;
	} while (glass_show(glass, seen, WIDTH, HEIGHT) && !lesson_interrupted());
	glass_close(glass);
	printf("the reader looked %d times: %d torn, %d whole\n", looks, torn, looks - torn);
	exit(torn > 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int main(int argc, char **argv)
{
	pid_t writer, reader;
	siginfo_t first;

	lesson_start();
	pictures = lesson_number(argc, argv, 1, 1, pictures);
	pause_ms = lesson_number(argc, argv, 2, 0, pause_ms);
	memory = lesson_share(WIDTH * HEIGHT * sizeof(*memory));
	writer = lesson_child(write_pictures, 0);
	reader = lesson_child(read_pictures, 0);

	/* When one ends, the other one does. */
	waitid(P_ALL, 0, &first, WEXITED | WNOWAIT);
	lesson_end(writer);
	return lesson_end(reader) ? EXIT_SUCCESS : EXIT_FAILURE;
}

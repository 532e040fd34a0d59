/*
 * producer.c - the textbook's producer, with a window. Drop a picture on it, press Space, and it is
 * in the buffer. Begin reading here: insert() is the code that the books print.
 *
 *	cc -std=c17 -pedantic -o producer producer.c buffer.c \
 *		$(pkg-config --cflags --libs sdl2 SDL2_image)
 *	./producer & ./consumer		in any order, both in one folder
 *	./producer 5 & ./consumer 5	five painted pictures, without windows
 *
 * producer_vitrine.c does the same on libvitrine, is shorter, and survives kill -9.
 */
#define _XOPEN_SOURCE 700
#include <SDL.h>
#include <SDL_image.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"

static struct buffer *buffer;
static int queue[2]; /* a pipe: the window writes pointers to pictures, the worker reads them */
static SDL_atomic_t worker_has_ended;

/* False: the window was closed while this slept. */
static bool insert(const SDL_Surface *picture)
{
	if (!P(EMPTY))
		return false;
	P(MUTEX);
	memcpy(buffer->pixels[buffer->in], picture->pixels, sizeof(buffer->pixels[0]));
	buffer->in = (buffer->in + 1) % SLOTS;
	V(MUTEX);
	V(FULL);
	return true;
}

/* A separate thread sleeps in P, so that the window still reacts. */
static void *work(void *unused)
{
	SDL_Surface *picture;

	while (read(queue[0], &picture, sizeof(picture)) == sizeof(picture) && insert(picture))
		SDL_FreeSurface(picture);
	SDL_AtomicSet(&worker_has_ended, 1);
	return unused;
}

/* Does nothing: the arrival of the signal is enough to end the worker's sleep. */
static void wake(int number)
{
	(void)number;
}

/*
 * Sends the signal again and again, because a signal that arrives just before the sleep does not
 * end it. If the worker sleeps on the mutex of a dead program, leaves it there.
 */
static void end_worker(pthread_t worker)
{
	buffer_give_up();
	close(queue[1]);
	for (int ms = 0; !SDL_AtomicGet(&worker_has_ended) && ms < 1000; ms += 10) {
		pthread_kill(worker, SIGUSR1);
		SDL_Delay(10);
	}
}

/* A picture in the format of the buffer: a colour, and `file` over it, which may be NULL. */
static SDL_Surface *paint(int number, SDL_Surface *file)
{
	SDL_Surface *picture =
		SDL_CreateRGBSurfaceWithFormat(0, WIDTH, HEIGHT, 32, SDL_PIXELFORMAT_RGB888);

	SDL_FillRect(picture, NULL, 0x203040 + (Uint32)number * 0x010203);
	SDL_BlitScaled(file, NULL, picture, NULL);
	SDL_FreeSurface(file);
	return picture;
}

static void obey(const SDL_Event *event, SDL_Surface **picture)
{
	if (event->type == SDL_DROPTEXT)
		SDL_free(event->drop.file);
	if (event->type == SDL_DROPFILE) {
		SDL_FreeSurface(*picture);
		*picture = paint(0, IMG_Load(event->drop.file));
		SDL_free(event->drop.file);
	}
	if (event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_SPACE) {
		SDL_Surface *copy = SDL_DuplicateSurface(*picture); /* the worker frees it */

		if (write(queue[1], &copy, sizeof(copy)) != sizeof(copy))
			perror("write");
	}
}

static bool run_window(void)
{
	SDL_Surface *picture = paint(0, NULL);
	SDL_Window *window;
	SDL_Event event;
	pthread_t worker;

	signal(SIGUSR1, wake);
	if (SDL_Init(SDL_INIT_VIDEO) != 0 || pipe(queue) != 0 ||
		(window = SDL_CreateWindow("producer", SDL_WINDOWPOS_UNDEFINED,
			 SDL_WINDOWPOS_UNDEFINED, WIDTH, HEIGHT, 0)) == NULL ||
		pthread_create(&worker, NULL, work, NULL) != 0)
		return false;
	do {
		SDL_BlitSurface(picture, NULL, SDL_GetWindowSurface(window), NULL);
		SDL_UpdateWindowSurface(window);
		SDL_WaitEvent(&event);
		obey(&event, &picture);
	} while (event.type != SDL_QUIT);
	end_worker(worker);
	SDL_FreeSurface(picture);
	SDL_Quit();
	return true;
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? atoi(argv[1]) : 0;
	bool is_fine = true;

	if (argc > 2 || (argc == 2 && count < 1)) {
		fprintf(stderr, "usage: producer [COUNT]\n");
		return 2;
	}
	buffer = buffer_open();
	for (int number = 1; number <= count; number++) {
		SDL_Surface *picture = paint(number, NULL);

		insert(picture);
		SDL_FreeSurface(picture);
	}
	if (count == 0 && !(is_fine = run_window()))
		fprintf(stderr, "producer: no window: %s\n", SDL_GetError());
	buffer_close(buffer);
	return is_fine ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * consumer.c - the textbook's consumer, with a window: Space takes the next picture out of the buffer
 * and shows it, or waits until there is one. Read producer.c first.
 *
 *	cc -std=c17 -pedantic -o consumer consumer.c buffer.c $(pkg-config --cflags --libs sdl2)
 *	./producer & ./consumer		in any order, both in one folder
 *	./producer 5 & ./consumer 5	five pictures, without windows
 */
#define _XOPEN_SOURCE 700
#include <SDL.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"

static struct buffer *buffer;
static int queue[2]; /* a pipe: a byte from the window asks the worker for a picture */
static SDL_atomic_t worker_has_ended;

/* False: the window was closed while this slept. */
static bool take_out(SDL_Surface *picture)
{
	if (!P(FULL))
		return false;
	P(MUTEX);
	memcpy(picture->pixels, buffer->pixels[buffer->out], sizeof(buffer->pixels[0]));
	buffer->out = (buffer->out + 1) % SLOTS;
	V(MUTEX);
	V(EMPTY);
	return true;
}

static SDL_Surface *new_picture(void)
{
	return SDL_CreateRGBSurfaceWithFormat(0, WIDTH, HEIGHT, 32, SDL_PIXELFORMAT_RGB888);
}

/* This thread sleeps in P; an event passes each picture to the window, which frees it. */
static void *work(void *unused)
{
	SDL_Event event;
	SDL_Surface *picture = new_picture();
	char byte;

	while (read(queue[0], &byte, 1) == 1 && take_out(picture)) {
		SDL_zero(event);
		event.type = SDL_USEREVENT;
		event.user.data1 = picture;
		SDL_PushEvent(&event);
		picture = new_picture();
	}
	SDL_FreeSurface(picture);
	SDL_AtomicSet(&worker_has_ended, 1);
	return unused;
}

static void wake(int number)
{
	(void)number;
}

/* As in producer.c. */
static void end_worker(pthread_t worker)
{
	buffer_give_up();
	close(queue[1]);
	for (int ms = 0; !SDL_AtomicGet(&worker_has_ended) && ms < 1000; ms += 10) {
		pthread_kill(worker, SIGUSR1);
		SDL_Delay(10);
	}
}

static bool run_window(void)
{
	SDL_Surface *picture = new_picture();
	SDL_Window *window;
	SDL_Event event;
	pthread_t worker;

	signal(SIGUSR1, wake);
	if (SDL_Init(SDL_INIT_VIDEO) != 0 || pipe(queue) != 0 ||
		(window = SDL_CreateWindow("consumer", SDL_WINDOWPOS_UNDEFINED,
			 SDL_WINDOWPOS_UNDEFINED, WIDTH, HEIGHT, 0)) == NULL ||
		pthread_create(&worker, NULL, work, NULL) != 0)
		return false;
	do {
		SDL_BlitSurface(picture, NULL, SDL_GetWindowSurface(window), NULL);
		SDL_UpdateWindowSurface(window);
		SDL_WaitEvent(&event);
		if (event.type == SDL_USEREVENT) {
			SDL_FreeSurface(picture);
			picture = event.user.data1;
		}
		if (event.type == SDL_KEYDOWN && event.key.keysym.sym == SDLK_SPACE &&
			write(queue[1], "", 1) != 1)
			perror("write");
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
		fprintf(stderr, "usage: consumer [COUNT]\n");
		return 2;
	}
	buffer = buffer_open();
	for (int number = 1; number <= count; number++) {
		SDL_Surface *picture = new_picture();

		take_out(picture);
		printf("picture %d: colour %06x\n", number, *(Uint32 *)picture->pixels);
		SDL_FreeSurface(picture);
	}
	if (count == 0 && !(is_fine = run_window()))
		fprintf(stderr, "consumer: no window: %s\n", SDL_GetError());
	buffer_close(buffer);
	return is_fine ? EXIT_SUCCESS : EXIT_FAILURE;
}

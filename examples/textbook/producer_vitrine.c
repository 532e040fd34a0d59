/*
 * producer_vitrine.c - what producer.c does, on libvitrine: there is no buffer.c, the pictures keep
 * their size, and kill -9 of either program at any moment breaks nothing.
 *
 *	cc -std=c17 -pedantic -o producer_vitrine producer_vitrine.c \
 *		$(pkg-config --cflags --libs vitrine sdl2 SDL2_image)
 *	./producer_vitrine & ./consumer_vitrine		vitrine-consumer shows its pictures, too
 */
#include <SDL.h>
#include <SDL_image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vitrine.h>

static struct vitrine_channel *channel;
static int queue[2]; /* a pipe: the window writes pointers to pictures, the worker reads them */

/* False: the window was closed, or an error occurred. */
static bool insert(const SDL_Surface *picture)
{
	struct vitrine_image image;
	struct vitrine_claim claim;

	if (vitrine_pixels(&image, "picture", (uint32_t)picture->w, (uint32_t)picture->h,
		    VITRINE_XR24) != VITRINE_OK ||
		vitrine_claim(channel, image.size, VITRINE_WAIT, VITRINE_FOREVER, &claim) !=
			VITRINE_OK)
		return false;
	memcpy(claim.data, picture->pixels, (size_t)image.size);
	return vitrine_publish(channel, &claim, &image, VITRINE_FOREVER) == VITRINE_OK;
}

static int work(void *unused)
{
	SDL_Surface *picture;

	(void)unused;
	while (read(queue[0], &picture, sizeof(picture)) == sizeof(picture) && insert(picture))
		SDL_FreeSurface(picture);
	return 0;
}

static SDL_Surface *paint(int number)
{
	SDL_Surface *picture =
		SDL_CreateRGBSurfaceWithFormat(0, 640, 480, 32, SDL_PIXELFORMAT_RGB888);

	SDL_FillRect(picture, NULL, 0x203040 + (Uint32)number * 0x010203);
	return picture;
}

static void obey(const SDL_Event *event, SDL_Surface **picture)
{
	if (event->type == SDL_DROPTEXT)
		SDL_free(event->drop.file);
	if (event->type == SDL_DROPFILE) {
		SDL_Surface *file = IMG_Load(event->drop.file);
		SDL_Surface *loaded = SDL_ConvertSurfaceFormat(file, SDL_PIXELFORMAT_RGB888, 0);

		if (loaded != NULL) {
			SDL_FreeSurface(*picture);
			*picture = loaded;
		}
		SDL_FreeSurface(file);
		SDL_free(event->drop.file);
	}
	if (event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_SPACE) {
		SDL_Surface *copy = SDL_DuplicateSurface(*picture);

		if (write(queue[1], &copy, sizeof(copy)) != sizeof(copy))
			perror("write");
	}
}

static bool run_window(void)
{
	SDL_Surface *picture = paint(0);
	SDL_Window *window;
	SDL_Thread *worker;
	SDL_Event event;

	if (SDL_Init(SDL_INIT_VIDEO) != 0 || pipe(queue) != 0 ||
		(window = SDL_CreateWindow("producer", SDL_WINDOWPOS_UNDEFINED,
			 SDL_WINDOWPOS_UNDEFINED, 640, 480, 0)) == NULL ||
		(worker = SDL_CreateThread(work, "worker", NULL)) == NULL)
		return false;
	do {
		SDL_BlitScaled(picture, NULL, SDL_GetWindowSurface(window), NULL);
		SDL_UpdateWindowSurface(window);
		SDL_WaitEvent(&event);
		obey(&event, &picture);
	} while (event.type != SDL_QUIT);
	close(queue[1]);
	vitrine_wake(channel);
	SDL_WaitThread(worker, NULL);
	SDL_FreeSurface(picture);
	SDL_Quit();
	return true;
}

int main(int argc, char **argv)
{
	const struct vitrine_options options = {.role = VITRINE_PRODUCER, .wakeable = true};
	int count = argc == 2 ? atoi(argv[1]) : 0;
	bool is_fine = vitrine_open(&channel, &options) == VITRINE_OK;

	for (int number = 1; is_fine && number <= count; number++) {
		SDL_Surface *picture = paint(number);

		is_fine = insert(picture);
		SDL_FreeSurface(picture);
	}
	if (*vitrine_message(channel) != '\0')
		fprintf(stderr, "producer: %s\n", vitrine_message(channel));
	else if (count == 0 && !(is_fine = run_window()))
		fprintf(stderr, "producer: no window: %s\n", SDL_GetError());
	vitrine_close(channel);
	return is_fine ? EXIT_SUCCESS : EXIT_FAILURE;
}

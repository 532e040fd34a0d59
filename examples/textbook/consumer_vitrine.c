/*
 * consumer_vitrine.c - what consumer.c does, on libvitrine.
 *
 *	cc -std=c17 -pedantic -o consumer_vitrine consumer_vitrine.c \
 *		$(pkg-config --cflags --libs vitrine sdl2)
 *	./producer_vitrine & ./consumer_vitrine		it shows what vitrine-producer publishes, too
 */
#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <vitrine.h>

static struct vitrine_channel *channel;
static int queue[2]; /* a pipe: a byte from the window asks the worker for a picture */

/* NULL: the window was closed, an error occurred, or the image is of another kind. */
static SDL_Surface *take_out(void)
{
	struct vitrine_image image;
	SDL_Surface *slot, *picture;

	if (vitrine_take(channel, VITRINE_FOREVER, &image) != VITRINE_OK)
		return NULL;
	if (image.kind != VITRINE_PIXELS ||
		(image.format != VITRINE_XR24 && image.format != VITRINE_AR24)) {
		vitrine_release(channel, &image);
		return NULL;
	}
	slot = SDL_CreateRGBSurfaceWithFormatFrom((void *)(uintptr_t)image.data, (int)image.width,
		(int)image.height, 32, (int)image.pitch, SDL_PIXELFORMAT_RGB888);
	picture = SDL_DuplicateSurface(slot);
	SDL_FreeSurface(slot);
	printf("picture %llu: colour %06x\n", (unsigned long long)image.sequence,
		*(const Uint32 *)image.data & 0xffffff);
	fflush(stdout); /* if it is killed now, the next consumer gets this picture again */
	vitrine_release(channel, &image);
	return picture;
}

static int work(void *unused)
{
	SDL_Event event;
	char byte;

	(void)unused;
	while (read(queue[0], &byte, 1) == 1) {
		SDL_zero(event);
		event.type = SDL_USEREVENT;
		event.user.data1 = take_out();
		SDL_PushEvent(&event);
	}
	return 0;
}

static bool run_window(void)
{
	SDL_Surface *picture = NULL;
	SDL_Window *window;
	SDL_Thread *worker;
	SDL_Event event;

	if (SDL_Init(SDL_INIT_VIDEO) != 0 || pipe(queue) != 0 ||
		(window = SDL_CreateWindow("consumer", SDL_WINDOWPOS_UNDEFINED,
			 SDL_WINDOWPOS_UNDEFINED, 640, 480, 0)) == NULL ||
		(worker = SDL_CreateThread(work, "worker", NULL)) == NULL)
		return false;
	do {
		SDL_BlitScaled(picture, NULL, SDL_GetWindowSurface(window), NULL);
		SDL_UpdateWindowSurface(window);
		SDL_WaitEvent(&event);
		if (event.type == SDL_USEREVENT && event.user.data1 != NULL) {
			SDL_FreeSurface(picture);
			picture = event.user.data1;
		}
		if (event.type == SDL_KEYDOWN && event.key.keysym.sym == SDLK_SPACE &&
			write(queue[1], "", 1) != 1)
			perror("write");
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
	const struct vitrine_options options = {.role = VITRINE_CONSUMER, .wakeable = true};
	int count = argc == 2 ? atoi(argv[1]) : 0;
	bool is_fine = vitrine_open(&channel, &options) == VITRINE_OK;

	for (int number = 1; is_fine && number <= count; number++) {
		SDL_Surface *picture = take_out();

		is_fine = picture != NULL;
		SDL_FreeSurface(picture);
	}
	if (*vitrine_message(channel) != '\0')
		fprintf(stderr, "consumer: %s\n", vitrine_message(channel));
	else if (count == 0 && !(is_fine = run_window()))
		fprintf(stderr, "consumer: no window: %s\n", SDL_GetError());
	vitrine_close(channel);
	return is_fine ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * pieces.c - measures each step from one window to the other separately. Their sum is the minimum for
 * any program that copies pixels into System V memory, uploads them from there and presents them with
 * SDL. script/bench runs it on an equal screen, with windows of the same size as the programs'.
 *
 *	bench-pieces WIDTH HEIGHT WINDOW_WIDTH WINDOW_HEIGHT ROUNDS REST_MS [kept]
 *
 * It rests before each round, as long as the programs rested before the key was pressed. With `kept`
 * it also does what two windows do beside the steps: after each round, it copies the image into new
 * memory and frees the copy before, as a history does, and the next image comes from other memory. On
 * some virtual machines this makes the steps slower, so their sum is then the minimum for two windows.
 * One line a round, milliseconds: copy=… upload=… render=… present=…
 */
#include <SDL.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>

struct stage {
	SDL_Window *window;
	SDL_Renderer *renderer;
	SDL_Texture *texture;
	SDL_Rect place;     /* fitted into the window */
	uint8_t *images[2]; /* as decoded */
	uint8_t *slot;      /* shared memory */
	uint8_t *history;   /* a copy of the image before; NULL: none */
	int pitch;
	size_t size;
};

static double now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* The segment is removed at once: it exists as long as it is attached. */
static uint8_t *make_slot(size_t size)
{
	int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
	void *slot = id >= 0 ? shmat(id, NULL, 0) : (void *)-1;

	if (id >= 0)
		shmctl(id, IPC_RMID, NULL);
	return slot == (void *)-1 ? NULL : slot;
}

static bool set_up(struct stage *stage, int width, int height, int window_width, int window_height)
{
	double scale = SDL_min((double)window_width / width, (double)window_height / height);

	stage->pitch = width * 4;
	stage->size = (size_t)stage->pitch * (size_t)height;
	stage->slot = make_slot(stage->size);
	if (stage->slot == NULL)
		return false;
	for (int i = 0; i < 2; i++) {
		stage->images[i] = malloc(stage->size);
		if (stage->images[i] == NULL)
			return false;
		memset(stage->images[i], 0x5a + i, stage->size);
	}
	stage->place.w = (int)(width * scale);
	stage->place.h = (int)(height * scale);
	stage->place.x = (window_width - stage->place.w) / 2;
	stage->place.y = (window_height - stage->place.h) / 2;
	stage->window = SDL_CreateWindow("pieces", 0, 0, window_width, window_height, 0);
	stage->renderer = SDL_CreateRenderer(stage->window, -1, SDL_RENDERER_SOFTWARE);
	stage->texture = SDL_CreateTexture(stage->renderer, SDL_PIXELFORMAT_XRGB8888,
		SDL_TEXTUREACCESS_STATIC, width, height);
	if (stage->texture != NULL) /* as the programs do where an image is made smaller */
		SDL_SetTextureScaleMode(stage->texture, SDL_ScaleModeLinear);
	return stage->texture != NULL;
}

static void tear_down(struct stage *stage)
{
	if (stage->texture != NULL)
		SDL_DestroyTexture(stage->texture);
	if (stage->renderer != NULL)
		SDL_DestroyRenderer(stage->renderer);
	if (stage->window != NULL)
		SDL_DestroyWindow(stage->window);
	SDL_Quit();
	if (stage->slot != NULL)
		shmdt(stage->slot);
	free(stage->history);
	free(stage->images[1]);
	free(stage->images[0]);
}

static void keep(struct stage *stage)
{
	uint8_t *copy = malloc(stage->size);

	if (copy != NULL)
		memcpy(copy, stage->slot, stage->size);
	free(stage->history);
	stage->history = copy;
}

static void run_round(struct stage *stage, const uint8_t *image, unsigned rest_ms, bool is_told)
{
	double times[5];

	SDL_PumpEvents();
	SDL_Delay(rest_ms);
	times[0] = now_ms();
	memcpy(stage->slot, image, stage->size);
	times[1] = now_ms();
	SDL_UpdateTexture(stage->texture, NULL, stage->slot, stage->pitch);
	times[2] = now_ms();
	SDL_RenderClear(stage->renderer);
	SDL_RenderCopy(stage->renderer, stage->texture, NULL, &stage->place);
	SDL_RenderFlush(stage->renderer);
	times[3] = now_ms();
	SDL_RenderPresent(stage->renderer);
	times[4] = now_ms();
	if (is_told)
		printf("copy=%.3f upload=%.3f render=%.3f present=%.3f\n", times[1] - times[0],
			times[2] - times[1], times[3] - times[2], times[4] - times[3]);
}

int main(int argc, char **argv)
{
	const bool keeps = argc == 8 && strcmp(argv[7], "kept") == 0;
	struct stage stage = {0};

	if (argc != 7 && !keeps) {
		fprintf(stderr, "usage: bench-pieces WIDTH HEIGHT WINDOW_WIDTH WINDOW_HEIGHT "
				"ROUNDS REST_MS [kept]\n");
		return 2;
	}
	if (SDL_Init(SDL_INIT_VIDEO) != 0 ||
		!set_up(&stage, atoi(argv[1]), atoi(argv[2]), atoi(argv[3]), atoi(argv[4]))) {
		fprintf(stderr, "bench-pieces: cannot set up: %s\n", SDL_GetError());
		tear_down(&stage);
		return 1;
	}
	run_round(&stage, stage.images[0], 0, false); /* the first one makes the pages */
	for (int i = 1; i <= atoi(argv[5]); i++) {
		if (keeps)
			keep(&stage);
		run_round(&stage, stage.images[keeps ? i % 2 : 0], (unsigned)atoi(argv[6]), true);
	}
	tear_down(&stage);
	return 0;
}

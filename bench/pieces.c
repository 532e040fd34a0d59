/*
 * pieces.c - measures each step from one window to the other separately. Their sum is the minimum
 * for any program that copies pixels into System V memory, uploads them from there and presents
 * them with SDL. script/bench runs it on an equal screen, with windows of the same size as the
 * programs'.
 *
 *	bench-pieces WIDTH HEIGHT WINDOW_WIDTH WINDOW_HEIGHT ROUNDS REST_MS [pair]
 *
 * It rests before each round, as long as the programs rested before the key was pressed. With
 * `pair` two processes make the steps, as the two windows do: one has two decoded images and copies
 * one of them into the slot, in turn; the other one uploads and presents it, then copies it into
 * new memory and frees the copy before, as a history does. Where this makes the steps slower, as on
 * some virtual machines, their sum in the pair is the minimum for two windows.
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
#include <unistd.h>

struct stage {
	SDL_Window *window;
	SDL_Renderer *renderer;
	SDL_Texture *texture;
	SDL_Rect place;     /* fitted into the window */
	uint8_t *images[2]; /* as decoded; in a pair only in the other process */
	uint8_t *slot;      /* shared memory */
	uint8_t *history;   /* a copy of the image before; NULL: none */
	int copier[2];      /* pipes to and from the process that copies, in a pair */
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

static bool make_images(struct stage *stage)
{
	for (int i = 0; i < 2; i++) {
		stage->images[i] = malloc(stage->size);
		if (stage->images[i] == NULL)
			return false;
		memset(stage->images[i], 0x5a + i, stage->size);
	}
	return true;
}

/* The other process of a pair: copies an image into the slot for each byte that it is sent. */
static void copy_for_ever(struct stage *stage, int asked, int done)
{
	unsigned char number;

	if (!make_images(stage))
		_exit(1);
	while (read(asked, &number, 1) == 1) {
		memcpy(stage->slot, stage->images[number], stage->size);
		if (write(done, &number, 1) != 1)
			break;
	}
	_exit(0);
}

static bool start_copier(struct stage *stage)
{
	int ask[2], answer[2];
	pid_t child;

	if (pipe(ask) != 0 || pipe(answer) != 0)
		return false;
	child = fork();
	if (child == 0) {
		close(ask[1]);
		close(answer[0]);
		copy_for_ever(stage, ask[0], answer[1]);
	}
	close(ask[0]);
	close(answer[1]);
	stage->copier[0] = ask[1];
	stage->copier[1] = answer[0];
	return child > 0;
}

static bool copy(struct stage *stage, bool is_pair, unsigned char number)
{
	if (is_pair)
		return write(stage->copier[0], &number, 1) == 1 &&
		       read(stage->copier[1], &number, 1) == 1;
	memcpy(stage->slot, stage->images[0], stage->size);
	return true;
}

static bool open_window(struct stage *stage, int width, int height, int window_width,
	int window_height)
{
	double scale = SDL_min((double)window_width / width, (double)window_height / height);

	stage->place.w = (int)(width * scale);
	stage->place.h = (int)(height * scale);
	stage->place.x = (window_width - stage->place.w) / 2;
	stage->place.y = (window_height - stage->place.h) / 2;
	if (SDL_Init(SDL_INIT_VIDEO) != 0)
		return false;
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

static bool run_round(struct stage *stage, bool is_pair, int number, unsigned rest_ms)
{
	double times[5];

	SDL_PumpEvents();
	SDL_Delay(rest_ms);
	times[0] = now_ms();
	if (!copy(stage, is_pair, (unsigned char)(number % 2)))
		return false;
	times[1] = now_ms();
	SDL_UpdateTexture(stage->texture, NULL, stage->slot, stage->pitch);
	times[2] = now_ms();
	SDL_RenderClear(stage->renderer);
	SDL_RenderCopy(stage->renderer, stage->texture, NULL, &stage->place);
	SDL_RenderFlush(stage->renderer);
	times[3] = now_ms();
	SDL_RenderPresent(stage->renderer);
	times[4] = now_ms();
	if (number > 0) /* the first one makes the pages */
		printf("copy=%.3f upload=%.3f render=%.3f present=%.3f\n", times[1] - times[0],
			times[2] - times[1], times[3] - times[2], times[4] - times[3]);
	if (is_pair)
		keep(stage);
	return true;
}

int main(int argc, char **argv)
{
	const bool is_pair = argc == 8 && strcmp(argv[7], "pair") == 0;
	struct stage stage = {0};
	bool is_done;

	if (argc != 7 && !is_pair) {
		fprintf(stderr, "usage: bench-pieces WIDTH HEIGHT WINDOW_WIDTH WINDOW_HEIGHT "
				"ROUNDS REST_MS [pair]\n");
		return 2;
	}
	stage.pitch = atoi(argv[1]) * 4;
	stage.size = (size_t)stage.pitch * (size_t)atoi(argv[2]);
	stage.slot = make_slot(stage.size);
	is_done = stage.slot != NULL && (is_pair ? start_copier(&stage) : make_images(&stage)) &&
		  open_window(&stage, atoi(argv[1]), atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
	for (int i = 0; is_done && i <= atoi(argv[5]); i++)
		is_done = run_round(&stage, is_pair, i, i == 0 ? 0 : (unsigned)atoi(argv[6]));
	if (!is_done)
		fprintf(stderr, "bench-pieces: cannot measure: %s\n", SDL_GetError());
	tear_down(&stage);
	return is_done ? 0 : 1;
}

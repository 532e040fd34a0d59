/*
 * decoders.c - compares the cost of decoding an image file in a separate process with the same
 * decoder in this process, and with what most SDL programs do: IMG_Load() and SDL_ConvertPixels().
 * In each round every method decodes every file, in turn; the medians are over all rounds.
 *
 *	bench-decoders DECODER ROUNDS FILE...     DECODER: the path of vitrine-decoder
 *
 * Prints one line per file: NAME WIDTH HEIGHT, and the ms in the child, here, with SDL, and for the
 * thumbnail. Formats with a decoder of their own (HEIC) are measured only in the child.
 */
#include <SDL.h>
#include <SDL_image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "decode.h"
#include "populated.h"
#include "reader.h"
#include "slurp.h"
#include "thumbnail.h"
#include "upright.h"

#define LIMIT      (UINT64_C(1) << 30)
#define HEAD       ((size_t)1 << 10)
#define ROUNDS_MAX 1000
#define BOX_WIDTH  160
#define BOX_HEIGHT 110

enum way { IN_A_CHILD, HERE, BY_SDL, THUMBNAIL, WAYS };

struct file {
	const char *path;
	bool is_plain; /* vitrine-decoder itself reads it, and so can this process */
	uint32_t width;
	uint32_t height;
	double ms[WAYS][ROUNDS_MAX];
};

static void give_up(const char *path, const char *why)
{
	fprintf(stderr, "bench-decoders: %s: %s\n", path, why);
	exit(1);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ---- here: a sink that makes what decoder.c makes -------------------------------------------- */

struct memory_sink {
	struct raster_sink sink;
	struct upright upright;
	uint32_t *pixels;
};

static bool begin(struct raster_sink *sink, const struct raster_shape *shape,
	char reason[TEXT_REASON_MAX])
{
	struct memory_sink *to = (struct memory_sink *)(void *)sink;

	to->pixels = populated_malloc((size_t)shape->width * shape->height * 4);
	if (to->pixels != NULL && upright_begin(&to->upright, to->pixels, shape->width,
					  shape->height, (int)shape->orientation))
		return true;
	snprintf(reason, TEXT_REASON_MAX, "no memory");
	return false;
}

static uint32_t *room(struct raster_sink *sink, uint32_t *rows)
{
	const struct upright *upright = &((struct memory_sink *)(void *)sink)->upright;
	uint64_t pixels;
	uint32_t *to = upright_room(upright, &pixels);

	if (pixels / upright->width < *rows)
		*rows = (uint32_t)(pixels / upright->width);
	return to;
}

static void put(struct raster_sink *sink, uint32_t rows)
{
	struct upright *upright = &((struct memory_sink *)(void *)sink)->upright;

	upright_put(upright, (uint64_t)rows * upright->width);
}

static void decode_here(const struct file *file)
{
	struct memory_sink to = {.sink = {begin, room, put}};
	char reason[TEXT_REASON_MAX];
	struct raster_result result = {0};
	struct slurp slurp;

	if (!slurp_open(&slurp, file->path, HEAD, reason) || !slurp_rest(&slurp, reason))
		give_up(file->path, reason);
	const struct raster_source source = {
		.bytes = slurp.bytes,
		.size = slurp.size,
		.format = format_of(slurp.bytes, slurp.size, file->path),
		.limit = LIMIT,
	};
	if (!raster_decode(&source, &to.sink, &result, reason))
		give_up(file->path, reason);
	slurp_close(&slurp);
	upright_end(&to.upright);
	free(to.pixels);
}

static bool is_plain(const char *path)
{
	char reason[TEXT_REASON_MAX];
	struct slurp slurp;
	enum format format;

	if (!slurp_open(&slurp, path, HEAD, reason))
		give_up(path, reason);
	format = format_of(slurp.bytes, slurp.size, path);
	slurp_close(&slurp);
	return plain_readers.reader_of(format) != NULL;
}

/* ---- the other ways -------------------------------------------------------------------------- */

static void decode_in_child(struct file *file, struct decoder *decoder)
{
	char reason[TEXT_REASON_MAX];
	struct picture *picture =
		decode_file(decoder, file->path, LIMIT, &(struct decode_wish){0}, reason);

	if (picture == NULL)
		give_up(file->path, reason);
	file->width = picture->width;
	file->height = picture->height;
	picture_unref(picture);
}

static void make_thumbnail(struct file *file, struct decoder *decoder)
{
	const struct decode_wish wish = {.box_width = BOX_WIDTH, .box_height = BOX_HEIGHT};
	char reason[TEXT_REASON_MAX];
	struct picture *picture = decode_file(decoder, file->path, LIMIT, &wish, reason);

	if (picture == NULL)
		give_up(file->path, reason);
	picture_unref(thumbnail_of(picture, BOX_WIDTH, BOX_HEIGHT));
	picture_unref(picture);
}

static void decode_by_sdl(const struct file *file)
{
	SDL_Surface *surface = IMG_Load(file->path);
	void *pixels;

	if (surface == NULL)
		give_up(file->path, IMG_GetError());
	pixels = populated_malloc((size_t)surface->w * (size_t)surface->h * 4);
	if (pixels == NULL ||
		SDL_ConvertPixels(surface->w, surface->h, surface->format->format, surface->pixels,
			surface->pitch, SDL_PIXELFORMAT_XRGB8888, pixels, surface->w * 4) != 0)
		give_up(file->path, "cannot be converted");
	free(pixels);
	SDL_FreeSurface(surface);
}

static void measure(struct file *file, int round, struct decoder *decoder)
{
	for (int i = 0; i < WAYS; i++) {
		enum way way = (enum way)((i + round) % WAYS);
		double start = now_ms();

		if (!file->is_plain && way != IN_A_CHILD)
			continue;
		switch (way) {
		case IN_A_CHILD: decode_in_child(file, decoder); break;
		case HERE: decode_here(file); break;
		case BY_SDL: decode_by_sdl(file); break;
		case THUMBNAIL: make_thumbnail(file, decoder); break;
		case WAYS: break;
		}
		file->ms[way][round] = now_ms() - start;
	}
}

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void print(struct file *file, int rounds)
{
	printf("%s %u %u",
		strrchr(file->path, '/') != NULL ? strrchr(file->path, '/') + 1 : file->path,
		file->width, file->height);
	for (int way = 0; way < WAYS; way++) {
		qsort(file->ms[way], (size_t)rounds, sizeof(double), compare);
		printf(" %.3f", file->ms[way][rounds / 2]);
	}
	printf("\n");
}

int main(int argc, char **argv)
{
	int rounds = argc > 3 ? atoi(argv[2]) : 0;

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: bench-decoders DECODER ROUNDS FILE...\n");
		return 2;
	}
	raster_start(&plain_readers);
	struct decoder *decoder =
		decoder_create(&(struct decoder_options){.program = argv[1], .memory = LIMIT});
	struct file *files = calloc((size_t)argc, sizeof(*files));
	if (decoder == NULL || files == NULL)
		give_up("start", "not enough memory");
	for (int i = 3; i < argc; i++) {
		files[i].path = argv[i];
		files[i].is_plain = is_plain(argv[i]);
	}
	for (int i = 3; i < argc; i++)
		decode_in_child(&files[i], decoder); /* warm: the child, and the file's pages */
	for (int round = 0; round < rounds; round++)
		for (int i = 3; i < argc; i++)
			measure(&files[i], round, decoder);
	for (int i = 3; i < argc; i++)
		print(&files[i], rounds);
	decoder_destroy(decoder);
	free(files);
	return 0;
}

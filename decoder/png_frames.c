/*
 * png_frames.c - the frames of an animated PNG. libpng reads still images only, so each frame is
 * made into a PNG file, with the chunks that precede the animation's first frame (palette,
 * profile).
 */
#ifdef HAVE_LIBPNG
#include <stdlib.h>
#include <string.h>

#include "animation.h"
#include "bytes.h"
#include "translate.h"

#define SIGNATURE  8
#define CHUNK_MORE 12 /* length, name, checksum */

/* A chunk in the file. */
struct chunk {
	const uint8_t *at; /* its length, name, data … */
	uint32_t size;     /* of the data */
};

struct control { /* fcTL */
	uint32_t width, height, x, y;
	uint32_t delay_ms;
	uint8_t dispose, blend;
};

enum dispose { DISPOSE_NONE, DISPOSE_BACKGROUND, DISPOSE_PREVIOUS };

struct player {
	size_t at;       /* position of the next chunk in the file */
	uint8_t *frame;  /* a PNG file made from one frame */
	size_t size;     /* bytes of it so far */
	size_t head;     /* bytes with which all these files begin */
	uint32_t *saved; /* the canvas before the last frame, if that must be restored */
	struct control last;
};

static void put_be32(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* false: the file ends. */
static bool next_chunk(const struct raster_source *source, size_t *at, struct chunk *chunk)
{
	if (*at > source->size || source->size - *at < CHUNK_MORE)
		return false;
	chunk->at = source->bytes + *at;
	chunk->size = be32(chunk->at);
	if (chunk->size > source->size - *at - CHUNK_MORE)
		return false;
	*at += CHUNK_MORE + chunk->size;
	return true;
}

static bool is(const struct chunk *chunk, const char *name)
{
	return memcmp(chunk->at + 4, name, 4) == 0;
}

/* Adds a chunk to the frame's file, with a checksum of 0: the reader ignores checksums. */
static void add(struct player *player, const char *name, const uint8_t *data, uint32_t size)
{
	uint8_t *to = player->frame + player->size;

	put_be32(to, size);
	memcpy(to + 4, name, 4);
	if (size > 0)
		memcpy(to + 8, data, size);
	memset(to + 8 + size, 0, 4);
	player->size += CHUNK_MORE + size;
}

/* ---- beginning ------------------------------------------------------------------------------- */

static void close_png(struct animation *animation)
{
	struct player *player = animation->player;

	if (player != NULL) {
		free(player->frame);
		free(player->saved);
	}
	free(player);
}

/* Copies everything before the first frame, except the animation's chunks. */
static void take_head(struct player *player, const struct raster_source *source)
{
	struct chunk chunk;

	memcpy(player->frame, source->bytes, SIGNATURE);
	player->size = player->at = SIGNATURE;
	for (size_t at = SIGNATURE; next_chunk(source, &at, &chunk); player->at = at) {
		if (is(&chunk, "IDAT") || is(&chunk, "fcTL") || is(&chunk, "IEND"))
			break;
		if (is(&chunk, "acTL"))
			continue;
		memcpy(player->frame + player->size, chunk.at, CHUNK_MORE + chunk.size);
		player->size += CHUNK_MORE + chunk.size;
	}
	player->head = player->size;
}

static bool open_png(struct animation *animation, const struct reading *reading)
{
	const struct raster_source *source = reading->source;
	struct player *player = calloc(1, sizeof(*player));

	if (player == NULL)
		return reading_fail_memory(reading);
	animation->player = player;
	animation->width = (uint32_t)reading->header->width;
	animation->height = (uint32_t)reading->header->height;
	if (!animation_make_canvas(animation, reading))
		return false;
	/* A frame's file has some of these chunks, and an end. */
	player->frame = malloc(source->size + CHUNK_MORE);
	if (player->frame == NULL)
		return reading_fail_memory(reading);
	take_head(player, source);
	if (player->head < SIGNATURE + CHUNK_MORE + 13 ||
		memcmp(player->frame + SIGNATURE + 4, "IHDR", 4) != 0)
		return reading_fail(reading, N_("has an invalid header for a PNG image"));
	return true;
}

/* ---- a frame's pixels ------------------------------------------------------------------------ */

/* A sink that keeps the pixels. */
struct capture {
	struct raster_sink sink;
	uint32_t *pixels;
	uint32_t width, height, row;
};

static struct capture *capture_of(struct raster_sink *sink)
{
	return (struct capture *)(void *)sink;
}

static bool capture_begin(struct raster_sink *sink, const struct raster_shape *shape,
	char reason[TEXT_REASON_MAX])
{
	struct capture *capture = capture_of(sink);

	(void)reason;
	capture->width = shape->width;
	capture->height = shape->height;
	capture->pixels = malloc((size_t)shape->width * shape->height * 4);
	return capture->pixels != NULL;
}

static uint32_t *capture_room(struct raster_sink *sink, uint32_t *rows)
{
	const struct capture *capture = capture_of(sink);

	(void)rows;
	return capture->pixels + (size_t)capture->row * capture->width;
}

static void capture_put(struct raster_sink *sink, uint32_t rows)
{
	capture_of(sink)->row += rows;
}

/* `top` over `below`, both with straight alpha. */
static uint32_t over(uint32_t top, uint32_t below)
{
	const uint32_t a = top >> 24, b = (below >> 24) * (255 - a) / 255, sum = a + b;
	uint32_t pixel = sum << 24;

	if (a == 255 || b == 0)
		return a > 0 ? top : below;
	for (int shift = 0; shift < 24; shift += 8)
		pixel |= ((top >> shift & 255) * a + (below >> shift & 255) * b + sum / 2) / sum
			 << shift;
	return pixel;
}

static void draw(const struct animation *animation, const struct control *control,
	const uint32_t *pixels)
{
	for (uint32_t y = 0; y < control->height; y++) {
		uint32_t *to = animation->canvas + (size_t)(control->y + y) * animation->width +
			       control->x;

		for (uint32_t x = 0; x < control->width; x++, pixels++)
			to[x] = control->blend == 1 ? over(*pixels, to[x]) : *pixels;
	}
}

/* Decodes the frame's file, which is complete, onto the canvas. */
static bool draw_frame(struct animation *animation, const struct reading *reading,
	const struct control *control)
{
	const struct player *player = animation->player;
	struct capture capture = {.sink = {capture_begin, capture_room, capture_put}};
	struct raster_result result = {0};
	struct reading part = *reading;
	bool is_drawn;

	part.sink = &capture.sink;
	part.result = &result;
	is_drawn = reading_part(&part, FORMAT_PNG, player->frame, player->size) &&
		   capture.width == control->width && capture.height == control->height;
	if (is_drawn)
		draw(animation, control, capture.pixels);
	free(capture.pixels);
	return is_drawn;
}

/* ---- one after the other --------------------------------------------------------------------- */

/* Disposes of the last frame before the next one is drawn. */
static void dispose(struct animation *animation)
{
	struct player *player = animation->player;
	const struct control *last = &player->last;

	if (last->dispose == DISPOSE_PREVIOUS && player->saved != NULL) {
		free(animation->canvas);
		animation->canvas = player->saved;
		player->saved = NULL;
	} else if (last->dispose == DISPOSE_BACKGROUND) {
		for (uint32_t y = 0; y < last->height; y++)
			memset(animation->canvas + (size_t)(last->y + y) * animation->width +
					last->x,
				0, (size_t)last->width * 4);
	}
}

static void save(const struct animation *animation)
{
	struct player *player = animation->player;
	const size_t size = (size_t)animation->width * animation->height * 4;

	player->saved = malloc(size);
	if (player->saved != NULL) /* otherwise the frame stays */
		memcpy(player->saved, animation->canvas, size);
}

static bool read_control(const struct animation *animation, const struct chunk *chunk,
	struct control *control)
{
	const uint8_t *data = chunk->at + 8;

	if (chunk->size < 26)
		return false;
	const uint32_t above = (uint32_t)data[20] << 8 | data[21];
	const uint32_t below = (uint32_t)data[22] << 8 | data[23];
	*control = (struct control){
		.width = be32(data + 4),
		.height = be32(data + 8),
		.x = be32(data + 12),
		.y = be32(data + 16),
		.delay_ms = above * 1000 / (below > 0 ? below : 100),
		.dispose = data[24],
		.blend = data[25],
	};
	return control->width > 0 && control->height > 0 && control->x <= animation->width &&
	       control->width <= animation->width - control->x && control->y <= animation->height &&
	       control->height <= animation->height - control->y;
}

/* Makes the frame's file; the player's position is after its control chunk. */
static void take_frame(struct player *player, const struct raster_source *source,
	const struct control *control)
{
	struct chunk chunk;

	player->size = player->head;
	put_be32(player->frame + SIGNATURE + 8, control->width);
	put_be32(player->frame + SIGNATURE + 12, control->height);
	for (size_t at = player->at; next_chunk(source, &at, &chunk); player->at = at) {
		if (is(&chunk, "fcTL") || is(&chunk, "IEND"))
			break;
		if (is(&chunk, "IDAT"))
			add(player, "IDAT", chunk.at + 8, chunk.size);
		else if (is(&chunk, "fdAT") && chunk.size >= 4)
			add(player, "IDAT", chunk.at + 12, chunk.size - 4);
	}
	add(player, "IEND", NULL, 0);
}

static bool advance_png(struct animation *animation, const struct reading *reading)
{
	struct player *player = animation->player;
	struct control control;
	struct chunk chunk;

	do { /* an image before the first control chunk is not a frame */
		if (!next_chunk(reading->source, &player->at, &chunk))
			return false;
	} while (!is(&chunk, "fcTL"));
	if (!read_control(animation, &chunk, &control))
		return false;
	take_frame(player, reading->source, &control);
	dispose(animation);
	free(player->saved);
	player->saved = NULL;
	if (control.dispose == DISPOSE_PREVIOUS)
		save(animation);
	player->last = control;
	animation->duration_ms = animation_duration(control.delay_ms);
	return draw_frame(animation, reading, &control);
}

const struct animation_kind animation_png = {open_png, advance_png, close_png};
#else
extern int png_frames_are_left_out;
#endif

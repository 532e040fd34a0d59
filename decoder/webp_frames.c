/* webp_frames.c - an animated WebP's frames, by libwebp's own player. */
#ifdef HAVE_LIBWEBP
#include <stdlib.h>
#include <string.h>
#include <webp/demux.h>

#include "animation.h"
#include "translate.h"

struct player {
	WebPAnimDecoder *decoder;
	int time_ms; /* the time at which the last frame ended */
};

static void close_webp(struct animation *animation)
{
	struct player *player = animation->player;

	if (player != NULL)
		WebPAnimDecoderDelete(player->decoder);
	free(player);
}

static bool open_webp(struct animation *animation, const struct reading *reading)
{
	const WebPData data = {reading->source->bytes, reading->source->size};
	struct player *player = calloc(1, sizeof(*player));
	WebPAnimDecoderOptions options;
	WebPAnimInfo info;

	if (player == NULL)
		return reading_fail_memory(reading);
	animation->player = player;
	if (!WebPAnimDecoderOptionsInit(&options))
		return reading_fail(reading, N_("cannot be read: libwebp is of another version"));
	options.color_mode = MODE_BGRA;
	player->decoder = WebPAnimDecoderNew(&data, &options);
	if (player->decoder == NULL || !WebPAnimDecoderGetInfo(player->decoder, &info))
		return reading_fail(reading, N_("is not a WebP animation that can be played"));
	animation->width = info.canvas_width;
	animation->height = info.canvas_height;
	return animation_make_canvas(animation, reading);
}

static bool advance_webp(struct animation *animation, const struct reading *reading)
{
	struct player *player = animation->player;
	uint8_t *pixels;
	int ends_ms;

	(void)reading;
	if (!WebPAnimDecoderGetNext(player->decoder, &pixels, &ends_ms))
		return false;
	memcpy(animation->canvas, pixels, (size_t)animation->width * animation->height * 4);
	animation->duration_ms = animation_duration((uint32_t)(ends_ms - player->time_ms));
	player->time_ms = ends_ms;
	return true;
}

const struct animation_kind animation_webp = {open_webp, advance_webp, close_webp};
#else
extern int webp_frames_are_left_out;
#endif

/* animation.c - see animation.h. */
#include "animation.h"

#include <stdlib.h>

#include "colour.h"
#include "translate.h"

#define SHORTEST_MS 11 /* a duration below 20 ms means "as fast as possible": show it for 100 ms */

static struct animation playing;
static const struct animation_kind *kind; /* of the animation being played; NULL: none */

bool animation_make_canvas(struct animation *animation, const struct reading *reading)
{
	if (!size_limit_allows(reading->source->limit, animation->width, animation->height,
		    reading->source->size, reading->reason))
		return false;
	if (animation->width == 0 || animation->height == 0)
		return reading_fail(reading, N_("has no pixels"));
	animation->canvas = calloc((size_t)animation->width * animation->height, 4);
	return animation->canvas != NULL || reading_fail_memory(reading);
}

uint32_t animation_duration(uint32_t ms)
{
	return ms < SHORTEST_MS ? 100 : ms;
}

void animation_forget(void)
{
	if (kind != NULL)
		kind->close(&playing);
	kind = NULL;
	free(playing.canvas);
	playing = (struct animation){0};
}

static const struct animation_kind *kind_of(enum format format)
{
	switch (format) {
#ifdef HAVE_LIBGIF
	case FORMAT_GIF: return &animation_gif;
#endif
#ifdef HAVE_LIBWEBP
	case FORMAT_WEBP: return &animation_webp;
#endif
#ifdef HAVE_LIBPNG
	case FORMAT_PNG: return &animation_png;
#endif
	default: return NULL;
	}
}

static bool begin(const struct reading *reading)
{
	const struct animation_kind *found = kind_of(reading->source->format);

	animation_forget();
	if (found == NULL)
		return reading_fail(reading, N_("is an animation of a format that is not played"));
	kind = found;
	return kind->open(&playing, reading);
}

bool animation_read(const struct reading *reading)
{
	const struct raster_source *source = reading->source;
	const bool goes_on = source->is_kept && kind != NULL && source->frame >= playing.next;
	struct colour colour;

	if (!goes_on && !begin(reading)) {
		animation_forget();
		return false;
	}
	while (playing.next <= source->frame) {
		if (!kind->advance(&playing, reading)) {
			if (playing.next == 0)
				return reading_fail_cut(reading);
			/* The file has only this many frames. */
			reading->result->frames = playing.next;
			reading_note_incomplete(reading);
			break;
		}
		playing.next++;
	}
	reading->result->duration_ms = playing.duration_ms;
	colour_by_profile(&colour, reading, COLOUR_RGB, reading->header->icc,
		reading->header->icc_size);
	const struct reading coloured = colour_reading(reading, &colour);
	if (!reading_begin(&coloured, playing.width, playing.height,
		    file_orientation(reading->header)))
		return false;
	reading_put_rows(&coloured, playing.canvas, playing.width, playing.width, playing.height);
	return true;
}

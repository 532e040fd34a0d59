/* trusted.c - see trusted.h. */
#include "trusted.h"

#include <stdio.h>
#include <stdlib.h>

#include "jpegfile.h"
#include "orientation.h"
#include "promise.h"
#include "upright.h"

/* The slot, as what rows are put into. */
struct slot_sink {
	struct raster_sink sink;
	struct upright upright;
	uint32_t *slot;
	const struct sniff *sniff;
};

bool trusted_can(const struct source *source)
{
	uint8_t head[SNIFF_BYTES];
	char reason[TEXT_REASON_MAX];
	size_t size = source->size < sizeof(head) ? (size_t)source->size : sizeof(head);

	return jpegfile_is_there() && source_read(source, head, size, 0, reason) &&
	       sniff_format(head, size) == SNIFF_JPEG;
}

/* ---- the sink ------------------------------------------------------------------------------- */

/* The slot was claimed by what the header said to sniff: the decoder must have read the same. */
static bool begin(struct raster_sink *sink, const struct raster_shape *shape,
	char reason[TEXT_REASON_MAX])
{
	struct slot_sink *to = (struct slot_sink *)(void *)sink;

	if (shape->width != to->sniff->width || shape->height != to->sniff->height) {
		snprintf(reason, TEXT_REASON_MAX, "has two headers that do not agree");
		return false;
	}
	if (upright_begin(&to->upright, to->slot, shape->width, shape->height,
		    (int)shape->orientation))
		return true;
	snprintf(reason, TEXT_REASON_MAX, "there is not enough memory");
	return false;
}

static uint32_t *room(struct raster_sink *sink, uint32_t *rows)
{
	const struct upright *upright = &((struct slot_sink *)(void *)sink)->upright;
	uint64_t pixels;
	uint32_t *to = upright_room(upright, &pixels);

	if (pixels / upright->width < *rows)
		*rows = (uint32_t)(pixels / upright->width);
	return to;
}

static void put(struct raster_sink *sink, uint32_t rows)
{
	struct upright *upright = &((struct slot_sink *)(void *)sink)->upright;

	upright_put(upright, (uint64_t)rows * upright->width);
}

/* ---- the file ------------------------------------------------------------------------------- */

static bool describe(const struct trusted *trusted, const struct source *source,
	struct vitrine_image *image, char reason[TEXT_REASON_MAX])
{
	const struct sniff *sniff = &trusted->sniff;
	const bool swaps = orientation_swaps(orientation_of(sniff));
	const uint32_t width = (uint32_t)(swaps ? sniff->height : sniff->width);
	const uint32_t height = (uint32_t)(swaps ? sniff->width : sniff->height);

	if (vitrine_pixels(image, source->name, width, height, VITRINE_XR24) == VITRINE_OK)
		return true;
	snprintf(reason, TEXT_REASON_MAX, "is not an image that can be opened (%u x %u pixels)",
		width, height);
	return false;
}

bool trusted_open(struct trusted *trusted, const struct source *source, uint64_t limit,
	struct vitrine_image *image, char reason[TEXT_REASON_MAX])
{
	const struct sniff nothing = {0};

	*trusted = (struct trusted){.size = (size_t)source->size, .limit = limit};
	if (!promise_is_within(limit, &nothing, source->size, reason))
		return false;
	trusted->bytes = malloc(trusted->size);
	if (trusted->bytes == NULL) {
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory to read it");
		return false;
	}
	if (source_read(source, trusted->bytes, trusted->size, 0, reason) &&
		source_is_unchanged(source, reason)) {
		trusted->sniff = sniff_bytes(trusted->bytes, trusted->size);
		if (promise_is_within(limit, &trusted->sniff, trusted->size, reason) &&
			describe(trusted, source, image, reason))
			return true;
	}
	trusted_close(trusted);
	return false;
}

bool trusted_fill(const struct trusted *trusted, void *slot, char reason[TEXT_REASON_MAX])
{
	const struct raster_source source = {
		.bytes = trusted->bytes,
		.size = trusted->size,
		.type = "",
		.limit = trusted->limit,
	};
	struct slot_sink to = {.sink = {begin, room, put}, .slot = slot, .sniff = &trusted->sniff};
	struct raster_result result;
	bool is_filled = jpegfile_decode(&source, &trusted->sniff, &to.sink, &result, reason);

	upright_end(&to.upright);
	return is_filled;
}

void trusted_close(struct trusted *trusted)
{
	free(trusted->bytes);
	trusted->bytes = NULL;
}

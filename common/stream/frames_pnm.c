/*
 * frames_pnm.c - see frames.h: PBM, PGM and PPM (P1 to P6), and PAM (P7), one after the other, as
 * ffmpeg -f image2pipe, netpbm and many scripts write them. Each has its header, so sizes may
 * change. common/image/pnm.c parses it.
 */
#include <ctype.h>
#include <string.h>

#include "frames_parts.h"
#include "translatable.h"
#include "translate.h"

/* ---- the input ------------------------------------------------------------------------------- */

/* Why the input had no further byte. */
struct ending {
	struct frames *frames;
	enum feed_result result;
};

static int next_byte(void *data)
{
	struct ending *ending = data;
	uint8_t byte;

	ending->result = feed_byte(&ending->frames->feed, &byte);
	return ending->result == FEED_OK ? byte : -1;
}

static enum frames_result result_of(const struct ending *ending, enum pnm_result result)
{
	struct frames *frames = ending->frames;

	switch (result) {
	case PNM_OK: return FRAMES_OK;
	case PNM_END: return frames_inside(frames, ending->result);
	case PNM_BAD:
	default: break;
	}
	translatable_translate(frames->reason, sizeof(frames->reason), frames->pnm.reason);
	return FRAMES_BAD;
}

/* ---- the payload ----------------------------------------------------------------------------- */

static void put_row(struct frames *frames, const struct frames_part *part, uint32_t row,
	uint8_t *bytes, uint8_t *slot)
{
	(void)part;
	pnm_convert(&frames->pnm, bytes, slot + (size_t)frames->image.pitch * row);
}

/* Reads a picture of text, whose length is not known beforehand, into frames->bytes. */
static enum frames_result read_text(struct frames *frames, const struct pnm_input *input)
{
	const size_t size = (size_t)frames->image.size;
	enum pnm_result result = PNM_OK;

	if (!frames_grow(frames, size))
		return frames_refuse(frames, _("needs more memory than is available or allowed"));
	for (; frames->size < size && result == PNM_OK; frames->size += frames->image.pitch)
		result = pnm_read_text(&frames->pnm, input, frames->bytes + frames->size);
	return result_of(input->data, result);
}

static enum frames_result describe(struct frames *frames)
{
	static const uint32_t formats[] = {
		[1] = VITRINE_R8, [3] = VITRINE_BG24, [4] = VITRINE_AB24};
	const struct pnm *pnm = &frames->pnm;

	return frames_describe(frames, pnm->width, pnm->height, formats[pnm_pixel_bytes(pnm)]);
}

static enum frames_result add_rows(struct frames *frames)
{
	const struct pnm *pnm = &frames->pnm;
	struct frames_part part = {
		.row_bytes = pnm_row_bytes(pnm), .rows = pnm->height, .put = put_row};

	if (pnm_is_converted(pnm))
		part = (struct frames_part){.row_bytes = (size_t)frames->image.size, .rows = 1};
	return frames_add_part(frames, &part);
}

/* ---- the header ------------------------------------------------------------------------------ */

/* Skips the newline that some programs write after a frame. Returns the result of the feed. */
static enum feed_result skip_space(struct feed *feed)
{
	enum feed_result result;

	while ((result = feed_peek(feed, 1)) == FEED_OK && isspace(feed->buffer[feed->at]))
		feed->at++;
	return result;
}

static enum frames_result check_magic(struct frames *frames, const uint8_t magic[3])
{
	if (magic[0] != 'P' || !(isspace(magic[2]) || magic[2] == '#'))
		return frames_refuse(frames,
			_("has %02x %02x %02x where the next frame should begin with P1 to P7"),
			magic[0], magic[1], magic[2]);
	if (magic[1] < '1' || magic[1] > '7')
		return frames_refuse(frames, _("has a frame of the kind P%c; P1 to P7 can be read"),
			magic[1]);
	return FRAMES_OK;
}

static enum frames_result next_pnm(struct frames *frames)
{
	struct feed *feed = &frames->feed;
	struct ending ending = {frames, FEED_OK};
	const struct pnm_input input = {next_byte, &ending};
	enum feed_result fed = skip_space(feed);
	enum frames_result result;
	uint8_t magic[3];

	if (fed == FEED_END && frames->count > 0)
		return FRAMES_END;
	if (fed == FEED_OK)
		fed = feed_peek(feed, sizeof(magic));
	if (fed != FEED_OK)
		return frames_inside(frames, fed);
	memcpy(magic, feed->buffer + feed->at, sizeof(magic));
	result = check_magic(frames, magic);
	if (result != FRAMES_OK)
		return result;
	feed->at += 2;
	result = result_of(&ending, pnm_begin(&frames->pnm, (char)magic[1], &input));
	if (result == FRAMES_OK)
		result = describe(frames);
	if (result != FRAMES_OK)
		return result;
	return frames->pnm.is_text ? read_text(frames, &input) : add_rows(frames);
}

const struct frames_kind frames_pnm = {.name = "PNM", .next = next_pnm};

/*
 * frames_pnm.c - see frames.h: PBM, PGM and PPM (P1 to P6), and PAM (P7), one after the other, as
 * ffmpeg -f image2pipe, netpbm and many scripts write them. Each has its header, so sizes may change.
 */
#include <ctype.h>
#include <string.h>

#include "frames_parts.h"
#include "translate.h"

/* ---- the payload ----------------------------------------------------------------------------- */

/* Scales one sample to 0 … 255. */
static uint8_t sample(const struct frames *frames, const uint8_t **at)
{
	uint32_t value = *(*at)++;

	if (!frames->is_wide)
		return frames->table[value];
	value = value << 8 | *(*at)++;
	if (value > frames->most)
		value = frames->most;
	return (uint8_t)((value * 255 + frames->most / 2) / frames->most);
}

/* Converts pixels of 1, 2, 3 or 4 samples to R8, AB24, BG24, AB24. */
static void put_row(struct frames *frames, const struct frames_part *part, uint32_t row,
	uint8_t *bytes, uint8_t *slot)
{
	const uint32_t depth = frames->depth;
	const size_t pixel = depth % 2 == 0 ? 4 : depth;
	const uint8_t *at = bytes;
	uint8_t *to = slot + (size_t)frames->image.pitch * row;

	(void)part;
	for (uint32_t x = 0; x < frames->image.width; x++) {
		uint8_t samples[4] = {0, 0, 0, 255};

		for (uint32_t i = 0; i < depth; i++)
			samples[i] = sample(frames, &at);
		if (depth == 2) {
			samples[3] = samples[1];
			samples[1] = samples[2] = samples[0];
		}
		memcpy(to, samples, pixel);
		to += pixel;
	}
}

/* One bit per pixel, the highest first; 1 is black. */
static void put_bits(struct frames *frames, const struct frames_part *part, uint32_t row,
	uint8_t *bytes, uint8_t *slot)
{
	uint8_t *to = slot + (size_t)frames->image.pitch * row;

	(void)part;
	for (uint32_t x = 0; x < frames->image.width; x++)
		to[x] = bytes[x / 8] << x % 8 & 0x80 ? 0 : 255;
}

static enum frames_result describe(struct frames *frames, uint32_t width, uint32_t height)
{
	static const uint32_t formats[] = {0, VITRINE_R8, VITRINE_AB24, VITRINE_BG24, VITRINE_AB24};
	const bool is_plain = frames->most == 255 && !frames->is_wide;
	struct frames_part part = {.rows = height};

	if (frames_describe(frames, width, height, formats[frames->depth]) != FRAMES_OK)
		return FRAMES_BAD;
	for (uint32_t i = 0; i < 256; i++)
		frames->table[i] =
			(uint8_t)(i >= frames->most ? 255
						    : (i * 255 + frames->most / 2) / frames->most);
	part.row_bytes = (size_t)width * frames->depth * (frames->is_wide ? 2 : 1);
	if (!is_plain || frames->depth == 2)
		part.put = put_row;
	else
		part = (struct frames_part){.row_bytes = (size_t)frames->image.size, .rows = 1};
	return frames_add_part(frames, &part);
}

/* ---- headers --------------------------------------------------------------------------------- */

static enum frames_result refuse_value(struct frames *frames, const char *what, const char *value)
{
	char shown[32];

	return frames_refuse(frames, _("has an impossible header: %s %s"), what,
		text_printable(shown, sizeof(shown), value));
}

/* Reads the next word of a header, after white space and comments, and the byte after it. */
static enum frames_result read_word(struct frames *frames, char word[16])
{
	size_t length = 0;
	bool is_comment = false;
	uint8_t byte;

	for (;;) {
		enum feed_result result = feed_byte(&frames->feed, &byte);

		if (result == FEED_END && length > 0)
			break;
		if (result != FEED_OK)
			return frames_inside(frames, result);
		if (length == 0 && (is_comment || byte == '#'))
			is_comment = byte != '\n';
		else if (isspace(byte) && length > 0)
			break;
		else if (!isspace(byte) && length == 15)
			return frames_refuse(frames, _("has an invalid header"));
		else if (!isspace(byte))
			word[length++] = (char)byte;
	}
	word[length] = '\0';
	return FRAMES_OK;
}

/* Reads the next digit, after white space and comments. */
static enum frames_result read_digit(struct frames *frames, char word[16])
{
	bool is_comment = false;
	uint8_t byte;

	for (;;) {
		enum feed_result result = feed_byte(&frames->feed, &byte);

		if (result != FEED_OK)
			return frames_inside(frames, result);
		if (is_comment || byte == '#')
			is_comment = byte != '\n';
		else if (!isspace(byte))
			break;
	}
	word[0] = (char)byte;
	word[1] = '\0';
	return FRAMES_OK;
}

static enum frames_result set_most(struct frames *frames, const char *word)
{
	if (!frames_number(word, 65535, &frames->most) || frames->most == 0)
		return refuse_value(frames, _("largest value"), word);
	frames->is_wide = frames->most > 255;
	return FRAMES_OK;
}

/* Reads the samples of P1 (digits without spaces between them), P2 and P3 into frames->bytes. */
static enum frames_result read_samples(struct frames *frames, bool is_bits)
{
	const size_t size = (size_t)frames->image.size;
	char word[16] = "";
	uint32_t value;

	if (!frames_grow(frames, size))
		return frames_refuse(frames, _("needs more memory than is available or allowed"));
	while (frames->size < size) {
		enum frames_result result =
			is_bits ? read_digit(frames, word) : read_word(frames, word);

		if (result != FRAMES_OK)
			return result;
		if (!frames_number(word, is_bits ? 1 : 65535, &value))
			return refuse_value(frames, _("value"), word);
		if (value > frames->most)
			value = frames->most;
		value = (value * 255 + frames->most / 2) / frames->most;
		frames->bytes[frames->size++] = (uint8_t)(is_bits ? 255 - value : value);
	}
	return FRAMES_OK;
}

/*
 * Parses "640 480 255" and what follows: P1 and P4 have no largest value; the picture of P1 to P3
 * is text.
 */
static enum frames_result read_pnm(struct frames *frames, char kind)
{
	const bool is_bits = kind == '1' || kind == '4';
	uint32_t sides[2];
	char word[16];

	for (int i = 0; i < 2; i++) {
		enum frames_result result = read_word(frames, word);

		if (result != FRAMES_OK)
			return result;
		if (!frames_number(word, FRAMES_SIDE_MOST, &sides[i]) || sides[i] == 0)
			return refuse_value(frames, i == 0 ? _("width") : _("height"), word);
	}
	if (!is_bits) {
		enum frames_result result = read_word(frames, word);

		if (result != FRAMES_OK || (result = set_most(frames, word)) != FRAMES_OK)
			return result;
	} else {
		frames->most = 1;
		frames->is_wide = false;
	}
	if (kind > '4')
		return describe(frames, sides[0], sides[1]);
	if (frames_describe(frames, sides[0], sides[1],
		    frames->depth == 3 ? VITRINE_BG24 : VITRINE_R8) != FRAMES_OK)
		return FRAMES_BAD;
	if (kind < '4')
		return read_samples(frames, is_bits);
	return frames_add_part(frames,
		&(struct frames_part){.row_bytes = (size_t)(sides[0] + 7) / 8,
			.rows = sides[1],
			.put = put_bits});
}

/*
 * Parses one line of a PAM header; *is_end: it was the last. DEPTH already says what TUPLTYPE does.
 */
static enum frames_result take_pam_line(struct frames *frames, char *line, uint32_t sides[2],
	bool *is_end)
{
	char *value = line + strcspn(line, " \t");
	uint32_t *side = strncmp(line, "WIDTH", 5) == 0 ? &sides[0] : &sides[1];

	if (*value != '\0')
		*value++ = '\0';
	value += strspn(value, " \t");
	value[strcspn(value, " \t\r")] = '\0';
	*is_end = strcmp(line, "ENDHDR") == 0;
	if (strcmp(line, "WIDTH") == 0 || strcmp(line, "HEIGHT") == 0)
		return frames_number(value, FRAMES_SIDE_MOST, side) && *side > 0
			       ? FRAMES_OK
			       : refuse_value(frames, line, value);
	if (strcmp(line, "DEPTH") == 0)
		return frames_number(value, 4, &frames->depth) && frames->depth > 0
			       ? FRAMES_OK
			       : refuse_value(frames, line, value);
	return strcmp(line, "MAXVAL") == 0 ? set_most(frames, value) : FRAMES_OK;
}

static enum frames_result read_pam(struct frames *frames)
{
	uint32_t sides[2] = {0, 0};
	bool is_end = false;
	char line[256];

	frames->depth = frames->most = 0;
	for (int i = 0; i < 64 && !is_end; i++) {
		enum feed_result result = feed_line(&frames->feed, line, sizeof(line));

		if (result != FEED_OK)
			return frames_inside(frames, result);
		if (take_pam_line(frames, line, sides, &is_end) != FRAMES_OK)
			return FRAMES_BAD;
	}
	if (!is_end || sides[0] == 0 || sides[1] == 0 || frames->depth == 0 || frames->most == 0)
		return frames_refuse(frames,
			_("has a header in which WIDTH, HEIGHT, DEPTH, MAXVAL or ENDHDR is missing"));
	return describe(frames, sides[0], sides[1]);
}

static enum frames_result next_pnm(struct frames *frames)
{
	uint8_t magic[3] = {'\n', 0, 0};
	enum feed_result result = FEED_OK;

	while (result == FEED_OK && isspace(magic[0])) /* accept a newline after a frame */
		result = feed_byte(&frames->feed, &magic[0]);
	if (result == FEED_END && frames->count > 0)
		return FRAMES_END;
	for (int i = 1; i < 3 && result == FEED_OK; i++)
		result = feed_byte(&frames->feed, &magic[i]);
	if (result != FEED_OK)
		return frames_inside(frames, result);
	if (magic[0] != 'P' || !(isspace(magic[2]) || magic[2] == '#'))
		return frames_refuse(frames,
			_("has %02x %02x %02x where the next frame should begin with P1 to P7"),
			magic[0], magic[1], magic[2]);
	if (magic[1] < '1' || magic[1] > '7')
		return frames_refuse(frames, _("has a frame of the kind P%c; P1 to P7 can be read"),
			magic[1]);
	frames->depth = magic[1] == '3' || magic[1] == '6' ? 3 : 1;
	return magic[1] == '7' ? read_pam(frames) : read_pnm(frames, (char)magic[1]);
}

const struct frames_kind frames_pnm = {.name = "PNM", .next = next_pnm};

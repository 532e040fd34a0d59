/*
 * xpm.c - see xpm.h. The text is walked just as SDL_image does it: from quote to quote, but for the
 * pixels, of which it takes as many bytes as the header says.
 */
#include "xpm.h"

#include <stdio.h>
#include <string.h>

#define SIDE_MAX       (UINT32_C(1) << 20)
#define COLOURS_MAX    (UINT32_C(1) << 16)
#define CHARACTERS_MAX 8 /* of a colour's key */

struct walk {
	const uint8_t *at;
	const uint8_t *end;
};

struct text {
	const uint8_t *bytes;
	size_t length;
};

/* Moves behind the next quote. false: there is none. */
static bool find_quote(struct walk *walk)
{
	const uint8_t *quote = memchr(walk->at, '"', (size_t)(walk->end - walk->at));

	walk->at = quote != NULL ? quote + 1 : walk->end;
	return quote != NULL;
}

static bool next_string(struct walk *walk, struct text *text)
{
	if (!find_quote(walk))
		return false;
	text->bytes = walk->at;
	if (!find_quote(walk))
		return false;
	text->length = (size_t)(walk->at - 1 - text->bytes);
	return true;
}

/* The four numbers of the first string. */
static bool read_header(struct walk *walk, struct xpm *xpm, uint32_t *colours, uint32_t *characters)
{
	struct text text;
	char copy[64];

	if (!next_string(walk, &text) || text.length >= sizeof(copy))
		return false;
	memcpy(copy, text.bytes, text.length);
	copy[text.length] = '\0';
	uint32_t width, height;
	if (strchr(copy, '-') != NULL ||
		sscanf(copy, "%9u %9u %9u %9u", &width, &height, colours, characters) != 4)
		return false;
	if (width > 0 && height > 0) {
		xpm->width = width;
		xpm->height = height;
	}
	return width > 0 && width <= SIDE_MAX && height > 0 && height <= SIDE_MAX && *colours > 0 &&
	       *colours <= COLOURS_MAX && *characters > 0 && *characters <= CHARACTERS_MAX;
}

struct xpm xpm_check(const uint8_t *bytes, size_t size)
{
	struct xpm xpm = {0};
	struct walk walk = {bytes, bytes + size};
	bool defined[256] = {false};
	uint32_t colours, characters;

	if (!read_header(&walk, &xpm, &colours, &characters))
		return xpm;
	for (uint32_t i = 0; i < colours; i++) {
		struct text text;

		if (!next_string(&walk, &text) || text.length < characters + 2)
			return xpm;
		defined[text.bytes[0]] = true;
	}
	for (uint32_t y = 0; y < xpm.height; y++) {
		size_t row = (size_t)xpm.width * characters;

		if (!find_quote(&walk) || (size_t)(walk.end - walk.at) < row)
			return xpm;
		for (size_t x = 0; x < row; x += characters)
			if (!defined[walk.at[x]])
				return xpm;
		walk.at += row;
		/* The reader takes the closing quote, a comma and the end of the line unseen. */
		walk.at += walk.end - walk.at < 3 ? walk.end - walk.at : 3;
	}
	xpm.is_sound = true;
	return xpm;
}

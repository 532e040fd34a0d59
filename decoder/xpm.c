/*
 * xpm.c - XPM: C source text of which only the strings matter. The first one has the sizes, the
 * next ones the colour of each key, the rest are rows of keys. Colours are #RGB … #RRRRGGGGBBBB or
 * X11 names (x11colours.inc, from rgb.txt).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"
#include "translate.h"

#define SIDE_MAX       (UINT32_C(1) << 20)
#define COLOURS_MAX    (UINT32_C(1) << 18)
#define CHARACTERS_MAX 8 /* bytes of a key */

struct text {
	const char *bytes;
	size_t length;
};

struct entry {
	char key[CHARACTERS_MAX];
	uint32_t colour;
};

struct xpm {
	const char *at;
	const char *end;
	uint32_t width, height, colours, characters;
	struct entry *entries; /* sorted by their keys */
};

static const struct name {
	const char *name; /* lower case, without blanks */
	uint32_t colour;
} names[] = {
#include "x11colours.inc"
};

/* ---- strings --------------------------------------------------------------------------------- */

/* The next string, after any comments. false: there is none. */
static bool next_string(struct xpm *xpm, struct text *text)
{
	while (xpm->at < xpm->end && *xpm->at != '"') {
		const bool is_comment = xpm->end - xpm->at >= 4 && memcmp(xpm->at, "/*", 2) == 0;

		if (is_comment) {
			const char *end =
				memmem(xpm->at + 2, (size_t)(xpm->end - xpm->at - 2), "*/", 2);
			xpm->at = end != NULL ? end + 2 : xpm->end;
		} else {
			xpm->at++;
		}
	}
	if (xpm->at >= xpm->end)
		return false;
	text->bytes = ++xpm->at;
	const char *end = memchr(text->bytes, '"', (size_t)(xpm->end - text->bytes));
	if (end == NULL)
		return false;
	text->length = (size_t)(end - text->bytes);
	xpm->at = end + 1;
	return true;
}

static bool read_header(struct xpm *xpm)
{
	struct text text;
	char copy[64];

	if (!next_string(xpm, &text) || text.length >= sizeof(copy))
		return false;
	memcpy(copy, text.bytes, text.length);
	copy[text.length] = '\0';
	if (strchr(copy, '-') != NULL || sscanf(copy, "%9u %9u %9u %9u", &xpm->width, &xpm->height,
						 &xpm->colours, &xpm->characters) != 4)
		return false;
	return xpm->width > 0 && xpm->width <= SIDE_MAX && xpm->height > 0 &&
	       xpm->height <= SIDE_MAX && xpm->colours > 0 && xpm->colours <= COLOURS_MAX &&
	       xpm->characters > 0 && xpm->characters <= CHARACTERS_MAX;
}

/* ---- colours --------------------------------------------------------------------------------- */

/* #RGB, #RRGGBB, #RRRGGGBBB or #RRRRGGGGBBBB: keeps the first eight bits of each. */
static bool read_digits(const char *digits, uint32_t *colour)
{
	const size_t length = strspn(digits, "0123456789abcdefABCDEF");
	const size_t each = length / 3;

	if (digits[length] != '\0' || each < 1 || each > 4 || length % 3 != 0)
		return false;
	*colour = 0xff;
	for (size_t i = 0; i < 3; i++) {
		char part[5] = "";

		memcpy(part, digits + i * each, each);
		const uint32_t value = (uint32_t)strtoul(part, NULL, 16);
		*colour = *colour << 8 | (each == 1 ? value * 17 : value >> (4 * each - 8));
	}
	return true;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->name, ((const struct name *)b)->name);
}

/* Accepts "Light Blue" and "grey50", too. Unknown names are black, as in other programs. */
static uint32_t colour_of(const char *text)
{
	struct name wanted = {.name = (char[40]){""}};
	char small[40];
	size_t length = 0;
	uint32_t colour;

	for (; *text != '\0' && length + 1 < sizeof(small); text++)
		if (!isspace((unsigned char)*text))
			small[length++] = (char)tolower((unsigned char)*text);
	small[length] = '\0';
	if (small[0] == '#' && read_digits(small + 1, &colour))
		return colour;
	if (strcmp(small, "none") == 0 || strcmp(small, "transparent") == 0)
		return 0;
	char *grey = strstr(small, "grey");
	if (grey != NULL)
		grey[2] = 'a';
	wanted.name = small;
	const struct name *found = bsearch(&wanted, names, sizeof(names) / sizeof(names[0]),
		sizeof(names[0]), compare_names);
	return found != NULL ? UINT32_C(0xff000000) | found->colour : UINT32_C(0xff000000);
}

/* Which kind of screen a word names, best first; KINDS: none. */
enum { KINDS = 5 };

static int kind_of(const char *word)
{
	static const char *const kinds[KINDS] = {"c", "g", "g4", "m", "s"};
	int kind = 0;

	while (kind < KINDS && strcmp(word, kinds[kind]) != 0)
		kind++;
	return kind;
}

/*
 * Parses the words of "c light blue m white s sky": the value for the best kind. false: there is
 * none.
 */
static bool find_value(char *text, char value[64])
{
	int best = KINDS, current = KINDS;
	bool has_value = true;
	char *saved = NULL;

	for (char *word = strtok_r(text, " \t\r\n", &saved); word != NULL;
		word = strtok_r(NULL, " \t\r\n", &saved)) {
		const int kind = kind_of(word);

		if (kind < KINDS && has_value) {
			current = kind;
			has_value = false;
			if (kind < best)
				value[0] = '\0';
			best = kind < best ? kind : best;
			continue;
		}
		has_value = true;
		if (current == best && best < KINDS) {
			const size_t used = strlen(value);

			snprintf(value + used, 64 - used, "%s", word);
		}
	}
	return value[0] != '\0';
}

static bool read_entry(struct xpm *xpm, struct entry *entry)
{
	struct text text;
	char copy[256], value[64] = "";

	if (!next_string(xpm, &text) || text.length < xpm->characters + 2)
		return false;
	memset(entry->key, 0, sizeof(entry->key));
	memcpy(entry->key, text.bytes, xpm->characters);
	text.length -= xpm->characters;
	if (text.length >= sizeof(copy))
		return false;
	memcpy(copy, text.bytes + xpm->characters, text.length);
	copy[text.length] = '\0';
	if (!find_value(copy, value))
		return false;
	entry->colour = colour_of(value);
	return true;
}

static int compare_entries(const void *a, const void *b)
{
	return memcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key,
		CHARACTERS_MAX);
}

static bool read_entries(struct xpm *xpm)
{
	for (uint32_t i = 0; i < xpm->colours; i++)
		if (!read_entry(xpm, &xpm->entries[i]))
			return false;
	qsort(xpm->entries, xpm->colours, sizeof(struct entry), compare_entries);
	return true;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

/* false: the row is missing, too short, or has an undefined key. */
static bool read_row(struct xpm *xpm, uint32_t *to)
{
	struct entry wanted = {.colour = 0};
	const struct entry *found = NULL;
	struct text text;

	if (!next_string(xpm, &text) || text.length < (size_t)xpm->width * xpm->characters)
		return false;
	for (uint32_t x = 0; x < xpm->width; x++) {
		const char *key = text.bytes + (size_t)x * xpm->characters;

		if (found == NULL || memcmp(found->key, key, xpm->characters) != 0) {
			memcpy(wanted.key, key, xpm->characters);
			found = bsearch(&wanted, xpm->entries, xpm->colours, sizeof(struct entry),
				compare_entries);
		}
		if (found == NULL)
			return false;
		to[x] = found->colour;
	}
	return true;
}

static bool read_rows(struct xpm *xpm, const struct reading *reading, uint32_t *row)
{
	for (uint32_t y = 0; y < xpm->height; y++) {
		if (!read_row(xpm, row))
			return reading_fail(reading, N_("is a damaged or truncated XPM image"));
		reading_put_rows(reading, row, xpm->width, xpm->width, 1);
	}
	return true;
}

bool xpm_read(const struct reading *reading)
{
	const struct raster_source *source = reading->source;
	struct xpm xpm = {.at = (const char *)source->bytes,
		.end = (const char *)source->bytes + source->size};
	uint32_t *row = NULL;
	bool is_read = false;

	if (!read_header(&xpm))
		return reading_fail(reading, N_("is a damaged or truncated XPM image"));
	if (!size_limit_allows(source->limit, xpm.width, xpm.height, source->size, reading->reason))
		return false;
	xpm.entries = calloc(xpm.colours, sizeof(struct entry));
	row = malloc((size_t)xpm.width * 4);
	if (xpm.entries == NULL || row == NULL)
		reading_fail_memory(reading);
	else if (!read_entries(&xpm))
		reading_fail(reading, N_("is a damaged or truncated XPM image"));
	else
		is_read = reading_begin(reading, xpm.width, xpm.height, 1) &&
			  read_rows(&xpm, reading, row);
	free(xpm.entries);
	free(row);
	return is_read;
}

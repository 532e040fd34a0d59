/*
 * font.c - see font.h. A string is divided into runs, each of one font and one direction. A run is
 * rendered in white and coloured when it is drawn, so that one texture serves every colour.
 */
#include "font.h"

#include "bidi.h"
#include "face.h"
#include "fnv.h"
#include "utf8.h"

#include <SDL_ttf.h>
#include <stdlib.h>
#include <string.h>

enum {
	ENTRIES = 512,
	BYTES_MAX = 16 << 20,
	WIDTH_MAX = 8192, /* limit of one string's texture, wider than any screen */
};

struct entry {
	uint64_t hash; /* 0: the entry is free */
	uint64_t used; /* when it was last drawn, by the cache's own clock */
	struct font_style style;
	char *text;
	SDL_Texture *texture;
	int width, height;
};

struct fonts {
	SDL_Renderer *renderer;
	float scale;
	struct faces *faces;
	struct entry entries[ENTRIES];
	size_t bytes;
	uint64_t clock;
};

struct fonts *font_create(SDL_Renderer *renderer, float scale)
{
	struct fonts *fonts = calloc(1, sizeof(*fonts));
	if (fonts == NULL)
		return NULL;
	fonts->renderer = renderer;
	fonts->scale = scale;
	fonts->faces = faces_create();
	if (fonts->faces == NULL) {
		free(fonts);
		return NULL;
	}
	return fonts;
}

static size_t bytes_of(const struct entry *entry)
{
	return (size_t)entry->width * (size_t)entry->height * 4;
}

static void drop(struct fonts *fonts, struct entry *entry)
{
	if (entry->hash == 0)
		return;
	fonts->bytes -= bytes_of(entry);
	SDL_DestroyTexture(entry->texture);
	free(entry->text);
	*entry = (struct entry){0};
}

void font_forget(struct fonts *fonts)
{
	for (size_t i = 0; i < ENTRIES; i++)
		drop(fonts, &fonts->entries[i]);
}

void font_destroy(struct fonts *fonts)
{
	if (fonts == NULL)
		return;
	font_forget(fonts);
	faces_destroy(fonts->faces);
	free(fonts);
}

void font_set_scale(struct fonts *fonts, float scale)
{
	if (fonts->scale == scale)
		return;
	fonts->scale = scale;
	font_forget(fonts);
	faces_close_fonts(fonts->faces);
}

static int pixels_of(const struct fonts *fonts, int size)
{
	int pixels = (int)((float)size * fonts->scale + 0.5f);
	return pixels > 0 ? pixels : 1;
}

const char *font_error(struct fonts *fonts)
{
	bool is_there = faces_open(fonts->faces, FONT_SANS, pixels_of(fonts, 14)) != NULL;
	return is_there ? NULL : faces_error(fonts->faces);
}

int font_height(struct fonts *fonts, struct font_style style)
{
	TTF_Font *font = faces_open(fonts->faces, style.face, pixels_of(fonts, style.size));
	return font != NULL ? TTF_FontHeight(font) : 0;
}

/* ---- runs ---------------------------------------------------------------------------------- */

enum { PARTS = 32 };

struct run {
	TTF_Font *font;
	char script[5]; /* as HarfBuzz names it: letters are joined by the rules of their script */
	char text[FONT_TEXT_MAX];
};

/* A text that is being divided into runs, in order from left to right. */
struct walk {
	struct fonts *fonts;
	struct font_style style;
	const char *text;
	struct bidi_run directions[BIDI_RUNS_MAX];
	size_t direction_count, direction; /* the next one */
	const char *at, *end;              /* of the part that is written from left to right */
	/*
	 * The starts of the runs of the part that is written from right to left. The last one is
	 * next.
	 */
	const char *parts[PARTS + 1];
	size_t part_count;
};

static void start_walk(struct walk *walk, struct fonts *fonts, struct font_style style,
	const char *text)
{
	walk->fonts = fonts;
	walk->style = style;
	walk->text = text;
	walk->direction_count = bidi_runs(text, walk->directions);
	walk->direction = walk->part_count = 0;
	walk->at = walk->end = text;
}

/* The script of a letter, if its rules differ from those of Latin letters; else "". */
static const char *script_of(uint32_t character)
{
	if (character >= 0x0590 && character <= 0x05ff)
		return "Hebr";
	if ((character >= 0x0600 && character <= 0x08ff) ||
		(character >= 0xfb50 && character <= 0xfeff))
		return "Arab";
	return "";
}

/* Advances *text past the next characters, up to `end`, of one font and script. False: none. */
static bool fill_run(struct walk *walk, const char **text, const char *end, struct run *run)
{
	int size = pixels_of(walk->fonts, walk->style.size);
	size_t length = 0;

	run->font = NULL;
	run->script[0] = '\0';
	while (*text < end && length + UTF8_MAX < sizeof(run->text)) {
		const char *next = *text;
		uint32_t character = utf8_next(&next);
		const char *script = script_of(character);
		TTF_Font *font =
			faces_open_for(walk->fonts->faces, walk->style.face, size, character);
		if (font == NULL)
			return false;
		if (run->font != NULL && font != run->font && character != ' ')
			break;
		if (*script != '\0' && run->script[0] != '\0' && strcmp(script, run->script) != 0)
			break;
		if (run->font == NULL)
			run->font = font;
		if (*script != '\0')
			memcpy(run->script, script, sizeof(run->script));
		length += utf8_put(run->text + length, character);
		*text = next;
	}
	run->text[length] = '\0';
	return length > 0;
}

/* Finds the runs of the part that is written from right to left, which are in reverse order. */
static void turn(struct walk *walk, const char *at, const char *end, struct run *run)
{
	walk->part_count = 0;
	while (at < end && walk->part_count < PARTS) {
		walk->parts[walk->part_count] = at;
		if (!fill_run(walk, &at, end, run))
			return;
		walk->part_count++;
	}
	walk->parts[walk->part_count] = at;
}

static void set_font(struct run *run, bool is_rtl)
{
	TTF_SetFontDirection(run->font, is_rtl ? TTF_DIRECTION_RTL : TTF_DIRECTION_LTR);
	TTF_SetFontScriptName(run->font, run->script[0] != '\0' ? run->script : "Zzzz");
}

/* Gets the next run of characters that one font can draw. False: the end of the text. */
static bool next_run(struct walk *walk, struct run *run)
{
	for (;;) {
		if (walk->part_count > 0) {
			const char *at = walk->parts[--walk->part_count];

			if (!fill_run(walk, &at, walk->parts[walk->part_count + 1], run))
				return false;
			set_font(run, true);
			return true;
		}
		if (walk->at < walk->end) {
			if (!fill_run(walk, &walk->at, walk->end, run))
				return false;
			set_font(run, false);
			return true;
		}
		if (walk->direction == walk->direction_count)
			return false;
		const struct bidi_run *next = &walk->directions[walk->direction++];
		const char *start = walk->text + next->start;
		if (next->is_rtl) {
			turn(walk, start, start + next->length, run);
		} else {
			walk->at = start;
			walk->end = start + next->length;
		}
	}
}

/* *bottom receives the lower end of the lowest run, which may be lower than the font says. */
static int measure(struct fonts *fonts, struct font_style style, const char *text, int *bottom)
{
	TTF_Font *own = faces_open(fonts->faces, style.face, pixels_of(fonts, style.size));
	struct walk walk;
	struct run run;
	int width = 0;

	start_walk(&walk, fonts, style, text);
	*bottom = own != NULL ? TTF_FontHeight(own) : 0;
	while (next_run(&walk, &run)) {
		int w = 0;
		int h = 0;
		if (TTF_SizeUTF8(run.font, run.text, &w, &h) != 0)
			continue;
		width += w;
		h += TTF_FontAscent(own) - TTF_FontAscent(run.font);
		*bottom = SDL_max(*bottom, h);
	}
	return width;
}

/* Draws one run on the surface of the whole line: fonts differ in height, but share a baseline. */
static void put_run(SDL_Surface *line, const struct run *run, int ascent, int *x)
{
	const SDL_Color white = {255, 255, 255, 255};
	SDL_Surface *surface = TTF_RenderUTF8_Blended(run->font, run->text, white);
	SDL_Rect to = {*x, ascent - TTF_FontAscent(run->font), 0, 0};

	if (surface == NULL)
		return;
	*x += surface->w;
	SDL_SetSurfaceBlendMode(surface, SDL_BLENDMODE_NONE);
	SDL_BlitSurface(surface, NULL, line, &to);
	SDL_FreeSurface(surface);
}

static SDL_Surface *render(struct fonts *fonts, struct font_style style, const char *text)
{
	int height;
	int width = measure(fonts, style, text, &height);
	TTF_Font *own = faces_open(fonts->faces, style.face, pixels_of(fonts, style.size));
	SDL_Surface *line;
	struct walk walk;
	struct run run;
	int x = 0;

	if (own == NULL || width <= 0)
		return NULL;
	width = width < WIDTH_MAX ? width : WIDTH_MAX;
	line = SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, SDL_PIXELFORMAT_ARGB8888);
	if (line == NULL)
		return NULL;
	SDL_FillRect(line, NULL, 0x00ffffff);
	start_walk(&walk, fonts, style, text);
	while (x < width && next_run(&walk, &run))
		put_run(line, &run, TTF_FontAscent(own), &x);
	return line;
}

/* ---- the cache ----------------------------------------------------------------------------- */

static uint64_t hash_of(struct font_style style, const char *text)
{
	uint64_t hash =
		UINT64_C(0xcbf29ce484222325) ^ (uint64_t)style.face ^ (uint64_t)style.size << 8;
	for (; *text != '\0'; text++)
		hash = fnv_mix(hash, (unsigned char)*text);
	return hash | 1;
}

static struct entry *lookup(struct fonts *fonts, struct font_style style, const char *text)
{
	uint64_t hash = hash_of(style, text);
	for (size_t i = 0; i < ENTRIES; i++) {
		struct entry *entry = &fonts->entries[i];
		if (entry->hash == hash && entry->style.face == style.face &&
			entry->style.size == style.size && strcmp(entry->text, text) == 0)
			return entry;
	}
	return NULL;
}

static struct entry *least_used(struct fonts *fonts, bool also_free)
{
	struct entry *least = NULL;
	for (size_t i = 0; i < ENTRIES; i++) {
		struct entry *entry = &fonts->entries[i];
		if (entry->hash == 0) {
			if (also_free)
				return entry;
		} else if (least == NULL || entry->used < least->used) {
			least = entry;
		}
	}
	return least;
}

static struct entry *add(struct fonts *fonts, struct font_style style, const char *text)
{
	SDL_Surface *surface = render(fonts, style, text);
	SDL_Texture *texture =
		surface ? SDL_CreateTextureFromSurface(fonts->renderer, surface) : NULL;
	char *copy = strdup(text);
	struct entry entry = {hash_of(style, text), 0, style, copy, texture, 0, 0};

	if (surface != NULL) {
		entry.width = surface->w;
		entry.height = surface->h;
	}
	SDL_FreeSurface(surface);
	if (texture == NULL || copy == NULL) {
		SDL_DestroyTexture(texture);
		free(copy);
		return NULL;
	}
	SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_BLEND);
	while (fonts->bytes > 0 && fonts->bytes + bytes_of(&entry) > BYTES_MAX)
		drop(fonts, least_used(fonts, false));
	struct entry *place = least_used(fonts, true);
	drop(fonts, place);
	*place = entry;
	fonts->bytes += bytes_of(place);
	return place;
}

size_t font_cached(const struct fonts *fonts)
{
	return fonts->bytes;
}

int font_width(struct fonts *fonts, struct font_style style, const char *text)
{
	const struct entry *entry = text != NULL ? lookup(fonts, style, text) : NULL;
	int height;
	if (entry != NULL)
		return entry->width;
	return text != NULL ? measure(fonts, style, text, &height) : 0;
}

int font_draw(struct fonts *fonts, struct font_style style, SDL_Color colour, int x, int y,
	const char *text)
{
	struct entry *entry;
	SDL_Rect to;

	if (text == NULL || *text == '\0')
		return 0;
	entry = lookup(fonts, style, text);
	if (entry == NULL)
		entry = add(fonts, style, text);
	if (entry == NULL)
		return 0;
	entry->used = ++fonts->clock;
	to = (SDL_Rect){x, y, entry->width, entry->height};
	SDL_SetTextureColorMod(entry->texture, colour.r, colour.g, colour.b);
	SDL_SetTextureAlphaMod(entry->texture, colour.a);
	SDL_RenderCopy(fonts->renderer, entry->texture, NULL, &to);
	return entry->width;
}

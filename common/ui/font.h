/*
 * font.h - text: fonts found by fontconfig, opened on first use at size x scale, and a bounded
 * cache of rendered strings. Characters that a face lacks come from any installed font that has
 * them; only the next process finds a font that is installed later. Hebrew and Arabic are written
 * from right to left (bidi.h).
 * Nothing here knows the theme. Called on the thread that draws; all coordinates are pixels of the
 * renderer's output. Any bytes may be drawn: what is not UTF-8 shows as a replacement character,
 * control characters as a space, and a string is cut off at 8192 pixels.
 */
#ifndef VITRINE_UI_FONT_H
#define VITRINE_UI_FONT_H

#include <SDL_render.h>
#include <stdbool.h>
#include <stddef.h>

#define FONT_TEXT_MAX 1024u /* bytes: enough for any shortened line, with its NUL */

enum font_face { FONT_SANS, FONT_BOLD, FONT_MONO, FONT_MONO_BOLD, FONT_FACES };

struct font_style {
	enum font_face face;
	int size; /* of the em, logical pixels */
};

/*
 * The part that is omitted from a text that is too long. A file's name is cut in the middle,
 * because both of its ends matter.
 */
enum font_cut { FONT_CUT_END, FONT_CUT_MIDDLE };

struct fonts;

/* NULL: no memory. Opens no font yet, so it is quick. `scale`: output pixels per logical pixel. */
struct fonts *font_create(SDL_Renderer *renderer, float scale);
void font_destroy(struct fonts *fonts); /* NULL is allowed */

/* For another screen: closes open fonts; clears the cache if the scale has changed. */
void font_set_scale(struct fonts *fonts, float scale);

/* The renderer lost its textures: forgets the rendered strings. */
void font_forget(struct fonts *fonts);

/*
 * NULL if there is a font; otherwise one sentence with the problem and the remedy. Opens the sans
 * face if nothing has been drawn yet. Without a font, texts have width 0 and drawing does nothing.
 */
const char *font_error(struct fonts *fonts);

int font_height(struct fonts *fonts, struct font_style style); /* of a line, with its gap */
int font_width(struct fonts *fonts, struct font_style style, const char *text);

/* Draws one line with its upper left corner at x, y; returns its width. NULL text is "". */
int font_draw(struct fonts *fonts, struct font_style style, SDL_Color colour, int x, int y,
	const char *text);

/*
 * Copies as much of `text` to `out` as fits into `width` pixels, with "…" in place of the omitted
 * part; whole characters only. Returns the width of `out`, which is "" if nothing fits.
 */
int font_shorten(struct fonts *fonts, struct font_style style, enum font_cut cut, int width,
	const char *text, char *out, size_t size);

struct font_line {
	size_t start;  /* in the text */
	size_t length; /* bytes */
};

/*
 * Breaks `text` at spaces and newlines (within a word only if the word alone is too wide) into
 * lines of at most `width` pixels. Returns the number of lines; writes at most `max`.
 */
size_t font_wrap(struct fonts *fonts, struct font_style style, int width, const char *text,
	struct font_line *lines, size_t max);

/* Bytes of textures that the cache holds; never above its limit of 16 MiB. For tests. */
size_t font_cached(const struct fonts *fonts);

#endif

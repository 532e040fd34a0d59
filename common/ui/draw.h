/*
 * draw.h - the pen of a window: the shapes the theme is made of, smooth with any renderer (corners
 * are small textures with the coverage in their alpha, kept and reused). It owns the fonts. It is
 * not a widget kit: nothing here has state that a user could see. Called on the thread that draws.
 *
 * All rectangles, radii and line widths are pixels of the renderer's output; draw_px() turns the
 * theme's logical pixels into them. Colours may be translucent.
 */
#ifndef VITRINE_UI_DRAW_H
#define VITRINE_UI_DRAW_H

#include "font.h"

#include <SDL_render.h>
#include <stdbool.h>

struct draw;

/* NULL: no memory. The renderer must outlive it. `scale`: output pixels per logical pixel. */
struct draw *draw_create(SDL_Renderer *renderer, float scale);
void draw_destroy(struct draw *draw); /* NULL is allowed */

SDL_Renderer *draw_renderer(const struct draw *draw);
struct fonts *draw_fonts(const struct draw *draw);
float draw_scale(const struct draw *draw);
void draw_set_scale(struct draw *draw, float scale);
void draw_forget(struct draw
		*draw); /* the renderer lost its textures: they are recreated when needed */

/* Converts logical pixels to pixels of the output, rounded; only 0 becomes 0. */
int draw_px(const struct draw *draw, double logical);

/* ---- shapes -------------------------------------------------------------------------------- */

void draw_fill(struct draw *draw, SDL_Rect rect, SDL_Color colour);
/* Vertical stripes, which can be distinguished from a filled rectangle without colour. */
void draw_hatched(struct draw *draw, SDL_Rect rect, SDL_Color colour);
void draw_round(struct draw *draw, SDL_Rect rect, int radius, SDL_Color colour);
/* A border, `line` pixels wide, inside `rect`. */
void draw_outline(struct draw *draw, SDL_Rect rect, int radius, int line, SDL_Color colour);
void draw_dashes(struct draw *draw, SDL_Rect rect, int radius, int line, SDL_Color colour);
/* A card: filled and bordered without the two fringing each other. */
void draw_card(struct draw *draw, SDL_Rect rect, int radius, int line, SDL_Color fill,
	SDL_Color border);
/* A word on a coloured pill ("ready"), upper left corner at x, y; returns what it covers. */
SDL_Rect draw_pill(struct draw *draw, int x, int y, SDL_Color colour, const char *text);
/* The same with only an outline, for a state that means "nothing". */
SDL_Rect draw_pill_hollow(struct draw *draw, int x, int y, const char *text);
int draw_pill_width(struct draw *draw, const char *text);
/*
 * A scroll bar on the right of `body`, whose contents are `all` pixels high and scrolled by
 * `scroll`. Nothing if all of it fits.
 */
void draw_scrollbar(struct draw *draw, SDL_Rect body, int scroll, int all);
/*
 * The round badge with a tick that marks published images; diameter THEME_BADGE_SIZE, centred at x,
 * y.
 */
void draw_tick(struct draw *draw, int x, int y);
/* The background of transparent pictures; the pattern starts at the rectangle's corner. */
void draw_checkerboard(struct draw *draw, SDL_Rect rect);
/* A progress bar; `done` is from 0 to 1. */
void draw_progress(struct draw *draw, SDL_Rect rect, double done);
/*
 * An empty place with a text in its middle (lines separated by \n). `hot`, while something is
 * dragged over the window, makes it amber and dashed.
 */
void draw_drop_place(struct draw *draw, SDL_Rect rect, const char *text, bool hot);
/* Darkens what was drawn so far, for a dialog. */
void draw_dim(struct draw *draw, SDL_Rect rect);

/* ---- text ---------------------------------------------------------------------------------- */

enum draw_align { DRAW_LEFT, DRAW_CENTRE, DRAW_RIGHT };

/* One line, upper left corner at x, y; returns its width. */
int draw_text(struct draw *draw, struct font_style style, SDL_Color colour, int x, int y,
	const char *text);
/* One line centred vertically in `rect`, shortened to its width; returns the width drawn. */
int draw_text_in(struct draw *draw, SDL_Rect rect, struct font_style style, SDL_Color colour,
	enum draw_align align, enum font_cut cut, const char *text);
/* Wrapped lines from the top of `rect`; returns the height that `text` needs. */
int draw_text_wrapped(struct draw *draw, SDL_Rect rect, struct font_style style, SDL_Color colour,
	enum draw_align align, const char *text);

#endif

/* draw.c - see draw.h. */
#include "draw.h"

#include "panes.h"
#include "shape.h"
#include "theme.h"

#include <stdlib.h>
#include <string.h>

struct draw {
	SDL_Renderer *renderer;
	float scale;
	struct fonts *fonts;
	struct shapes shapes;
};

struct draw *draw_create(SDL_Renderer *renderer, float scale)
{
	struct draw *draw = calloc(1, sizeof(*draw));
	if (draw == NULL)
		return NULL;
	draw->renderer = renderer;
	draw->scale = scale;
	draw->shapes.renderer = renderer;
	draw->fonts = font_create(renderer, scale);
	if (draw->fonts == NULL) {
		free(draw);
		return NULL;
	}
	return draw;
}

void draw_destroy(struct draw *draw)
{
	if (draw == NULL)
		return;
	shape_forget(&draw->shapes);
	font_destroy(draw->fonts);
	free(draw);
}

SDL_Renderer *draw_renderer(const struct draw *draw)
{
	return draw->renderer;
}

struct fonts *draw_fonts(const struct draw *draw)
{
	return draw->fonts;
}

float draw_scale(const struct draw *draw)
{
	return draw->scale;
}

void draw_set_scale(struct draw *draw, float scale)
{
	draw->scale = scale;
	font_set_scale(draw->fonts, scale);
}

void draw_forget(struct draw *draw)
{
	shape_forget(&draw->shapes);
	font_forget(draw->fonts);
}

int draw_px(const struct draw *draw, double logical)
{
	int pixels = (int)(logical * (double)draw->scale + (logical < 0 ? -0.5 : 0.5));
	if (pixels == 0 && logical != 0)
		return logical > 0 ? 1 : -1;
	return pixels;
}

void draw_fill(struct draw *draw, SDL_Rect rect, SDL_Color colour)
{
	if (rect.w <= 0 || rect.h <= 0)
		return;
	SDL_SetRenderDrawBlendMode(draw->renderer,
		colour.a == 0xff ? SDL_BLENDMODE_NONE : SDL_BLENDMODE_BLEND);
	SDL_SetRenderDrawColor(draw->renderer, colour.r, colour.g, colour.b, colour.a);
	SDL_RenderFillRect(draw->renderer, &rect);
}

void draw_hatched(struct draw *draw, SDL_Rect rect, SDL_Color colour)
{
	const int stripe = draw_px(draw, 2), step = 2 * stripe;
	const int end = rect.x + rect.w;

	/* The stripes do not move when the rectangle's ends do. */
	for (int x = rect.x - rect.x % step; x < end; x += step) {
		const int from = SDL_max(x, rect.x), to = SDL_min(x + stripe, end);

		draw_fill(draw, (SDL_Rect){from, rect.y, to - from, rect.h}, colour);
	}
}

/* Draws the four quarters of a disc or a ring in the four corners of `rect`. */
static void corners(struct draw *draw, SDL_Rect rect, enum shape_kind kind, int radius, int line,
	SDL_Color colour)
{
	SDL_Texture *texture = shape_get(&draw->shapes, kind, 2 * radius, line);
	if (texture == NULL)
		return;
	SDL_SetTextureColorMod(texture, colour.r, colour.g, colour.b);
	SDL_SetTextureAlphaMod(texture, colour.a);
	for (int i = 0; i < 4; i++) {
		SDL_Rect from = {i % 2 * radius, i / 2 * radius, radius, radius};
		SDL_Rect to = {i % 2 ? rect.x + rect.w - radius : rect.x,
			i / 2 ? rect.y + rect.h - radius : rect.y, radius, radius};
		SDL_RenderCopy(draw->renderer, texture, &from, &to);
	}
}

static int fitting_radius(SDL_Rect rect, int radius)
{
	int most = (rect.w < rect.h ? rect.w : rect.h) / 2;
	return radius < most ? radius : most;
}

void draw_round(struct draw *draw, SDL_Rect rect, int radius, SDL_Color colour)
{
	int r = fitting_radius(rect, radius);
	if (r <= 0) {
		draw_fill(draw, rect, colour);
		return;
	}
	corners(draw, rect, SHAPE_DISC, r, 0, colour);
	draw_fill(draw, (SDL_Rect){rect.x + r, rect.y, rect.w - 2 * r, r}, colour);
	draw_fill(draw, (SDL_Rect){rect.x, rect.y + r, rect.w, rect.h - 2 * r}, colour);
	draw_fill(draw, (SDL_Rect){rect.x + r, rect.y + rect.h - r, rect.w - 2 * r, r}, colour);
}

void draw_outline(struct draw *draw, SDL_Rect rect, int radius, int line, SDL_Color colour)
{
	int r = fitting_radius(rect, radius);
	if (r <= line)
		r = line;
	corners(draw, rect, SHAPE_RING, r, line, colour);
	draw_fill(draw, (SDL_Rect){rect.x + r, rect.y, rect.w - 2 * r, line}, colour);
	draw_fill(draw, (SDL_Rect){rect.x + r, rect.y + rect.h - line, rect.w - 2 * r, line},
		colour);
	draw_fill(draw, (SDL_Rect){rect.x, rect.y + r, line, rect.h - 2 * r}, colour);
	draw_fill(draw, (SDL_Rect){rect.x + rect.w - line, rect.y + r, line, rect.h - 2 * r},
		colour);
}

/* Dashes of one length along `length` pixels, beginning and ending with a gap. */
static void dash_line(struct draw *draw, SDL_Rect at, bool is_upright, int length, SDL_Color colour)
{
	int dash = draw_px(draw, 6);
	int count = length / (2 * dash);
	for (int i = 0; i < count; i++) {
		int middle = (2 * i + 1) * length / (2 * count);
		SDL_Rect rect = at;
		*(is_upright ? &rect.y : &rect.x) += middle - dash / 2;
		*(is_upright ? &rect.h : &rect.w) = dash;
		draw_fill(draw, rect, colour);
	}
}

void draw_dashes(struct draw *draw, SDL_Rect rect, int radius, int line, SDL_Color colour)
{
	int r = fitting_radius(rect, radius);
	int right = rect.x + rect.w - line;
	int bottom = rect.y + rect.h - line;

	if (r > line)
		corners(draw, rect, SHAPE_RING, r, line, colour);
	dash_line(draw, (SDL_Rect){rect.x + r, rect.y, 0, line}, false, rect.w - 2 * r, colour);
	dash_line(draw, (SDL_Rect){rect.x + r, bottom, 0, line}, false, rect.w - 2 * r, colour);
	dash_line(draw, (SDL_Rect){rect.x, rect.y + r, line, 0}, true, rect.h - 2 * r, colour);
	dash_line(draw, (SDL_Rect){right, rect.y + r, line, 0}, true, rect.h - 2 * r, colour);
}

void draw_card(struct draw *draw, SDL_Rect rect, int radius, int line, SDL_Color fill,
	SDL_Color border)
{
	int under =
		line > 1 ? line / 2 : 0; /* the fill's edge is hidden below the border's middle */
	draw_round(draw, panes_inset(rect, under), radius - under, fill);
	draw_outline(draw, rect, radius, line, border);
}

int draw_pill_width(struct draw *draw, const char *text)
{
	return font_width(draw->fonts, THEME_PILL, text) + 2 * draw_px(draw, 8);
}

SDL_Rect draw_pill(struct draw *draw, int x, int y, SDL_Color colour, const char *text)
{
	SDL_Rect rect = {x, y, draw_pill_width(draw, text), draw_px(draw, 17)};

	draw_round(draw, rect, rect.h / 2, colour);
	draw_text_in(draw, rect, THEME_PILL, THEME_INK, DRAW_CENTRE, FONT_CUT_END, text);
	return rect;
}

SDL_Rect draw_pill_hollow(struct draw *draw, int x, int y, const char *text)
{
	SDL_Rect rect = {x, y, draw_pill_width(draw, text), draw_px(draw, 17)};

	draw_outline(draw, rect, rect.h / 2, draw_px(draw, 1), THEME_OUTLINE);
	draw_text_in(draw, rect, THEME_PILL, THEME_TEXT_DIM, DRAW_CENTRE, FONT_CUT_END, text);
	return rect;
}

void draw_scrollbar(struct draw *draw, SDL_Rect body, int scroll, int all)
{
	SDL_Rect bar = {body.x + body.w + draw_px(draw, 6), 0, draw_px(draw, 4), 0};

	if (all <= body.h || body.h <= 0)
		return;
	bar.h = SDL_max((int)((int64_t)body.h * body.h / all), draw_px(draw, 20));
	bar.y = body.y + (int)((int64_t)(body.h - bar.h) * scroll / (all - body.h));
	draw_round(draw, bar, bar.w / 2, THEME_OUTLINE);
}

void draw_tick(struct draw *draw, int x, int y)
{
	int size = draw_px(draw, THEME_BADGE_SIZE);
	SDL_Rect rect = {x - size / 2, y - size / 2, size, size};
	SDL_Texture *tick;

	draw_round(draw, rect, size / 2, THEME_BADGE);
	draw_outline(draw, rect, size / 2, draw_px(draw, 1.5), THEME_TEAL);
	tick = shape_get(&draw->shapes, SHAPE_TICK, size, draw_px(draw, 1.4));
	if (tick == NULL)
		return;
	SDL_Color colour = THEME_TEAL;
	SDL_SetTextureColorMod(tick, colour.r, colour.g, colour.b);
	SDL_RenderCopy(draw->renderer, tick, NULL, &rect);
}

void draw_checkerboard(struct draw *draw, SDL_Rect rect)
{
	int side = draw_px(draw, 8);
	int size = 2 * side * (256 / (2 * side) + 1);
	SDL_Texture *texture = shape_get(&draw->shapes, SHAPE_CHECKERBOARD, size, side);

	if (texture == NULL)
		return;
	for (int y = 0; y < rect.h; y += size)
		for (int x = 0; x < rect.w; x += size) {
			SDL_Rect from = {
				0, 0, SDL_min(size, rect.w - x), SDL_min(size, rect.h - y)};
			SDL_Rect to = {rect.x + x, rect.y + y, from.w, from.h};
			SDL_RenderCopy(draw->renderer, texture, &from, &to);
		}
}

void draw_progress(struct draw *draw, SDL_Rect rect, double done)
{
	SDL_Rect filled = rect;
	double part = done < 0 ? 0 : done > 1 ? 1 : done;

	draw_round(draw, rect, rect.h / 2, THEME_OUTLINE);
	filled.w = (int)((double)rect.w * part + 0.5);
	if (filled.w > 0)
		draw_round(draw, filled, rect.h / 2, THEME_AMBER);
}

void draw_drop_place(struct draw *draw, SDL_Rect rect, const char *text, bool hot)
{
	int line = draw_px(draw, THEME_LINE);
	int radius = draw_px(draw, THEME_RADIUS);
	int height = font_height(draw->fonts, THEME_LABEL) + draw_px(draw, 4);
	SDL_Rect row = {rect.x + 2 * line, 0, rect.w - 4 * line, height};
	int rows = 1;

	if (hot)
		draw_dashes(draw, rect, radius, line, THEME_AMBER);
	else
		draw_outline(draw, rect, radius, line, THEME_OUTLINE);
	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		rows++;
	row.y = rect.y + (rect.h - rows * height) / 2;
	for (int i = 0; i < rows; i++, row.y += height) {
		char part[FONT_TEXT_MAX];
		size_t length = strcspn(text, "\n");
		SDL_strlcpy(part, text, SDL_min(length + 1, sizeof(part)));
		draw_text_in(draw, row, THEME_LABEL, hot ? THEME_TEXT : THEME_TEXT_DIM, DRAW_CENTRE,
			FONT_CUT_END, part);
		text += length + (text[length] != '\0');
	}
}

void draw_dim(struct draw *draw, SDL_Rect rect)
{
	draw_fill(draw, rect, THEME_DIM);
}

/* ---- text ---------------------------------------------------------------------------------- */

int draw_text(struct draw *draw, struct font_style style, SDL_Color colour, int x, int y,
	const char *text)
{
	return font_draw(draw_fonts(draw), style, colour, x, y, text);
}

static int aligned(SDL_Rect rect, enum draw_align align, int width)
{
	if (align == DRAW_LEFT)
		return rect.x;
	return align == DRAW_RIGHT ? rect.x + rect.w - width : rect.x + (rect.w - width) / 2;
}

int draw_text_in(struct draw *draw, SDL_Rect rect, struct font_style style, SDL_Color colour,
	enum draw_align align, enum font_cut cut, const char *text)
{
	struct fonts *fonts = draw_fonts(draw);
	char fitting[FONT_TEXT_MAX];
	int width = font_shorten(fonts, style, cut, rect.w, text, fitting, sizeof(fitting));
	int y = rect.y + (rect.h - font_height(fonts, style)) / 2;

	return font_draw(fonts, style, colour, aligned(rect, align, width), y, fitting);
}

int draw_text_wrapped(struct draw *draw, SDL_Rect rect, struct font_style style, SDL_Color colour,
	enum draw_align align, const char *text)
{
	struct fonts *fonts = draw_fonts(draw);
	struct font_line lines[64];
	size_t count = font_wrap(fonts, style, rect.w, text, lines, SDL_arraysize(lines));
	int height = font_height(fonts, style);

	for (size_t i = 0; i < count && i < SDL_arraysize(lines); i++) {
		char part[FONT_TEXT_MAX];
		size_t length = SDL_min(lines[i].length, sizeof(part) - 1);
		memcpy(part, text + lines[i].start, length);
		part[length] = '\0';
		int width = font_width(fonts, style, part);
		font_draw(fonts, style, colour, aligned(rect, align, width),
			rect.y + (int)i * height, part);
	}
	return (int)count * height;
}

/* xray.c - see xray.h: the panel as a whole. The cards are in xray_slots.c. */
#include "xray.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "panes.h"
#include "text.h"
#include "theme.h"
#include "translate.h"
#include "xray_state.h"

struct xray *xray_create(struct draw *draw, enum theme_colour accent)
{
	struct xray *xray = calloc(1, sizeof(*xray));

	if (xray == NULL)
		return NULL;
	xray->draw = draw;
	xray->accent = accent;
	return xray;
}

void xray_forget(struct xray *xray)
{
	for (size_t i = 0; i < VITRINE_SLOTS_MAX; i++) {
		if (xray->cards[i].image != NULL)
			SDL_DestroyTexture(xray->cards[i].image);
		xray->cards[i].image = NULL;
	}
}

void xray_destroy(struct xray *xray)
{
	if (xray == NULL)
		return;
	xray_forget(xray);
	free(xray);
}

/* ---- the state ----------------------------------------------------------------------------- */

SDL_Color xray_state_colour(uint32_t state)
{
	switch (state) {
	case VITRINE_SLOT_WRITING: return THEME_AMBER;
	case VITRINE_SLOT_READY: return THEME_BLUE;
	case VITRINE_SLOT_READING: return THEME_TEAL;
	case VITRINE_SLOT_DAMAGED: return THEME_RED;
	case XRAY_SLOT_KEPT: return THEME_VIOLET;
	default: return THEME_OUTLINE;
	}
}

void xray_set_model(struct xray *xray, const struct xray_model *model)
{
	bool is_same = xray->has_model && xray->model.slot_count == model->slot_count;

	xray->model = *model;
	xray->has_model = true;
	if (!is_same)
		xray_place(xray, xray->area);
}

void xray_set_thumbnail(struct xray *xray, uint32_t slot, const struct xray_thumbnail *thumbnail)
{
	struct xray_card *card = &xray->cards[slot];
	int width = (int)thumbnail->width;
	int height = (int)thumbnail->height;

	if (card->image != NULL && (card->width != width || card->height != height)) {
		SDL_DestroyTexture(card->image);
		card->image = NULL;
	}
	if (width == 0 || thumbnail->pixels == NULL)
		return;
	if (card->image == NULL)
		card->image = SDL_CreateTexture(draw_renderer(xray->draw), SDL_PIXELFORMAT_ARGB8888,
			SDL_TEXTUREACCESS_STREAMING, width, height);
	if (card->image == NULL)
		return;
	card->width = width;
	card->height = height;
	card->has_alpha = thumbnail->has_alpha;
	SDL_SetTextureBlendMode(card->image,
		card->has_alpha ? SDL_BLENDMODE_BLEND : SDL_BLENDMODE_NONE);
	SDL_UpdateTexture(card->image, NULL, thumbnail->pixels, width * 4);
}

/* ---- the place ----------------------------------------------------------------------------- */

const struct xray_layout *xray_get_layout(const struct xray *xray)
{
	return &xray->layout;
}

static void limit_scroll(struct xray *xray)
{
	int most = xray->layout.slots_height + xray->calls_height - xray->layout.body.h;

	xray->scroll = SDL_clamp(xray->scroll, 0, SDL_max(most, 0));
}

void xray_place(struct xray *xray, SDL_Rect area)
{
	xray->area = area;
	xray->layout = xray_layout_make(area, draw_scale(xray->draw), xray->model.slot_count);
	limit_scroll(xray);
}

void xray_scroll(struct xray *xray, int by)
{
	xray->scroll += by;
	limit_scroll(xray);
}

/* ---- above the slots ----------------------------------------------------------------------- */

/* "2 wait", "1 waits", "0 wait, 1 for 0" */
static void describe_waiting(char text[64], const struct xray_figure *figure)
{
	text_print(text, 64, ngettext("%d waits", "%d wait", (unsigned long)figure->ncnt),
		figure->ncnt);
	if (figure->zcnt > 0)
		text_append(text, 64, _(", %d until 0"), figure->zcnt);
}

static void draw_number(struct draw *draw, SDL_Rect card, SDL_Color border, SDL_Color colour,
	struct font_style style, const char *label, int value)
{
	char text[32];
	SDL_Rect row = {card.x, card.y + draw_px(draw, 4), card.w, draw_px(draw, 32)};

	draw_card(draw, card, draw_px(draw, 6), draw_px(draw, 1.5), THEME_BACKGROUND, border);
	snprintf(text, sizeof(text), "%d", value);
	draw_text_in(draw, row, THEME_FIGURE, colour, DRAW_CENTRE, FONT_CUT_END, text);
	row.y += draw_px(draw, 31);
	row.h = draw_px(draw, 15);
	draw_text_in(draw, row, style, THEME_TEXT_DIM, DRAW_CENTRE, FONT_CUT_END, label);
}

/*
 * Draws a semaphore as `ipcs -s -i` shows it: its value, how many processes wait, and the pid of
 * the last operation.
 */
static void draw_figure(struct draw *draw, SDL_Rect card, SDL_Color colour, const char *label,
	const struct xray_figure *figure)
{
	bool is_awaited = figure->ncnt + figure->zcnt > 0;
	SDL_Rect row = {card.x, card.y + draw_px(draw, 50), card.w, draw_px(draw, 15)};
	char text[64];

	draw_number(draw, card, is_awaited ? THEME_AMBER : THEME_OUTLINE, colour, THEME_MONO, label,
		figure->value);
	describe_waiting(text, figure);
	draw_text_in(draw, row, THEME_LABEL, is_awaited ? THEME_AMBER : THEME_TEXT_DIM, DRAW_CENTRE,
		FONT_CUT_END, text);
	row.y += draw_px(draw, 16);
	text_print(text, sizeof(text), _("pid %d"), figure->pid);
	draw_text_in(draw, row, THEME_MONO_SMALL, THEME_TEXT_DIM, DRAW_CENTRE, FONT_CUT_END, text);
}

static void draw_figures(struct xray *xray)
{
	const struct xray_figure *figures = xray->model.figures;
	const SDL_Rect *places = xray->layout.figures;
	SDL_Color mutex = figures[0].value == 0 ? THEME_AMBER : THEME_TEXT;
	SDL_Color empty = figures[1].value == 0 ? THEME_RED : THEME_TEXT;
	SDL_Color full = figures[2].value > 0 ? THEME_BLUE : THEME_TEXT;

	draw_figure(xray->draw, places[0], mutex, "mutex", &figures[0]);
	draw_figure(xray->draw, places[1], empty, "empty", &figures[1]);
	draw_figure(xray->draw, places[2], full, "full", &figures[2]);
	draw_number(xray->draw, places[3], THEME_OUTLINE, THEME_TEXT, THEME_LABEL, _("slots"),
		(int)xray->model.slot_count);
}

/*
 * Draws a text in as many rows as it needs; if these are more than `rows`, draws only its
 * beginning, in one row. Returns the number of rows used.
 */
static int draw_line(struct xray *xray, SDL_Rect row, struct font_style style, SDL_Color colour,
	const char *text, int rows)
{
	struct draw *draw = xray->draw;
	int lines = (int)font_wrap(draw_fonts(draw), style, row.w, text, NULL, 0);

	if (text[0] == '\0' || rows == 0)
		return 0;
	if (lines <= rows) {
		draw_text_wrapped(draw, row, style, colour, DRAW_LEFT, text);
		return lines;
	}
	draw_text_in(draw, row, style, colour, DRAW_LEFT, FONT_CUT_END, text);
	return 1;
}

static void draw_lines(struct xray *xray)
{
	const struct xray_model *model = &xray->model;
	const struct {
		struct font_style style;
		SDL_Color colour;
		const char *text;
	} lines[] = {
		{THEME_LABEL, THEME_RED, model->damage},
		{THEME_LABEL, THEME_TEXT_DIM, model->here},
		{THEME_LABEL, model->has_sleepers ? THEME_AMBER : THEME_TEXT_DIM, model->asleep},
		{THEME_LABEL, THEME_AMBER, model->because},
		{THEME_MONO_SMALL, THEME_TEXT_DIM, model->segment},
		{THEME_MONO_SMALL, THEME_TEXT_DIM, model->programs},
	};
	SDL_Rect row = xray->layout.lines;
	int rows = row.h / xray->layout.line;

	row.h = xray->layout.line;
	for (size_t i = 0; i < SDL_arraysize(lines); i++) {
		int used =
			draw_line(xray, row, lines[i].style, lines[i].colour, lines[i].text, rows);

		rows -= used;
		row.y += used * row.h;
	}
}

/* ---- this program's own semop calls, newest first ------------------------------------------- */

/* Draws the words of an array, in as many lines as they need; returns their height. */
static int draw_words(struct xray *xray, const struct xray_call *call, SDL_Rect row)
{
	struct draw *draw = xray->draw;
	int gap = draw_px(draw, 8);
	int left = row.x;
	int height = row.h;

	for (uint32_t i = 0; i < call->word_count; i++) {
		const struct arraytext_word *word = &call->words[i];
		int width = font_width(draw_fonts(draw), THEME_MONO_SMALL, word->text);

		if (left > row.x && left + width > row.x + row.w) {
			left = row.x;
			row.y += row.h;
			height += row.h;
		}
		draw_text(draw, THEME_MONO_SMALL, word->is_quiet ? THEME_TEXT_DIM : THEME_TEXT,
			left, row.y, word->text);
		left += width + gap;
	}
	return height;
}

static int draw_call(struct xray *xray, const struct xray_call *call, SDL_Rect row)
{
	struct draw *draw = xray->draw;
	SDL_Rect head = {row.x, row.y, row.w, draw_px(draw, 16)};
	SDL_Rect name = head;

	name.x += draw_text_in(draw, head, THEME_MONO, theme_colour(xray->accent), DRAW_LEFT,
			  FONT_CUT_END, call->time) +
		  draw_px(draw, 12);
	name.w -= name.x - head.x;
	name.w -= draw_text_in(draw, name, THEME_LABEL,
			  call->is_asleep ? THEME_AMBER : THEME_TEXT_DIM, DRAW_RIGHT, FONT_CUT_END,
			  call->note) +
		  draw_px(draw, 8);
	draw_text_in(draw, name, THEME_MONO, call->is_refused ? THEME_TEXT_DIM : THEME_TEXT,
		DRAW_LEFT, FONT_CUT_END, call->name);
	row.y += head.h;
	row.h = font_height(draw_fonts(draw), THEME_MONO_SMALL) + draw_px(draw, 1);
	return head.h + draw_words(xray, call, row) + draw_px(draw, 5);
}

/* Draws what SEM_UNDO would do now; returns its height. */
static int draw_undo(struct xray *xray, SDL_Rect row)
{
	return draw_text_wrapped(xray->draw, row, THEME_LABEL, THEME_TEXT, DRAW_LEFT,
		       xray->model.undo) +
	       draw_px(xray->draw, 6);
}

/* Draws the list from `y` on; returns its height. */
static int draw_calls(struct xray *xray, int y)
{
	struct draw *draw = xray->draw;
	SDL_Rect body = xray->layout.body;
	SDL_Rect row = {body.x, y, body.w, draw_px(draw, 20)};
	bool has_calls = xray->model.call_count > 0;

	draw_text_in(draw, row, THEME_LABEL, THEME_TEXT_DIM, DRAW_LEFT, FONT_CUT_END,
		!has_calls                ? _("no semop call of this program yet")
		: xray->model.is_recorded ? _("semop calls, newest first")
					  : _("semop calls of this program, newest first"));
	row.y += row.h;
	if (xray->model.undo[0] != '\0')
		row.y += draw_undo(xray, row);
	for (uint32_t i = 0; i < xray->model.call_count; i++)
		row.y += draw_call(xray, &xray->model.calls[i], row);
	return row.y - y + draw_px(draw, 6);
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void draw_body(struct xray *xray)
{
	SDL_Rect body = xray->layout.body;
	SDL_Rect clip = {body.x, body.y, body.w, body.h};

	SDL_RenderSetClipRect(draw_renderer(xray->draw), &clip);
	draw_text_in(xray->draw,
		(SDL_Rect){body.x, body.y - xray->scroll, body.w - draw_px(xray->draw, 8),
			xray->layout.legend},
		THEME_LABEL, THEME_TEXT_DIM, DRAW_RIGHT, FONT_CUT_END,
		xray->layout.legend > 0 ? _("semaphores of a slot: ready, latest, writer, reader")
					: "");
	for (uint32_t i = 0; i < xray->model.slot_count; i++) {
		SDL_Rect card = xray_layout_slot(&xray->layout, i, xray->scroll);

		if (SDL_HasIntersection(&card, &clip))
			xray_draw_slot(xray, i, card);
	}
	xray->calls_height = draw_calls(xray, body.y + xray->layout.slots_height - xray->scroll);
	SDL_RenderSetClipRect(draw_renderer(xray->draw), NULL);
}

void xray_draw(struct xray *xray)
{
	struct draw *draw = xray->draw;
	SDL_Rect edge = {xray->area.x, xray->area.y, draw_px(draw, 2), xray->area.h};
	SDL_Rect head = xray->layout.head; /* then the remaining part of it */
	int used;

	draw_fill(draw, xray->area, THEME_PANEL);
	draw_fill(draw, edge, THEME_EDGE);
	if (head.h == 0)
		head.w = 0;
	used = draw_text_in(draw, head, THEME_HEAD, THEME_TEXT, DRAW_LEFT, FONT_CUT_END,
		_("X-ray"));
	head.x += used + draw_px(draw, 8);
	head.w -= used + draw_px(draw, 8);
	if (!xray->model.is_open) {
		draw_text_in(draw, xray->layout.lines, THEME_LABEL, THEME_TEXT_DIM, DRAW_LEFT,
			FONT_CUT_END, xray->has_model ? _("There is no channel.") : "");
		return;
	}
	draw_text_in(draw, head, THEME_MONO_SMALL, THEME_TEXT_DIM, DRAW_RIGHT, FONT_CUT_END,
		xray->model.ids);
	draw_figures(xray);
	draw_lines(xray);
	draw_body(xray);
	limit_scroll(xray);
	draw_scrollbar(draw, xray->layout.body, xray->scroll,
		xray->layout.slots_height + xray->calls_height);
}

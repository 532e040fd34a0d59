/* xray_slots.c - see xray_state.h: one card for each slot, in three sizes. */
#include <stdio.h>
#include <string.h>

#include "panes.h"
#include "text.h"
#include "theme.h"
#include "translate.h"
#include "xray_state.h"

enum { VALUES = 4 };
static const char *const value_names[VALUES] = {"ready", "latest", "writer", "reader"};

const char *xray_state_word(uint32_t state)
{
	switch (state) {
	case VITRINE_SLOT_WRITING: return _("writing");
	case VITRINE_SLOT_READY: return _("ready");
	case VITRINE_SLOT_READING: return _("reading");
	case VITRINE_SLOT_DAMAGED: return _("damaged");
	case XRAY_SLOT_KEPT: return _("kept");
	default: return _("empty");
	}
}

/* Draws the pill in the card's colour, hollow for an empty slot. */
static SDL_Rect draw_state(struct xray *xray, const struct xray_slot *slot, SDL_Color colour, int x,
	int y)
{
	if (slot->state == VITRINE_SLOT_EMPTY)
		return draw_pill_hollow(xray->draw, x, y, xray_state_word(slot->state));
	return draw_pill(xray->draw, x, y, colour, xray_state_word(slot->state));
}

/* Draws a text at the bottom of a row; returns its width. */
static int put(struct xray *xray, SDL_Rect row, struct font_style style, SDL_Color colour,
	enum draw_align align, const char *text)
{
	return draw_text_in(xray->draw, row, style, colour, align, FONT_CUT_MIDDLE, text);
}

/* ---- the picture --------------------------------------------------------------------------- */

/* Draws a sheet of paper with the file's extension, for an image file instead of pixels. */
static void draw_file(struct xray *xray, const struct xray_slot *slot, SDL_Rect place)
{
	const char *dot = strrchr(slot->name, '.');
	char type[8];

	text_print(type, sizeof(type), "%.6s", dot != NULL && dot[1] != '\0' ? dot + 1 : _("file"));
	draw_card(xray->draw, place, draw_px(xray->draw, 3), draw_px(xray->draw, 1), THEME_RAISED,
		THEME_TEXT_DIM);
	put(xray, place, THEME_MONO_SMALL, THEME_TEXT, DRAW_CENTRE, type);
}

static void draw_image(struct xray *xray, uint32_t i, SDL_Rect place)
{
	const struct xray_slot *slot = &xray->model.slots[i];
	const struct xray_card *card = &xray->cards[i];
	SDL_Rect at = {0, 0, card->width, card->height};

	if (slot->is_file) {
		draw_file(xray, slot, place);
		return;
	}
	if (!slot->has_image || card->image == NULL) {
		draw_fill(xray->draw, place, THEME_TRAY);
		if (slot->state == VITRINE_SLOT_WRITING)
			put(xray, place, THEME_LABEL, THEME_AMBER, DRAW_CENTRE, "…");
		return;
	}
	/* A thumbnail of another size is being made. */
	if (at.w > place.w || at.h > place.h) {
		double shrink = SDL_min((double)place.w / at.w, (double)place.h / at.h);

		at.w = SDL_max((int)(at.w * shrink), 1);
		at.h = SDL_max((int)(at.h * shrink), 1);
	}
	at.x = place.x + (place.w - at.w) / 2;
	at.y = place.y + (place.h - at.h) / 2;
	if (card->has_alpha)
		draw_checkerboard(xray->draw, at);
	SDL_RenderCopy(draw_renderer(xray->draw), card->image, NULL, &at);
}

static SDL_Rect picture_in(const struct xray *xray, SDL_Rect card)
{
	int space = (card.h - xray->layout.thumbnail_height) / 2;
	int x = xray->layout.size == XRAY_LARGE ? draw_px(xray->draw, 10) : space;

	return (SDL_Rect){card.x + x, card.y + space, xray->layout.thumbnail_width,
		xray->layout.thumbnail_height};
}

/* ---- the numbers --------------------------------------------------------------------------- */

static void values_of(const struct xray_slot *slot, int32_t values[VALUES])
{
	values[0] = slot->ready;
	values[1] = slot->latest;
	values[2] = slot->writer;
	values[3] = slot->reader;
}

/* Draws "ready 1 latest 0 writer 0 reader 0"; those that are 0 are dimmed. */
static void draw_values(struct xray *xray, const struct xray_slot *slot, SDL_Rect row)
{
	int32_t values[VALUES];

	values_of(slot, values);
	for (int i = 0; i < VALUES; i++) {
		char text[32];

		snprintf(text, sizeof(text), "%s %d", value_names[i], values[i]);
		row.x += put(xray, row, THEME_MONO_SMALL,
				 values[i] != 0 ? THEME_TEXT : THEME_TEXT_DIM, DRAW_LEFT, text) +
			 draw_px(xray->draw, 6);
	}
}

/* Draws the same as four digits, in the same order; returns their width. */
static int draw_short_values(struct xray *xray, const struct xray_slot *slot, SDL_Rect row)
{
	int step = draw_px(xray->draw, 11);
	int32_t values[VALUES];

	values_of(slot, values);
	for (int i = 0; i < VALUES; i++) {
		SDL_Rect place = {row.x + row.w - (VALUES - i) * step, row.y, step, row.h};
		char text[12];

		snprintf(text, sizeof(text), "%d", values[i]);
		put(xray, place, THEME_MONO_SMALL, values[i] != 0 ? THEME_TEXT : THEME_TEXT_DIM,
			DRAW_RIGHT, text);
	}
	return VALUES * step;
}

/* Draws "#41" right-aligned in the row, the newest one in white. Returns the width. */
static int draw_sequence(struct xray *xray, const struct xray_slot *slot, SDL_Rect row)
{
	char text[32];

	if (slot->sequence == 0)
		return 0;
	snprintf(text, sizeof(text), "#%llu", (unsigned long long)slot->sequence);
	return put(xray, row, THEME_MONO, slot->is_latest ? THEME_TEXT : THEME_TEXT_DIM, DRAW_RIGHT,
		text);
}

/* ---- the cards ----------------------------------------------------------------------------- */

static void draw_large(struct xray *xray, uint32_t i, SDL_Rect card, SDL_Color colour)
{
	struct draw *draw = xray->draw;
	const struct xray_slot *slot = &xray->model.slots[i];
	int x = card.x + draw_px(draw, 90);
	SDL_Rect row = {x, card.y + draw_px(draw, 7), card.x + card.w - draw_px(draw, 10) - x,
		draw_px(draw, 17)};
	SDL_Rect left;
	char text[24];

	text_print(text, sizeof(text), _("slot %u"), i);
	int width = put(xray, row, THEME_MONO, THEME_TEXT_DIM, DRAW_LEFT, text) + draw_px(draw, 8);
	draw_state(xray, slot, colour, x + SDL_max(width, draw_px(draw, i < 10 ? 58 : 66)), row.y);
	if (slot->is_latest)
		put(xray, row, THEME_LABEL, THEME_TEXT, DRAW_RIGHT, "latest");
	row.y += draw_px(draw, 18);
	left = row;
	left.w -= draw_sequence(xray, slot, row) + draw_px(draw, 8);
	put(xray, left, THEME_BODY, THEME_TEXT, DRAW_LEFT, slot->name);
	row.y += draw_px(draw, slot->name[0] != '\0' ? 16 : 8);
	put(xray, row, THEME_LABEL,
		slot->state == VITRINE_SLOT_DAMAGED ? THEME_RED : THEME_TEXT_DIM, DRAW_LEFT,
		slot->text);
	row.y = card.y + card.h - draw_px(draw, 20);
	draw_values(xray, slot, row);
}

static void draw_low(struct xray *xray, uint32_t i, SDL_Rect card, SDL_Color colour)
{
	struct draw *draw = xray->draw;
	const struct xray_slot *slot = &xray->model.slots[i];
	int x = card.x + draw_px(draw, 60);
	SDL_Rect row = {x, card.y + draw_px(draw, 4), card.x + card.w - draw_px(draw, 10) - x,
		draw_px(draw, 17)};
	SDL_Rect left = row;
	char text[24];

	snprintf(text, sizeof(text), "%u", i);
	left.x += put(xray, row, THEME_MONO, THEME_TEXT_DIM, DRAW_LEFT, text) + draw_px(draw, 6);
	left.x += draw_state(xray, slot, colour, left.x, row.y).w + draw_px(draw, 8);
	left.w = row.x + row.w - left.x - draw_sequence(xray, slot, row) - draw_px(draw, 8);
	if (slot->is_latest) {
		put(xray, left, THEME_LABEL, THEME_TEXT, DRAW_RIGHT, "latest");
		left.w -= draw_px(draw, 44);
	}
	put(xray, left, THEME_BODY, THEME_TEXT, DRAW_LEFT, slot->name);
	row.y += draw_px(draw, 18);
	left = row;
	left.w -= draw_short_values(xray, slot, row) + draw_px(draw, 6);
	put(xray, left, THEME_LABEL,
		slot->state == VITRINE_SLOT_DAMAGED ? THEME_RED : THEME_TEXT_DIM, DRAW_LEFT,
		slot->text);
}

static void draw_small(struct xray *xray, uint32_t i, SDL_Rect card, SDL_Color colour)
{
	struct draw *draw = xray->draw;
	const struct xray_slot *slot = &xray->model.slots[i];
	int x = card.x + draw_px(draw, 50);
	SDL_Rect row = {x, card.y + draw_px(draw, 4), card.x + card.w - draw_px(draw, 7) - x,
		draw_px(draw, 17)};
	SDL_Rect left = row;
	char text[24];

	snprintf(text, sizeof(text), "%u", i);
	left.x += put(xray, row, THEME_MONO, THEME_TEXT_DIM, DRAW_LEFT, text) + draw_px(draw, 4);
	left.x += draw_state(xray, slot, colour, left.x, row.y).w + draw_px(draw, 4);
	left.w = row.x + row.w - left.x;
	draw_sequence(xray, slot, left);
	row.y += draw_px(draw, 18);
	left = row;
	left.w -= draw_short_values(xray, slot, row) + draw_px(draw, 3);
	text[0] = '\0';
	if (slot->state == VITRINE_SLOT_WRITING && slot->holder > 0)
		text_print(text, sizeof(text), _("by %d"), slot->holder);
	else if (slot->state == VITRINE_SLOT_DAMAGED)
		text_print(text, sizeof(text), "%s", _("damaged"));
	put(xray, left, THEME_LABEL,
		slot->state == VITRINE_SLOT_DAMAGED ? THEME_RED
		: slot->is_latest                   ? THEME_TEXT
						    : THEME_TEXT_DIM,
		DRAW_LEFT, slot->name[0] != '\0' ? slot->name : text);
}

void xray_draw_slot(struct xray *xray, uint32_t i, SDL_Rect card)
{
	SDL_Color colour = xray_state_colour(xray->model.slots[i].state);

	draw_card(xray->draw, card, draw_px(xray->draw, 6), draw_px(xray->draw, THEME_LINE),
		THEME_BACKGROUND, colour);
	draw_image(xray, i, picture_in(xray, card));
	switch (xray->layout.size) {
	case XRAY_LARGE: draw_large(xray, i, card, colour); break;
	case XRAY_LOW: draw_low(xray, i, card, colour); break;
	default: draw_small(xray, i, card, colour); break;
	}
}

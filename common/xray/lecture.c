/* lecture.c - see lecture.h. */
#include "lecture.h"

#include <stdio.h>
#include <string.h>

#include "curves_draw.h"
#include "panes.h"
#include "text.h"
#include "theme.h"
#include "translate.h"
#include "xray.h"

#define NAME     ((struct font_style){FONT_BOLD, 17})
#define SENTENCE ((struct font_style){FONT_BOLD, 16})
#define WORD     ((struct font_style){FONT_BOLD, 14})

/* Logical pixels. */
enum {
	PAD = 12,
	GAP = 10,
	CARD_PAD = 5,
	FIGURES_LEAST = 62,
	FIGURES_MOST = 150,
	SLOTS_HEIGHT = 34,
	CURVES_LEAST = 60,
	NUMBER_LEAST = 24,
	NUMBER_STEP = 8, /* between the sizes of numbers, because each size opens a font */
};

/* Takes `height` from the top of *area, and a gap; w 0: there is no room. */
static SDL_Rect cut_top(struct draw *draw, SDL_Rect *area, int height)
{
	SDL_Rect top = {area->x, area->y, area->w, height};
	int used = height + draw_px(draw, GAP);

	if (height > area->h)
		return (SDL_Rect){0};
	used = SDL_min(used, area->h);
	area->y += used;
	area->h -= used;
	return top;
}

/* ---- the numbers --------------------------------------------------------------------------- */

/* The largest type in which `text` fits into `rect`; digits have no part below the baseline. */
static struct font_style number_style(struct draw *draw, SDL_Rect rect, const char *text)
{
	int size = (int)((float)rect.h / draw_scale(draw) * 1.1F) / NUMBER_STEP * NUMBER_STEP;
	struct font_style style = {FONT_MONO_BOLD, SDL_max(size, NUMBER_LEAST)};

	while (style.size > NUMBER_LEAST && font_width(draw_fonts(draw), style, text) > rect.w)
		style.size -= NUMBER_STEP;
	return style;
}

static bool fits(struct draw *draw, SDL_Rect row, struct font_style style, const char *text)
{
	return font_width(draw_fonts(draw), style, text) <= row.w;
}

/* The largest type for a label in which `text` fits. */
static struct font_style label_style(struct draw *draw, int width, const char *text)
{
	const struct font_style styles[] = {NAME, THEME_BODY_BOLD, THEME_LABEL};
	size_t i = 0;

	while (i + 1 < SDL_arraysize(styles) &&
		font_width(draw_fonts(draw), styles[i], text) > width)
		i++;
	return styles[i];
}

/* "2 wait" */
static const char *count_text(char text[32], int waiting)
{
	text_print(text, 32, ngettext("%d waits", "%d wait", (unsigned long)waiting), waiting);
	return text;
}

/*
 * Draws the semaphore's name and the number of waiting processes, in one row or, if that is too
 * narrow, in two; in a low card only the name. Returns the height that it takes from the bottom of
 * `inner`.
 */
static int draw_label(struct draw *draw, SDL_Rect inner, struct font_style style, const char *name,
	int waiting)
{
	SDL_Color colour = waiting > 0 ? THEME_AMBER : THEME_TEXT;
	int height = font_height(draw_fonts(draw), style), rows = 1;
	SDL_Rect row = {inner.x, inner.y + inner.h - height, inner.w, height};
	char whole[64], count[32];

	snprintf(whole, sizeof(whole), "%s: %s", name, count_text(count, waiting));
	if (waiting > 0 && fits(draw, row, THEME_BODY_BOLD, whole)) {
		style = fits(draw, row, style, whole) ? style : THEME_BODY_BOLD;
		draw_text_in(draw, row, style, colour, DRAW_CENTRE, FONT_CUT_END, whole);
		return height;
	}
	if (waiting > 0 && inner.h >= 4 * height) {
		struct font_style fitting = label_style(draw, row.w, count);

		draw_text_in(draw, row, fitting.size < style.size ? fitting : style, colour,
			DRAW_CENTRE, FONT_CUT_END, count);
		row.y -= height;
		rows = 2;
	}
	draw_text_in(draw, row, style, colour, DRAW_CENTRE, FONT_CUT_END, name);
	return rows * height;
}

static int waiting_at(const struct xray_figure *figure)
{
	return figure->ncnt + figure->zcnt;
}

/* Draws a semaphore's value, and its name below. */
static void draw_number(struct draw *draw, SDL_Rect card, struct font_style style, const char *name,
	const struct xray_figure *figure, SDL_Color colour)
{
	int waiting = waiting_at(figure);
	SDL_Rect inner = panes_inset(card, draw_px(draw, CARD_PAD));
	char text[16];

	draw_card(draw, card, draw_px(draw, THEME_RADIUS), draw_px(draw, waiting > 0 ? 4 : 2),
		THEME_BACKGROUND, waiting > 0 ? THEME_AMBER : THEME_OUTLINE);
	inner.h -= draw_label(draw, inner, style, name, waiting);
	snprintf(text, sizeof(text), "%d", figure->value);
	draw_text_in(draw, inner, number_style(draw, inner, text), colour, DRAW_CENTRE,
		FONT_CUT_END, text);
}

/* The same width for each, but a card takes from the others what its number of waiters needs. */
static void find_widths(struct draw *draw, int width, const struct xray_figure figures[3],
	int widths[3])
{
	int even = width / 3, pad = draw_px(draw, CARD_PAD);
	char text[32];

	widths[0] = widths[1] = widths[2] = even;
	for (int i = 0; i < 3; i++) {
		int waiting = waiting_at(&figures[i]);
		int more = 2 * pad - even +
			   font_width(draw_fonts(draw), THEME_BODY_BOLD, count_text(text, waiting));

		more = waiting > 0 ? SDL_clamp(more, 0, even / 3) : 0;
		for (int j = 0; j < 3; j++)
			widths[j] += j == i ? more : -more / 2;
	}
}

static void draw_numbers(struct draw *draw, SDL_Rect row, const struct xray_model *model)
{
	static const char *const names[] = {"mutex", "empty", "full"};
	const struct xray_figure *figures = model->figures;
	const SDL_Color colours[] = {
		figures[0].value == 0 ? THEME_AMBER : THEME_TEXT,
		figures[1].value == 0 ? THEME_RED : THEME_TEXT,
		figures[2].value > 0 ? THEME_BLUE : THEME_TEXT,
	};
	int gap = draw_px(draw, GAP), widths[3];
	SDL_Rect card = row;

	find_widths(draw, row.w - 2 * gap, figures, widths);
	int narrowest = SDL_min(widths[0], SDL_min(widths[1], widths[2]));
	struct font_style style =
		label_style(draw, narrowest - 2 * draw_px(draw, CARD_PAD), names[0]);
	for (int i = 0; i < 3; i++) {
		card.w = widths[i];
		draw_number(draw, card, style, names[i], &figures[i], colours[i]);
		card.x += card.w + gap;
	}
}

/* ---- the slots ----------------------------------------------------------------------------- */

/* True if a box of this width has room for the word for any state. */
static bool has_room_for_words(struct draw *draw, int width)
{
	static const uint32_t states[] = {VITRINE_SLOT_EMPTY, VITRINE_SLOT_WRITING,
		VITRINE_SLOT_READY, VITRINE_SLOT_READING, XRAY_SLOT_KEPT};

	for (size_t i = 0; i < SDL_arraysize(states); i++)
		if (font_width(draw_fonts(draw), WORD, xray_state_word(states[i])) >
			width - 2 * draw_px(draw, 3))
			return false;
	return true;
}

/*
 * Draws a box for each slot, in the colour of its state, with the word for the state or, if there
 * is no room for each of them, with its number.
 */
static void draw_slots(struct draw *draw, SDL_Rect row, const struct xray_model *model)
{
	int count = (int)model->slot_count;
	int gap = count > 16 ? draw_px(draw, 1) : draw_px(draw, 5);
	bool has_words = has_room_for_words(draw, (row.w + gap) / count - gap);
	char number[16];

	for (int i = 0; i < count; i++) {
		uint32_t state = model->slots[i].state;
		int from = row.x + i * (row.w + gap) / count;
		SDL_Rect box = {
			from, row.y, row.x + (i + 1) * (row.w + gap) / count - gap - from, row.h};
		const char *word = has_words ? xray_state_word(state) : number;
		SDL_Color ink = state == VITRINE_SLOT_EMPTY ? THEME_TEXT : THEME_INK;

		if (state == VITRINE_SLOT_EMPTY)
			draw_outline(draw, box, draw_px(draw, 5), draw_px(draw, 2), THEME_OUTLINE);
		else
			draw_round(draw, box, draw_px(draw, 5), xray_state_colour(state));
		snprintf(number, sizeof(number), "%d", i);
		if (font_width(draw_fonts(draw), WORD, word) <= box.w)
			draw_text_in(draw, box, WORD, ink, DRAW_CENTRE, FONT_CUT_END, word);
	}
}

/* ---- the sentence -------------------------------------------------------------------------- */

/* The most important sentence of the model. */
static const char *choose_sentence(const struct xray_model *model, SDL_Color *colour)
{
	*colour = THEME_AMBER;
	if (model->damage[0] != '\0') {
		*colour = THEME_RED;
		return model->damage;
	}
	if (model->because[0] != '\0')
		return model->because;
	if (model->has_sleepers)
		return model->asleep;
	*colour = THEME_TEXT;
	return model->here;
}

static int sentence_height(struct draw *draw, int width, const char *sentence)
{
	return (int)font_wrap(draw_fonts(draw), SENTENCE, width, sentence, NULL, 0) *
	       font_height(draw_fonts(draw), SENTENCE);
}

/* ---- all of it ----------------------------------------------------------------------------- */

void lecture_draw(struct draw *draw, SDL_Rect area, const struct xray_model *model,
	const struct curves *curves, const char *sentence)
{
	SDL_Rect inner = panes_inset(area, draw_px(draw, PAD)), row;
	SDL_Color colour = THEME_TEXT;
	int figures =
		SDL_clamp(inner.h / 3, draw_px(draw, FIGURES_LEAST), draw_px(draw, FIGURES_MOST));
	int text, least;

	draw_fill(draw, area, THEME_PANEL);
	draw_fill(draw, (SDL_Rect){area.x, area.y, draw_px(draw, 2), area.h}, THEME_EDGE);
	draw_fill(draw, (SDL_Rect){area.x, area.y, area.w, draw_px(draw, 2)}, THEME_EDGE);
	if (!model->is_open) {
		draw_text_wrapped(draw, inner, SENTENCE, THEME_TEXT, DRAW_LEFT,
			_("There is no channel."));
		return;
	}
	if (sentence == NULL)
		sentence = choose_sentence(model, &colour);
	SDL_RenderSetClipRect(draw_renderer(draw), &area);
	row = cut_top(draw, &inner, figures);
	if (row.w > 0)
		draw_numbers(draw, row, model);
	text = sentence_height(draw, inner.w, sentence);
	least = text + draw_px(draw, GAP + CURVES_LEAST);
	/* If there is little room, omits the slots first, then the curves. */
	if (inner.h >= least + draw_px(draw, SLOTS_HEIGHT + GAP) || inner.h < least) {
		row = cut_top(draw, &inner, draw_px(draw, SLOTS_HEIGHT));
		if (row.w > 0)
			draw_slots(draw, row, model);
	}
	row = inner;
	row.h = text;
	if (inner.h >= least) {
		SDL_Rect chart = {inner.x, inner.y, inner.w, inner.h - text - draw_px(draw, GAP)};

		curves_draw(curves, draw, chart, WORD);
		row.y = inner.y + inner.h - text;
	}
	draw_text_wrapped(draw, row, SENTENCE, colour, DRAW_LEFT, sentence);
	SDL_RenderSetClipRect(draw_renderer(draw), NULL);
}
